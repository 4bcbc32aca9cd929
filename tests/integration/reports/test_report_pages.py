"""The pages of a report, as the lead assessor, the manager, the provider and a panel member use them."""

from __future__ import annotations

from app.domain.access import Role
from app.domain.lifecycle import ReportStatus
from app.extensions import db
from app.models import EvidenceItem, Report, ReportComment, ReportTemplate, ReportVersion, Scheme
from tests import factories as make
from tests.integration import reporting as on

STRENGTHS = 8


def test_a_report_goes_round_by_its_pages(app, client_for):
    case, assessment_id = on.assessed_case()
    assessor, lead, manager = client_for(case.assessor), client_for(case.lead), client_for(case.manager)
    assert "Begin the report" in assessor.get(f"/assessments/{assessment_id}").text
    assessor.post(f"/cases/{case.application_id}/report", data={})
    report = db.session.query(Report).one()
    desk = f"/reports/{report.id}"
    assert "What works well" in assessor.get(desk).text
    saved = assessor.post(f"{desk}/paragraphs/{STRENGTHS}", data={"text": "- They meet.\n- They listen.", "version": 1})
    assert saved.status_code == 302
    assert "<li>They listen.</li>" in assessor.get(desk).text
    assert "waits for your check" not in lead.get(f"/applications/{case.application_id}").text
    sent = manager.post(f"{desk}/send", data={"due_on-day": "30", "due_on-month": "11", "due_on-year": "2026"})
    assert sent.status_code == 302, sent.text
    assert "waits for your check until 30 Nov 2026" in lead.get(f"/applications/{case.application_id}").text
    check = f"/applications/{case.application_id}/report"
    assert "They listen." in lead.get(check).text
    lead.post(f"{check}/paragraphs/{STRENGTHS}", data={"comment": "We meet monthly.", "version": 0, "kind": "document"})
    assert "We meet monthly." not in assessor.get(desk).text  # it is the provider's own until it is handed in
    lead.post(f"{check}/hand-in", data={"said": "comments"})
    page = assessor.get(desk).text
    assert "We meet monthly." in page and "1 comment waits for an answer" in page
    comment = db.session.query(ReportComment).one()
    answer = f"{desk}/comments/{comment.id}"
    refused = assessor.post(answer, data={"answered": "not-accepted", "answer": ""})
    assert refused.status_code == 422 and "Say why it is not accepted" in refused.text
    assessor.post(answer, data={"answered": "not-accepted", "answer": "The minutes show ten meetings."})
    assert "The minutes show ten meetings." not in lead.get(check).text  # answers are told with a version
    assessor.post(f"{desk}/finish", data={})
    assert "Tick the box" in assessor.post(f"{desk}/sign", data={}).text
    assessor.post(f"{desk}/sign", data={"confirmed": "y"})
    assert db.session.get(Report, report.id).status is ReportStatus.SIGNED
    told = lead.get(check).text
    assert "The minutes show ten meetings." in told and "Version 2, signed" in told
    version = db.session.query(ReportVersion).filter_by(signed=True).one()
    read = lead.get(f"/report-versions/{version.id}").text
    assert "Signed by Assessor Ash" in read and version.sha256 in read
    file = lead.get(f"/report-versions/{version.id}/pdf")
    assert file.data.startswith(b"%PDF") and "signed.pdf" in file.headers["Content-Disposition"]
    assert lead.get(f"/report-versions/{version.id}/docx").data.startswith(b"PK")


def test_what_was_typed_stays_on_the_page_when_a_colleague_was_faster(app, client_for):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.write(case, report, STRENGTHS, "From the other window.")
    page = client_for(case.assessor).post(
        f"/reports/{report.id}/paragraphs/{STRENGTHS}", data={"text": "From this window.", "version": 1}
    )
    assert page.status_code == 409
    assert "From the other window." in page.text and "From this window." in page.text


def test_a_provider_shows_evidence_and_the_assessor_can_open_it(app, client_for):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.send(case, report)
    lead, assessor = client_for(case.lead), client_for(case.assessor)
    page = f"/applications/{case.application_id}/report/paragraphs/{STRENGTHS}"
    values = {
        "comment": "See our list.",
        "version": 0,
        "kind": "statement",
        "text": "Twelve meetings.",
        "title": "List",
    }
    assert lead.post(page, data=values).status_code == 302
    version = db.session.query(EvidenceItem).one().versions[0]
    view = f"/evidence/{version.id}/view"
    assert assessor.get(view).status_code in {403, 404}
    on.hand_in(case, report)
    assert "List" in assessor.get(f"/reports/{report.id}").text
    assert "Twelve meetings." in assessor.get(view).text


def test_versions_are_closed_to_another_provider_and_to_an_undeclared_assessor(app, client_for):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.send(case, report)
    version = db.session.query(ReportVersion).one()
    stranger = make.member(make.organisation())
    assert client_for(stranger).get(f"/report-versions/{version.id}").status_code == 404
    other = make.officer(case.scheme, Role.ASSESSOR)
    assert client_for(other).get(f"/report-versions/{version.id}/pdf").status_code == 403
    assert client_for(case.auditor).get(f"/report-versions/{version.id}").status_code == 200


def test_a_panel_is_not_called_while_the_provider_checks(app, client_for):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.send(case, report)
    plan = {"members": [each.id for each in case.sitters], "chair": case.sitters[1].id}
    plan |= {"meets_on-day": "30", "meets_on-month": "11", "meets_on-year": "2026"}
    page = client_for(case.manager).post(f"{case.url}/panel", data=plan)
    assert page.status_code == 422 and "The report is with the provider to check until" in page.text


def test_a_manager_changes_the_template_and_brings_an_earlier_one_back(app, client_for):
    case, _ = on.assessed_case()
    manager = client_for(case.manager)
    where = f"/schemes/{case.scheme.code}/report-template"
    wrong = {"source": "# Report on {provder}\n\n[finding]\n", "note": "", "version": 0}
    refused = manager.post(where, data=wrong)
    assert refused.status_code == 422
    assert "Line 1: There is nothing called {provder}. Did you mean {provider}?" in refused.text
    assert "Line 3: There is no part called [finding]. Did you mean [findings]?" in refused.text
    assert "# Report on {provder}" in refused.text
    right = {"source": "# Report on {provider}\n\nWe say: {level}.\n\n[findings]\n", "note": "Short.", "version": 0}
    seen = manager.post(where, data={**right, "then": "preview", "case": case.application_id}).text
    assert f"Report on {case.provider.name}" in seen and "No finding was recorded." in seen
    assert db.session.query(ReportTemplate).count() == 0
    assert manager.post(where, data=right).status_code == 302
    assert on.begun(case).title == f"Report on {case.provider.name}"
    stale = manager.post(where, data={**right, "source": right["source"] + "\nMore.\n"})
    assert stale.status_code == 409 and "More." in stale.text
    manager.post(f"{where}/versions/0", data={"version": 1})
    assert [row.version for row in db.session.query(ReportTemplate).order_by(ReportTemplate.version)] == [1, 2]
    assert client_for(case.auditor).post(where, data=right).status_code == 403


def test_a_scheme_that_asks_for_a_report_waits_for_its_signature(app):
    from app.queries.reports import report_stands_in_the_way

    case, _ = on.assessed_case()
    scheme = db.session.get(Scheme, case.scheme.id)
    scheme.details = {**scheme.details, "report": {"required": True, "check_days": 5}}
    db.session.commit()
    assert "Begin the report first" in report_stands_in_the_way(db.session(), case.application)
    on.signed(case)
    assert report_stands_in_the_way(db.session(), case.application) is None
