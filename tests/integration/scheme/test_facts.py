"""What the scheme itself establishes about a provider: it counts at once, is told, and no profile can touch it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.lifecycle import ApplicationStatus
from app.extensions import db
from app.models import AuditRow, MailMessage
from app.queries.outcomes import case_outcome
from app.services import applications, scheme_facts
from app.services.applications import Declaration
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import assess, submitted_case

WITH_LIMIT = make.SMALL_FRAMEWORK.replace(
    "  staff: {kind: count, title: How many people do you employ?}\n",
    "  staff: {kind: count, title: How many people do you employ?}\n"
    "  open_breach: {kind: yes-no, title: Is a breach open?}\n",
).replace(
    "award: {valid",
    "  limits:\n    - {when: {fact: {open_breach: true}}, at_most: not-yet, because: A breach is open.}\naward: {valid",
)


@pytest.fixture
def case(app):
    return submitted_case(WITH_LIMIT)


def outcome(case):
    db.session.expire_all()
    return case_outcome(db.session(), case.application, NOON.date())


def record(case, value, actor=None, source="Notice of the regulator, 2 Nov 2026."):
    who = actor or make.actor(case.manager)
    scheme_facts.record_facts(case.application_id, {"open_breach": value}, source, actor=who, now=NOON)


def test_a_breach_that_a_manager_records_holds_the_outcome_down_and_is_told(case, client_for):
    assess(case)
    assert outcome(case).level == "silver"
    office = client_for(case.manager)
    address = f"{case.url}/facts"
    assert "Is a breach open?" in office.get(address).text
    nothing_said = office.post(address, data={"fact_open_breach": "yes", "source": " "})
    assert nothing_said.status_code == 422 and "Say where this is from" in nothing_said.text
    sent = office.post(address, data={"fact_open_breach": "yes", "source": "Notice of 2 Nov 2026."})
    assert sent.location == case.url
    assert outcome(case).level is None
    letter = db.session.scalars(select(MailMessage).order_by(MailMessage.id.desc()).limit(1)).one()
    assert letter.recipient == case.lead.email
    assert "Is a breach open? Yes" in letter.text and "Notice of 2 Nov 2026." in letter.text
    row = db.session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).one()
    assert (row.action, row.detail["before"], row.detail["after"]) == (
        "application.facts-recorded",
        {"open_breach": None},
        {"open_breach": True},
    )
    assert "Notice of 2 Nov 2026" in office.get(case.url).text


def test_only_who_manages_the_case_records_and_only_while_it_goes_on(case):
    for person in (case.auditor, case.assessor, case.lead):
        with pytest.raises((NotAllowed, NotFound)):
            record(case, True, make.actor(person))
    applications.withdraw_application(case.application_id, "", actor=make.actor(case.lead), now=NOON)
    with pytest.raises(Conflict):
        record(case, True)


def test_what_is_recorded_stays_when_the_application_comes_back_and_no_profile_sets_it(case):
    record(case, True)
    application = case.application
    application.status = ApplicationStatus.DEFERRED
    case.provider.facts = {"staff": 0, "open_breach": False}
    for answer in application.answers:
        answer.point = 0
    db.session.commit()
    declared = Declaration("Ann Lead", "Chair", True)
    applications.submit(case.application_id, declared, actor=make.actor(case.lead), now=NOON)
    db.session.expire_all()
    assert (case.application.facts["open_breach"], case.application.facts["staff"]) == (True, 0)


def test_a_first_submission_takes_no_fact_of_the_scheme_from_the_profile(case):
    application = case.application
    application.status, application.facts = ApplicationStatus.DRAFT, {}
    for answer in application.answers:
        answer.point = 0
    case.provider.facts = {"staff": 2, "open_breach": False}
    db.session.commit()
    applications.submit(
        case.application_id, Declaration("Ann Lead", "Chair", True), actor=make.actor(case.lead), now=NOON
    )
    db.session.expire_all()
    assert "open_breach" not in case.application.facts


def test_the_case_leads_to_the_page_only_where_the_framework_leaves_something_to_the_scheme(case, client_for):
    assert f"{case.url}/facts" in client_for(case.manager).get(case.url).text
    assert f"{case.url}/facts" not in client_for(case.auditor).get(case.url).text
    plain = submitted_case()
    assert f"{plain.url}/facts" not in client_for(plain.manager).get(plain.url).text
