"""What a rule does to an award: as a change by hand would, with a name of its own in the trail, and never twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.lifecycle import ApplicationStatus, AwardStatus
from app.extensions import db
from app.models import AuditRow, Award, MailMessage, RegisterEntry, RegisterEvent
from app.services.award_rules import suspend_by_rule, withdraw_by_rule
from app.services.transactions import transaction
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import TODAY, submitted_case

WORDS = ("The finding on lone working is three weeks overdue.", "Suspended: something found was not put right in time.")


@pytest.fixture
def case(app):
    case = submitted_case(status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application))
    return case


def by_rule(rule, today=TODAY, **more) -> bool:
    with transaction() as session:
        award = session.scalars(select(Award)).one()
        return rule(session, award, *WORDS, NOON, today, **more)


def test_a_rule_suspends_as_a_manager_would_and_does_nothing_a_second_time(case):
    assert by_rule(suspend_by_rule, until=date(2027, 3, 1)) is True
    assert by_rule(suspend_by_rule, until=date(2027, 9, 1)) is False
    award = db.session.scalars(select(Award)).one()
    assert (award.status, award.status_on, award.status_reason) == (AwardStatus.SUSPENDED, TODAY, WORDS[1])
    assert award.suspended_until == date(2027, 3, 1)
    assert db.session.scalars(select(RegisterEntry)).one().status is AwardStatus.SUSPENDED
    assert [event.kind for event in db.session.scalars(select(RegisterEvent).order_by(RegisterEvent.id))][1:] == [
        "suspended"
    ]
    row = db.session.scalars(select(AuditRow)).one()
    assert (row.actor_id, row.actor_name, row.action) == (None, "By rule", "award.suspended")
    assert row.detail["before"] == "awarded" and row.detail["until"] == "2027-03-01"
    letter = db.session.scalars(select(MailMessage)).one()
    assert letter.recipient == case.lead.email and WORDS[0] in letter.text and "1 Mar 2027" in letter.text


def test_a_rule_takes_a_suspended_award_away_but_none_that_has_ended(case):
    by_rule(suspend_by_rule)
    assert by_rule(withdraw_by_rule) is True
    assert db.session.scalars(select(Award)).one().status is AwardStatus.WITHDRAWN
    assert by_rule(suspend_by_rule) is by_rule(withdraw_by_rule) is False


def test_a_rule_leaves_an_award_alone_that_has_run_out(case):
    after = db.session.scalars(select(Award.expires_on)).one() + timedelta(days=1)
    assert by_rule(suspend_by_rule, today=after) is False
    assert db.session.scalars(select(AuditRow)).all() == []
