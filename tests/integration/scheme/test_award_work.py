"""The regular work on awards does on a day just what the dry run of that day said, and nothing a second time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.award_plan import ChangeKind
from app.domain.lifecycle import ApplicationStatus, AwardStatus, SurveillanceStatus
from app.extensions import db
from app.models import AuditRow, Award, AwardNotice, RegisterEvent, Surveillance
from app.queries.tonight import tonight
from app.services.award_warnings import may_lose
from app.services.award_work import look_after_awards
from app.services.transactions import transaction
from tests import factories as make
from tests.integration.casework import submitted_case
from tests.told import told

STRICT = make.SMALL_FRAMEWORK.replace(
    "restore_within: 6 months}",
    "restore_within: 6 months, surveillance_overdue: suspend, suspension: {at_most: 3 months, then: withdraw}}",
)
GRANTED = date(2026, 4, 1)


def awarded(source: str = STRICT, **values):
    case = submitted_case(source, status=ApplicationStatus.AWARDED)
    make.register_entry(make.award(case.application, **values))
    return case


@pytest.fixture
def case(app):
    return awarded()


def six(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, 0, tzinfo=UTC)


def foretold(day: date) -> list[tuple[int, ChangeKind]]:
    return [(each.award_id, each.kind) for each in tonight(db.session(), None, day)]


def happened() -> dict[str, list]:
    """All that the work can change."""
    db.session.expire_all()
    notices = db.session.execute(select(AwardNotice.award_id, AwardNotice.cause, AwardNotice.stage)).all()
    looks = db.session.execute(select(Surveillance.award_id, Surveillance.number, Surveillance.status)).all()
    awards = db.session.execute(select(Award.id, Award.status, Award.suspended_until)).all()
    trail = db.session.execute(select(AuditRow.action, AuditRow.subject_id).order_by(AuditRow.id)).all()
    return {"notices": sorted(notices), "looks": sorted(looks), "awards": sorted(awards), "trail": list(trail)}


def test_two_years_of_nights_are_as_foretold_and_end_a_silent_holder_by_rule_after_every_warning(case):
    strict, lenient = db.session.scalars(select(Award.id)).one(), awarded(make.SMALL_FRAMEWORK)
    day, seen = date(2026, 12, 1), []
    while day < date(2028, 12, 1):
        expected = foretold(day)
        assert look_after_awards(six(day)) == len(expected), day
        assert foretold(day) == [], f"{day}: nothing is left, and a second run does nothing"
        seen += [(day, kind) for award_id, kind in expected if award_id == strict]
        day += timedelta(days=1 if day < date(2027, 12, 1) else 7)
        db.session.expire_all()
    order = [
        (date(2027, 2, 1), ChangeKind.OPEN),
        (date(2027, 4, 2), ChangeKind.FALL_DUE),
        (date(2027, 6, 1), ChangeKind.SUSPEND),
        (date(2027, 9, 2), ChangeKind.WITHDRAW),
        (date(2027, 9, 2), ChangeKind.DROP),
    ]
    reminders = {ChangeKind.REMIND_RETURN, ChangeKind.REMIND_SUSPENDED, ChangeKind.WARN}
    assert [each for each in seen if each[1] not in reminders] == order
    assert [each for each in seen if each[1] is ChangeKind.WARN] == [
        (date(2027, 4, 2), ChangeKind.WARN),
        (date(2027, 7, 3), ChangeKind.WARN),
    ]
    strict, other = db.session.scalars(select(Award).order_by(Award.id)).all()
    assert (strict.status, other.status) == (AwardStatus.WITHDRAWN, AwardStatus.AWARDED)
    events = db.session.scalars(select(RegisterEvent.kind).order_by(RegisterEvent.id)).all()
    assert events == ["awarded", "awarded", "suspended", "withdrawn"]
    assert "from 1 Jun 2027" in next(each.subject for each in told(case.lead) if each.subject.startswith("Warning"))
    assert [each.subject for each in told(lenient.manager)] == [f"{lenient.provider.name}: decide what follows"] * 2, (
        "of the first and of the second year"
    )


def test_running_it_twice_on_a_day_changes_nothing_and_after_days_off_it_catches_up(case):
    look_after_awards(six(date(2027, 2, 20)))
    once = happened()
    assert look_after_awards(six(date(2027, 2, 20))) == 0
    assert happened() == once
    look = db.session.scalars(select(Surveillance)).one()
    assert (look.status, look.due_on) == (SurveillanceStatus.OPEN, date(2027, 4, 1))


def test_no_rule_takes_an_award_sooner_than_sixty_days_after_a_warning_that_went_out(case):
    due = date(2027, 1, 10)

    def asked(day: date) -> bool:
        with transaction() as session:
            award = session.scalars(select(Award)).one()
            return may_lose(session, award, "finding:12", due, "A finding is overdue.", six(day), day)

    assert asked(date(2027, 3, 1)) is False, "the work was down on the day: this is the first warning"
    assert asked(date(2027, 4, 29)) is False
    assert asked(date(2027, 4, 30)) is True
    letters = [each for each in told(case.lead) if each.subject.startswith("Warning")]
    assert len(letters) == 1 and "A finding is overdue." in letters[0].text
    rows = db.session.scalars(select(AuditRow).where(AuditRow.action == "award.warned")).all()
    assert [row.detail["from_day"] for row in rows] == ["2027-04-30"]


@pytest.mark.parametrize(
    ("moment", "last", "over"),
    [
        (datetime(2027, 3, 28, 22, 59, tzinfo=UTC), date(2027, 3, 28), False),
        (datetime(2027, 3, 28, 23, 0, tzinfo=UTC), date(2027, 3, 28), True),
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), date(2027, 3, 27), True),
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), date(2026, 10, 24), True),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25), False),
        (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), date(2026, 10, 25), True),
    ],
)
def test_a_suspension_is_over_at_midnight_in_the_united_kingdom_as_clocks_change(app, moment, last, over):
    awarded(make.SMALL_FRAMEWORK, status=AwardStatus.SUSPENDED, status_on=date(2026, 9, 1), suspended_until=last)
    look_after_awards(moment)
    stages = db.session.scalars(select(AwardNotice.stage).where(AwardNotice.cause.startswith("suspension"))).all()
    assert stages == [f"over:{last}" if over else f"1:{last}"]


def test_the_work_takes_as_many_statements_for_many_awards_as_for_one(app, count_statements):
    counts = []
    for more in (1, 30):
        for _ in range(more):
            awarded(make.SMALL_FRAMEWORK)
        db.session.expire_all()
        tonight(db.session(), None, date(2026, 12, 1))
        db.session.expire_all()
        with count_statements() as statements:
            assert tonight(db.session(), None, date(2026, 12, 1)) == []
        counts.append(len(statements))
    assert counts[0] == counts[1] < 8, counts
