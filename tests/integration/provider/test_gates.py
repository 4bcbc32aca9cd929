"""Who may apply, and what a self-assessment has to come to before it is handed in."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from app.domain.errors import Incomplete
from app.domain.gates import GateState
from app.domain.lifecycle import ApplicationStatus, AwardStatus
from app.extensions import db
from app.models import Answer, Application
from app.queries.gates import gates_to_submit
from app.queries.self_assessments import self_assessment_of
from app.services import applications
from app.services.applications import Declaration
from tests import factories
from tests.conftest import NOON

GATED = (
    factories.SMALL_FRAMEWORK.replace(
        "facts:\n", "facts:\n  income: {kind: money, title: Income in the last year}\n"
    ).replace("{code: silver, title: Silver}", "{code: silver, title: Silver, after: {level: bronze, held: 12 months}}")
    + """
gates:
  - code: small
    title: Who can apply
    before: application
    facts: {income: {below: 1000000}}
    because: This mark is for organisations with an income under £1,000,000.
  - code: desk
    title: Desk review
    before: assessment
    self_assessment: {at_least: 60%, required: claimed}
    because: We visit only where the mark is within reach.
"""
)
DECLARED = Declaration("Ann Lead", "Chair", True)
POSTED = {"true": "y", "approved": "y", "shared": "y", "changes": "y", "name": "Ann Lead", "position": "Chair"}


@pytest.fixture
def edition(storage):
    return factories.edition(source=GATED)


def _answered(organisation, edition, lead, *points):
    application = factories.application(organisation, edition, started_by=lead)
    for code, point in zip(("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2"), points, strict=True):
        answer = Answer(
            application_id=application.id,
            criterion_code=code,
            point=point,
            reason="We do this.",
            updated_at=NOON,
            updated_by_id=lead.id,
        )
        factories.save(answer)
    return application


def test_whoever_is_not_eligible_reads_why_and_cannot_start(edition, client_for):
    large = factories.organisation(facts={"staff": 3, "income": 1_000_000})
    lead = factories.member(large)
    browser = client_for(lead)
    page = browser.get(f"/organisations/{large.id}/frameworks/{edition.id}").text
    assert "You cannot apply for this" in page
    assert "This mark is for organisations with an income under £1,000,000." in page
    assert "As things stand, income in the last year is £1,000,000, at least £1,000,000." in page
    assert "Start the application" not in page
    refused = browser.post(f"/organisations/{large.id}/frameworks/{edition.id}/start", data={"target": "bronze"})
    assert refused.status_code == 422
    assert "This mark is for organisations" in refused.text
    assert db.session.scalar(select(func.count(Application.id))) == 0


def test_an_organisation_that_has_not_said_its_income_may_start_and_is_asked_for_it(edition, client_for):
    silent = factories.organisation(facts={"staff": 3})
    lead = factories.member(silent)
    browser = client_for(lead)
    page = browser.get(f"/organisations/{silent.id}/frameworks/{edition.id}").text
    assert "Not known yet: Income in the last year." in page
    assert "The self-assessment has to stand at 60% or more and claim every required point." in page
    assert "Silver comes after Bronze held for 12 months, and Bronze is not held now." in page
    started = browser.post(f"/organisations/{silent.id}/frameworks/{edition.id}/start", data={"target": "bronze"})
    assert started.status_code == 302
    application = db.session.scalars(select(Application)).one()
    with pytest.raises(Incomplete, match="profile of your organisation is not complete"):
        applications.submit(application.id, DECLARED, actor=factories.actor(lead), now=NOON)


def test_one_that_outgrew_the_mark_meanwhile_cannot_hand_in(edition):
    grown = factories.organisation(facts={"staff": 3, "income": 999_999})
    actor = factories.actor(factories.member(grown))
    started = applications.start_application(grown.id, edition.id, "bronze", actor=actor, now=NOON)
    grown.facts = {"staff": 3, "income": 1_000_000}
    db.session.commit()
    work = self_assessment_of(db.session(), db.session.get(Application, started))
    assert [result.state for result in gates_to_submit(work)] == [GateState.FAILED, GateState.FAILED]


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ((1, 1, 2, 0), "The self-assessment stands at 33.33%, and 60% is needed."),
        ((0, 3, 3, 3), "GOV.1.1 is a required point that the self-assessment does not claim."),
    ],
)
def test_the_desk_review_refuses_what_is_out_of_reach_and_says_by_how_much(storage, client_for, points, words):
    bare = GATED.replace(
        "            evidence: [{kind: document, code: minutes, title: Minutes of the last four meetings}]\n", ""
    )
    edition = factories.edition(source=bare)
    small = factories.organisation(facts={"staff": 3, "income": 1000})
    lead = factories.member(small)
    application = _answered(small, edition, lead, *points)
    browser = client_for(lead)
    missing = browser.get(f"/applications/{application.id}/missing").text
    assert "It cannot be submitted as it stands now." in missing
    assert words in missing
    assert "the scheme asks more of the whole" in browser.get(f"/applications/{application.id}").text
    assert "Declare and submit" not in browser.get(f"/applications/{application.id}/submit").text
    refused = browser.post(f"/applications/{application.id}/submit", data=POSTED)
    assert refused.status_code == 422
    assert "We visit only where the mark is within reach." in refused.text
    assert words in refused.text
    db.session.expire_all()
    assert application.status is ApplicationStatus.DRAFT
    for answer in application.answers:
        answer.point = 2
    db.session.commit()
    assert browser.post(f"/applications/{application.id}/submit", data=POSTED).status_code == 302


def test_a_level_that_was_held_long_enough_in_an_earlier_edition_is_open(edition, client_for):
    holder = factories.organisation(facts={"staff": 3, "income": 1000})
    lead = factories.member(holder)
    before = factories.edition(of=edition.scheme, code=edition.code, edition="2025")
    done = factories.application(holder, before, status=ApplicationStatus.AWARDED)
    award = factories.award(done, level="bronze", granted_on=date(2025, 11, 16), expires_on=date(2028, 11, 15))
    page = f"/organisations/{holder.id}/frameworks/{edition.id}"
    assert "Silver comes after" not in client_for(lead).get(page).text
    award.granted_on = date(2025, 11, 17)
    db.session.commit()
    assert "it is held since 17 Nov 2025, so not before 17 Nov 2026." in client_for(lead).get(page).text
    award.status, award.status_on, award.granted_on = AwardStatus.SUSPENDED, date(2026, 11, 1), date(2020, 1, 1)
    db.session.commit()
    assert "and Bronze is not held now." in client_for(lead).get(page).text
