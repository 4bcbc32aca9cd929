"""From describing an organisation to the certificate, as its people walk it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.extensions import db
from app.models import (
    Application,
    Assessment,
    AttachedEvidence,
    AuditRow,
    EvidenceItem,
    Membership,
    Organisation,
    Question,
)
from tests import factories
from tests.conftest import NOON
from tests.told import told

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
PROFILE = {
    "name": "Bay Befrienders",
    "kind": "registered-charity",
    "charity_number": "1123456",
    "summary": "Visits for people who live alone.",
    "postcode": "la11ht",
    "services": ["befriending"],
    "client_groups": ["older-people"],
    "areas-0": "lancaster",
    "areas-1": "",
    "fact_staff": "1,200",
    "website": "bay.example.org",
}
DECLARED = {"true": "y", "approved": "y", "shared": "y", "changes": "y", "name": "Ann Lead", "position": "Chair"}


def _count(kind) -> int:
    return db.session.scalar(select(func.count()).select_from(kind))


def _mail_to(person) -> list[str]:
    return [each.subject for each in told(person)]


def _answer_all(browser, application) -> None:
    for code in ("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2"):
        path = f"/applications/{application.id}/criteria/{code}"
        assert browser.post(path, data={"point": "2", "reason": f"Why {code}", "version": "0"}).status_code == 302


def _add_minutes(browser, application, content=PDF, **more):
    return browser.post(
        f"/applications/{application.id}/criteria/GOV.1.1/evidence",
        data={"kind": "document", "file": (BytesIO(content), "minutes.pdf"), "shows": "minutes", **more},
    )


def test_a_newcomer_describes_the_organisation_sees_what_is_asked_and_starts_once(client_for, storage):
    edition = factories.edition()
    newcomer = factories.user()
    browser = client_for(newcomer)
    assert "Describe your organisation" in browser.get("/provider").text

    done, again = (browser.post("/organisations/new", data=PROFILE) for _ in range(2))
    assert done.location == again.location
    organisation = db.session.scalars(select(Organisation)).one()
    assert (organisation.postcode, organisation.easting, organisation.area_code) == ("LA1 1HT", 347700, "E07000121")
    assert (organisation.areas, organisation.facts) == (["E07000121"], {"staff": 1200})
    assert organisation.website == "https://bay.example.org"
    assert db.session.scalars(select(Membership.role)).one() is Role.LEAD

    asked = browser.get(done.location).text
    assert "Asked because number of" in asked or "how many people do you employ" in asked.lower()
    assert "Minutes of the last four meetings" in asked
    start = f"/organisations/{organisation.id}/frameworks/{edition.id}/start"
    first, second = (browser.post(start, data={"target": "silver"}) for _ in range(2))
    assert first.location == second.location
    assert _count(Application) == 1
    home = browser.get(f"/organisations/{organisation.id}").text
    assert "0 of 4 answered" in home


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("charity_number", "12", "A charity number has 6 or 7 digits"),
        ("company_number", "XY1", "A company number has 8 characters"),
        ("postcode", "LA1 9ZZ", "We do not know this postcode"),
        ("postcode", "Lancaster", "Enter a full UK postcode"),
        ("areas-1", "Atlantis", "We do not know the council “Atlantis”"),
        ("kind", "made-up", "Choose what kind of organisation it is"),
        ("fact_staff", "a few", "must be a whole number"),
        ("website", "javascript:alert(1)", "Enter a web address"),
        ("summary", "x" * 301, "at most 300 characters"),
        ("name", " ", "Enter the name"),
    ],
)
def test_what_cannot_be_right_in_a_profile_is_named_and_nothing_typed_is_lost(
    client_for, storage, field, typed, sentence
):
    factories.edition()
    browser = client_for(factories.user())
    response = browser.post("/organisations/new", data={**PROFILE, "description": "Words that stay", field: typed})
    assert response.status_code == 422
    assert sentence in response.text and "Words that stay" in response.text
    assert field == "kind" or typed.strip() in response.text
    assert _count(Organisation) == 0


def test_a_charity_number_that_is_here_already_leads_to_its_people(client_for, storage):
    factories.organisation(name="First Here", charity_number="1123456")
    response = client_for(factories.user()).post("/organisations/new", data=PROFILE)
    assert response.status_code == 422
    assert "First Here" in response.text and "invite you as a colleague" in response.text


def test_two_colleagues_who_edit_the_profile_are_told_and_lose_nothing(browser, client_for, provider):
    factories.edition()
    path = f"/organisations/{provider.id}/profile"
    colleague = client_for(factories.member(provider))
    assert colleague.post(path, data={**PROFILE, "summary": "What Rose wrote", "version": "1"}).status_code == 302
    clash = browser.post(path, data={**PROFILE, "summary": "What I wrote", "version": "1"})
    assert clash.status_code == 409
    assert "What Rose wrote" in clash.text and "What I wrote" in clash.text
    again = browser.post(path, data={**PROFILE, "summary": "What I wrote", "version": "2"})
    assert again.status_code == 302
    assert db.session.scalars(select(Organisation.summary)).one() == "What I wrote"


def test_an_unfinished_application_is_not_submitted_and_names_every_gap(browser, draft):
    _answer_all(browser, draft)
    page = browser.get(f"/applications/{draft.id}/submit").text
    assert "No evidence is attached. Needed: Minutes of the last four meetings." in page
    assert "Declare and submit" not in page
    refused = browser.post(f"/applications/{draft.id}/submit", data=DECLARED)
    assert refused.status_code == 422 and "GOV.1.1 is not finished yet" in refused.text
    assert db.session.get(Application, draft.id).status is ApplicationStatus.DRAFT


def test_submitting_freezes_facts_pins_versions_tells_both_sides_and_happens_once(browser, draft, lead, provider):
    manager = factories.officer(draft.edition.scheme, Role.MANAGER)
    _answer_all(browser, draft)
    _add_minutes(browser, draft)
    path = f"/applications/{draft.id}/submit"
    unticked = browser.post(path, data={**DECLARED, "approved": ""})
    assert unticked.status_code == 422 and "Ann Lead" in unticked.text

    answers = [browser.post(path, data=DECLARED).location for _ in range(2)]
    assert answers == [f"/applications/{draft.id}/submitted"] * 2
    stored = db.session.get(Application, draft.id)
    assert stored.status is ApplicationStatus.SUBMITTED
    assert stored.facts == {"staff": 3, "services": ["befriending"], "client_groups": ["older-people"]}
    assert stored.declared_by == "Ann Lead, Chair"
    assert db.session.scalars(select(AttachedEvidence.version_id)).one() is not None
    assert len(_mail_to(lead)) == 1 and len(_mail_to(manager)) == 1
    rows = select(func.count()).where(AuditRow.action == "application.submitted")
    assert db.session.scalar(rows) == 1
    assert "16 Nov 2026 at 12:00" in browser.get(answers[0]).text

    provider.facts = {"staff": 0}
    db.session.commit()
    assert "Your answers (4)" in browser.get(f"/applications/{draft.id}").text


def test_only_a_lead_submits_and_nobody_else_sees_the_application(client_for, provider, draft):
    contributor = client_for(factories.member(provider, Role.CONTRIBUTOR))
    assert contributor.get(f"/applications/{draft.id}").status_code == 200
    assert contributor.post(f"/applications/{draft.id}/submit", data=DECLARED).status_code == 403
    stranger = client_for(factories.member(factories.organisation()))
    for path in ("", "/missing", "/questions", "/submitted", "/criteria/GOV.1.1"):
        assert stranger.get(f"/applications/{draft.id}{path}").status_code == 404


def test_a_withdrawn_application_stays_readable_and_another_can_be_started(browser, draft, provider):
    browser.post(f"/applications/{draft.id}/withdraw", data={"reason": "Too early"})
    assert db.session.get(Application, draft.id).status is ApplicationStatus.WITHDRAWN
    assert browser.get(f"/applications/{draft.id}/criteria/GOV.1.1").status_code == 200
    path = f"/organisations/{provider.id}/frameworks/{draft.edition_id}/start"
    assert browser.post(path, data={"target": "bronze"}).location != f"/applications/{draft.id}"


def _question(application, assessor, **values) -> Question:
    assessment = factories.save(
        Assessment(
            application_id=application.id,
            assessor_id=assessor.id,
            status=AssessmentStatus.OPEN,
            assigned_at=NOON,
            assigned_by_id=assessor.id,
        )
    )
    return factories.save(
        Question(
            assessment_id=assessment.id,
            application_id=application.id,
            criterion_code="GOV.1.1",
            text="Which meetings were quorate?",
            asked_at=NOON,
            due_on=NOON.date() + timedelta(days=14),
            **values,
        )
    )


def test_a_question_is_replied_to_once_with_evidence_pinned_to_its_criterion(browser, draft, provider):
    assessor = factories.officer(draft.edition.scheme, Role.ASSESSOR)
    draft.status = ApplicationStatus.IN_ASSESSMENT
    question = _question(draft, assessor)
    path = f"/applications/{draft.id}/questions/{question.id}"
    assert "30 Nov 2026" in browser.get(f"/organisations/{provider.id}").text
    bad = browser.post(path, data={"reply": "", "kind": "link", "url": "https://example.org/a", "title": "Kept title"})
    assert bad.status_code == 422 and "Write your reply" in bad.text and "Kept title" in bad.text
    data = {"reply": "All four.", "kind": "link", "url": "example.org/minutes", "title": "Minutes online"}
    assert browser.post(path, data=data).status_code == 302
    attached = db.session.scalars(select(AttachedEvidence)).one()
    assert attached.criterion_code == "GOV.1.1" and attached.version_id is not None
    assert _mail_to(assessor) == [f"{provider.name} has replied on GOV.1.1"]
    late = browser.post(path, data={"reply": "Another reply", "kind": "document"})
    assert late.status_code == 409 and "Another reply" in late.text
    assert "All four." in browser.get(f"/applications/{draft.id}/questions").text


def test_after_the_award_the_provider_reads_why_and_downloads_the_certificate(
    browser, client_for, draft, storage, provider
):
    draft.status = ApplicationStatus.AWARDED
    stored = storage.put(BytesIO(PDF))
    award = factories.award(draft, certificate_key=stored.key)
    assert "31 Mar 2029" in browser.get(f"/organisations/{provider.id}").text
    assert browser.get(f"/applications/{draft.id}/result").status_code == 200
    file = browser.get(f"/awards/{award.id}/certificate.pdf")
    assert file.data == PDF and "attachment" in file.headers["Content-Disposition"]
    stranger = client_for(factories.member(factories.organisation()))
    assert stranger.get(f"/awards/{award.id}/certificate.pdf").status_code == 404


def test_a_deferred_application_can_be_changed_and_submitted_again(browser, draft):
    _answer_all(browser, draft)
    _add_minutes(browser, draft)
    draft.status = ApplicationStatus.DEFERRED
    db.session.commit()
    again = {"point": "3", "reason": "Reviewed since", "version": "1"}
    assert browser.post(f"/applications/{draft.id}/criteria/GOV.1.1", data=again).status_code == 302
    assert browser.post(f"/applications/{draft.id}/submit", data=DECLARED).status_code == 302
    assert db.session.get(Application, draft.id).status is ApplicationStatus.SUBMITTED


def test_evidence_that_runs_out_is_told_where_it_stands_and_among_the_next_things(browser, provider, draft, clock):
    data = {
        "kind": "link", "url": "https://example.org/insurance", "title": "Insurance",
        "expires_on-day": "1", "expires_on-month": "12", "expires_on-year": "2026",
    }  # fmt: skip
    browser.post(f"/organisations/{provider.id}/evidence/new", data=data)
    assert _count(EvidenceItem) == 1
    item_id = db.session.scalars(select(EvidenceItem.id)).one()
    browser.post(f"/applications/{draft.id}/criteria/GOV.1.1/attach", data={"item": item_id})
    assert "It has run out" not in browser.get(f"/applications/{draft.id}/criteria/GOV.1.1").text
    clock.forward(days=16)
    assert "It has run out" in browser.get(f"/applications/{draft.id}/criteria/GOV.1.1").text
    clock.forward(days=-16)
    assert "runs out on 1 Dec 2026" in browser.get(f"/organisations/{provider.id}").text
