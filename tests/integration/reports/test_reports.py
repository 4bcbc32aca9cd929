"""A report from the first words to the signature: who may do what, what is fixed when, and what is refused."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from app.backends.storage import MemoryStorage
from app.domain.errors import Conflict, IllegalMove, Incomplete, Invalid, NotAllowed
from app.domain.lifecycle import ApplicationStatus, ReportStatus
from app.domain.report import fingerprint, passages_from
from app.edge.backends import storage
from app.extensions import db
from app.models import Assessment, Report, ReportVersion, User
from app.queries.report_check_pages import check_page
from app.queries.report_desk import desk_page
from app.services import report_checks, report_issuing, reports
from app.services.reporting import Press
from tests import factories as make
from tests.conftest import NOON
from tests.integration import reporting as on
from tests.integration.casework import TODAY, submitted_case
from tests.integration.differing import differing

IN_SHORT, STRENGTHS, GAPS = 4, 8, 9


def version(report: Report, number: int) -> ReportVersion:
    return db.session.query(ReportVersion).filter_by(report_id=report.id, number=number).one()


def file(key: str) -> BytesIO:
    with storage().open(key) as kept:
        return BytesIO(kept.read())


def words_of_pdf(key: str) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(file(key)).pages)


def test_a_report_is_begun_from_the_template_with_the_case_in_it(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    assert report.title == f"Assessment report: {case.provider.name}"
    said = {row.number: row for row in report.paragraphs}
    assert case.provider.name in said[1].text and "{" not in "".join(row.text for row in report.paragraphs)
    assert "GOV.1.1 Trustees meet: Seen for GOV.1.1." in said[STRENGTHS].text
    assert "SAFE.1.1" in said[GAPS].text and "SAFE.1.1" not in said[STRENGTHS].text
    assert on.begun(case).id == report.id


def test_a_report_goes_to_the_provider_and_back_and_is_signed(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.write(case, report, STRENGTHS, "The trustees meet ten times a year.")
    on.send(case, report)
    on.comment(case, report, STRENGTHS, "They meet twelve times. The minutes show it.")
    on.hand_in(case, report)
    db.session.refresh(report)
    assert report.status is ReportStatus.ANSWERED
    with pytest.raises(Incomplete, match="comment on paragraph 8 first"):
        on.finish(case, report)
    comment = db.session.query(report_checks.ReportComment).one()
    on.write(case, report, STRENGTHS, "The trustees meet twelve times a year.", version=2)
    report_checks.answer_comment(
        report.id, comment.id, "accepted", "Thank you.", actor=make.actor(case.assessor), now=on.LATER, today=TODAY
    )
    on.finish(case, report)
    assert on.sign(case, report) == 2
    draft, signed = version(report, 1), version(report, 2)
    assert "ten times" in words_of_pdf(draft.pdf_key) and "DRAFT" in words_of_pdf(draft.pdf_key)
    paper = words_of_pdf(signed.pdf_key)
    assert "DRAFT" not in paper and "twelve times a year" in paper
    assert "They meet twelve times" in paper and "Accepted: the words were changed" in paper
    assert "Assessor Ash, lead assessor" in paper.replace("\n", " ")
    assert signed.sha256 == fingerprint(signed.title, passages_from(signed.content)) != draft.sha256
    word = Document(file(signed.docx_key))
    assert word.paragraphs[0].style.name == "Title" and "What works well" in [
        each.text for each in word.paragraphs if each.style.name == "Heading 1"
    ]


def test_a_panel_is_not_called_on_words_that_no_longer_match_the_scores(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.send(case, report)
    on.no_mistakes(case, report)
    on.finish(case, report)
    db.session.execute(db.text("UPDATE score SET point = 0 WHERE criterion_code = 'GOV.1.2'"))
    db.session.commit()
    with pytest.raises(Conflict, match="have changed since the report was finished"):
        on.sign(case, report)
    assert db.session.get(Report, report.id).status is ReportStatus.FINAL
    assert db.session.query(ReportVersion).count() == 1


def test_only_the_lead_assessor_writes_and_signs(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    with pytest.raises(NotAllowed):
        reports.write_paragraph(report.id, 1, "Mine.", 1, actor=make.actor(case.manager), now=NOON, today=TODAY)
    on.send(case, report)
    on.no_mistakes(case, report)
    on.finish(case, report)
    with pytest.raises(NotAllowed):
        report_issuing.sign_report(
            report.id, confirmed=True, press=on.press(), actor=make.actor(case.manager), now=NOON, today=TODAY
        )
    assert db.session.get(Report, report.id).status is ReportStatus.FINAL


def test_two_who_write_one_paragraph_at_once_overwrite_nothing(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.write(case, report, 1, "First.")
    with pytest.raises(reports.ParagraphChanged, match="Assessor Ash saved"):
        on.write(case, report, 1, "Second.")
    assert db.session.get(Report, report.id).paragraphs[0].text == "First."


def test_words_that_nobody_changed_go_on_following_the_scores(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    outcome = report.paragraphs[IN_SHORT - 1]
    before = outcome.text
    on.write(case, report, outcome.number, outcome.text)  # saved without a change
    assert outcome.updated_by_id is None and outcome.version == 1
    db.session.execute(db.text("UPDATE score SET point = 0"))
    db.session.commit()
    on.send(case, report)
    said = {each.number: each.content.text for each in passages_from(version(report, 1).content)}
    assert said[IN_SHORT] != before and said[IN_SHORT].endswith("with 0% in all.")


def test_what_a_provider_wrote_goes_on_after_a_report_was_taken_back(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.send(case, report)
    on.comment(case, report, 1, "Our name is spelt with one l.")
    report_issuing.take_back(report.id, "A page was missing.", actor=make.actor(case.manager), now=NOON, today=TODAY)
    assert desk_page(report.id, make.actor(case.assessor), TODAY).checks[0].comments == ()
    on.send(case, report)
    page = check_page(case.application_id, make.actor(case.lead))
    assert page.paragraphs[0].comment == "Our name is spelt with one l."
    on.hand_in(case, report)
    assert desk_page(report.id, make.actor(case.assessor), TODAY).unanswered == 1


def test_words_that_change_while_the_documents_are_made_are_not_sent(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    other = MemoryStorage(lambda: on.write(case, report, STRENGTHS, "Just now.") if not other.files else None)
    press = Press(other, on.press().font_dir)
    with pytest.raises(Conflict, match="changed while its documents were made"):
        report_issuing.send_report(
            report.id, on.DUE, press=press, actor=make.actor(case.manager), now=NOON, today=TODAY
        )
    assert db.session.get(Report, report.id).status is ReportStatus.DRAFT
    assert db.session.query(ReportVersion).count() == 0


def test_a_table_of_scores_cannot_be_typed(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    made = next(row for row in report.paragraphs if row.part == "scores by standard")
    with pytest.raises(Conflict, match="made from the scores"):
        on.write(case, report, made.number, "100%")


def test_nothing_changes_while_the_provider_checks(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    on.send(case, report)
    with pytest.raises(Conflict):
        on.write(case, report, 1, "Other words.")
    with pytest.raises(IllegalMove):
        on.send(case, report)
    with pytest.raises(IllegalMove):
        on.finish(case, report)


def test_a_provider_has_the_days_that_the_scheme_gives(app):
    case, _ = on.assessed_case()
    report = on.begun(case)
    with pytest.raises(Invalid, match="at least 10 working days"):
        report_issuing.send_report(
            report.id, TODAY, press=on.press(), actor=make.actor(case.manager), now=NOON, today=TODAY
        )
    assert db.session.get(Report, report.id).status is ReportStatus.DRAFT


def test_a_report_of_two_assessors_tells_what_was_settled_and_how_far_they_agreed(app):
    case = submitted_case(
        make.SMALL_FRAMEWORK.replace("assessors: 1", "assessors: 2"), status=ApplicationStatus.ASSESSED
    )
    differing(case.application, case.assessor)
    report = on.begun(case)
    said = {row.part: row.text for row in report.paragraphs}
    assert (
        "They gave the same score to 3 of the 4 criteria that more than one of them scored (75%)." in said["agreement"]
    )
    assert "differently" in said["agreement"]
    other = next(each for each in _assessors(case) if each.id != case.assessor.id)
    with pytest.raises(NotAllowed, match="lead assessor"):
        reports.write_paragraph(report.id, 1, "Mine.", 1, actor=make.actor(other), now=NOON, today=TODAY)


def _assessors(case) -> list[User]:
    return [
        db.session.get(User, each.assessor_id)
        for each in db.session.query(Assessment).filter_by(application_id=case.application_id)
    ]
