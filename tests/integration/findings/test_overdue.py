"""Findings by the clock: reminders ahead, and what being overdue costs, once and after a warning."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from app.domain.corrective import Given
from app.domain.findings import FindingSource
from app.domain.lifecycle import ApplicationStatus, AwardStatus, FindingMove, FindingStatus
from app.domain.uk_time import UK
from app.edge.backends import storage
from app.extensions import db
from app.models import AuditRow, Award, Finding, MailMessage
from app.services.finding_checks import allow_more_time
from app.services.finding_daily import do_overdue_findings
from app.services.findings import raise_after_award
from tests import factories as make
from tests.conftest import NOON
from tests.finding_framework import WITH_FINDINGS
from tests.integration.casework import TODAY, Case, submitted_case
from tests.integration.findings.cases import assessed_with, check, finding, put_right

MINOR_AFTERWARDS = Given("GOV.1.1", "minor", "Minutes are not signed", "None of the four sets of minutes is signed.")
LAST_DAY = date(2027, 5, 16)


@pytest.fixture
def holder(app) -> Case:
    """A case that was awarded, with its entry on the register."""
    case = submitted_case(WITH_FINDINGS, status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application))
    return case


@pytest.fixture
def found(holder) -> int:
    """A minor finding from surveillance, told today."""
    return raise_after_award(
        holder.application_id,
        MINOR_AFTERWARDS,
        FindingSource.SURVEILLANCE,
        actor=make.actor(holder.manager),
        now=NOON,
        today=TODAY,
    )


def run(day: date) -> int:
    return do_overdue_findings(datetime.combine(day, time(6), UK))


def run_through(first: date, last: date) -> int:
    return sum(run(first + timedelta(days=number)) for number in range((last - first).days + 1))


def award() -> Award:
    db.session.rollback()
    return db.session.scalars(select(Award)).one()


def subjects() -> list[str]:
    return list(db.session.scalars(select(MailMessage.subject).order_by(MailMessage.id)))


def test_each_stage_before_the_last_day_is_reminded_of_once(found):
    run_through(TODAY, LAST_DAY)
    ahead = [each for each in subjects() if "Minutes are not signed" in each]
    assert ahead == [
        f"{words}: Minutes are not signed"
        for words in (
            "30 days left",
            "14 days left",
            "7 days left",
            "Tomorrow is the last day",
            "Today is the last day",
        )
    ]
    assert sum("may be suspended" in each for each in subjects()) == 1, "sixty days ahead, of the loss itself"
    assert run(LAST_DAY) == 0


def test_what_is_overdue_suspends_the_award_on_the_next_day_and_only_then(found):
    run_through(LAST_DAY - timedelta(days=60), LAST_DAY)
    assert award().status is AwardStatus.AWARDED
    assert run(LAST_DAY + timedelta(days=1)) == 1
    assert award().status is AwardStatus.SUSPENDED
    assert finding(found).acted_on == LAST_DAY + timedelta(days=1)
    acted = db.session.scalars(select(AuditRow).where(AuditRow.action == "award.suspended")).one()
    assert "Minutes are not signed" in acted.detail["reason"] and acted.actor_name == "By rule"
    assert run(LAST_DAY + timedelta(days=2)) == 0


def test_after_days_off_nothing_is_lost_without_a_warning_of_sixty_days(found):
    late = LAST_DAY + timedelta(days=20)
    run(late)
    assert award().status is AwardStatus.AWARDED
    run_through(late + timedelta(days=1), late + timedelta(days=59))
    assert award().status is AwardStatus.AWARDED
    run(late + timedelta(days=61))
    assert award().status is AwardStatus.SUSPENDED


def test_what_was_offered_in_time_costs_nothing_while_the_scheme_looks_at_it(found, holder):
    run_through(LAST_DAY - timedelta(days=60), LAST_DAY - timedelta(days=1))
    put_right(holder, found, storage(), now=datetime.combine(LAST_DAY, time(12), UK))
    run_through(LAST_DAY, LAST_DAY + timedelta(days=30))
    assert award().status is AwardStatus.AWARDED
    returned = LAST_DAY + timedelta(days=30)
    check(holder, found, FindingMove.RETURN_EVIDENCE, "Two are missing.", now=datetime.combine(returned, time(12), UK))
    assert finding(found).due_on == returned + timedelta(days=14), "a fortnight at least to send the rest"


def test_more_time_moves_the_last_day_and_what_follows_from_it(found, holder):
    later = LAST_DAY + timedelta(days=90)
    allow_more_time(
        found, later, "The chair was ill.", version=2, actor=make.actor(holder.manager), now=NOON, today=TODAY
    )
    run_through(LAST_DAY, LAST_DAY + timedelta(days=5))
    assert award().status is AwardStatus.AWARDED and finding(found).due_on == later
    moved = db.session.scalars(select(AuditRow).where(AuditRow.action == "finding.more-time")).one()
    assert (moved.detail["before"], moved.detail["after"]) == (LAST_DAY.isoformat(), later.isoformat())


def test_a_framework_without_findings_holds_nothing_and_takes_nothing_away(app):
    case = submitted_case(status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application))
    given = Given("GOV.1.1", "major", "No minutes", "There are none.", TODAY + timedelta(days=30))
    who = {"actor": make.actor(case.manager), "now": NOON, "today": TODAY}
    raise_after_award(case.application_id, given, FindingSource.COMPLAINT, **who)
    run_through(TODAY + timedelta(days=25), TODAY + timedelta(days=120))
    assert award().status is AwardStatus.AWARDED
    assert db.session.scalars(select(Finding.status)).one() is FindingStatus.OPEN
    assert any(each.startswith("Overdue") for each in subjects())


def test_findings_after_the_award_become_a_graver_one_by_rule_and_both_are_told_at_once(found, holder):
    second = Given("GOV.1.2", "minor", "Nobody was told", "New trustees were told nothing.")
    who = {"actor": make.actor(holder.manager), "now": NOON, "today": TODAY}
    raise_after_award(holder.application_id, second, FindingSource.COMPLAINT, **who)
    every = db.session.scalars(select(Finding).order_by(Finding.id)).all()
    assert [(each.place, each.grade, each.status) for each in every] == [
        ("GOV.1.1", "minor", FindingStatus.OPEN),
        ("GOV.1.2", "minor", FindingStatus.OPEN),
        ("GOV", "major", FindingStatus.OPEN),
    ]
    assert {each.escalated_into_id for each in every[:2]} == {every[2].id}
    assert every[2].due_on == date(2027, 2, 16) and every[2].award_id == award().id
    assert sum("2 findings to look at" in each for each in subjects()) == 1


def test_nobody_is_reminded_of_what_was_found_in_an_application_that_was_withdrawn(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = assessed_with(case)
    application = case.application
    application.status = ApplicationStatus.WITHDRAWN
    db.session.commit()
    before = len(subjects())
    assert run_through(LAST_DAY - timedelta(days=61), LAST_DAY + timedelta(days=2)) == 0
    assert len(subjects()) == before and finding(finding_id).status is FindingStatus.OPEN
