"""What the regular work would do to an award on a day: when it asks, reminds, warns, and takes away."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.award_plan import AwardFacts, ChangeKind, Look, at, loss_from, plan
from app.domain.duration import Duration
from app.domain.lifecycle import AwardStatus, SurveillanceStatus
from app.domain.terms import AfterSuspension, AwardTerms, LateReturn, SuspensionTerms

GRANTED = date(2026, 4, 1)
DUE = date(2027, 4, 1)
STRICT = AwardTerms(surveillance_overdue=LateReturn.SUSPEND, suspension=SuspensionTerms(then=AfterSuspension.WITHDRAW))
AWARD = AwardFacts(
    award_id=1,
    status=AwardStatus.AWARDED,
    status_on=GRANTED,
    counted_from=GRANTED,
    expires_on=date(2029, 3, 31),
    terms=AwardTerms(),
)


def kinds(award: AwardFacts, day: date) -> list[ChangeKind]:
    return [change.kind for change in plan(award, day)]


def looked_at(status: SurveillanceStatus = SurveillanceStatus.OPEN, **values) -> AwardFacts:
    look = Look(1, status, values.pop("opened_on", date(2027, 2, 1)), values.pop("due_on", DUE))
    return replace(AWARD, looks=(look,), **values)


def suspended(until: date, **values) -> AwardFacts:
    since = values.pop("status_on", date(2026, 11, 1))
    values.setdefault("looks", (Look(1, SurveillanceStatus.ACCEPTED, date(2027, 2, 1), DUE),))
    return replace(AWARD, status=AwardStatus.SUSPENDED, status_on=since, suspended_until=until, **values)


def test_a_surveillance_opens_two_months_ahead_and_not_a_day_sooner():
    assert kinds(AWARD, date(2027, 1, 31)) == []
    change = plan(AWARD, date(2027, 2, 1))[0]
    assert (change.kind, change.cause, change.on) == (ChangeKind.OPEN, "surveillance:1", DUE)


def test_after_a_long_outage_the_newest_is_asked_for_alone_and_with_four_weeks_to_answer():
    changes = plan(AWARD, date(2028, 4, 10))
    assert [(change.kind, change.cause, change.on) for change in changes] == [
        (ChangeKind.OPEN, "surveillance:2", date(2028, 5, 8))
    ]


def test_a_return_is_reminded_of_at_each_stage_and_those_missed_are_made_up_for_by_the_next():
    award = looked_at()
    assert kinds(award, date(2027, 3, 3)) == []
    stages = [plan(award, date(2027, 3, day))[0].stage for day in (4, 18, 20, 25, 31)]
    assert stages == [at(28, DUE), at(14, DUE), at(14, DUE), at(7, DUE), at(1, DUE)]
    given = {("surveillance:1", at(7, DUE)): date(2027, 3, 25)}
    assert kinds(replace(award, given=given), date(2027, 3, 29)) == []


def test_an_overdue_return_is_called_so_the_day_after_its_day_and_the_office_hears_of_it_two_months_later():
    assert kinds(looked_at(), DUE) == [ChangeKind.REMIND_RETURN]
    assert kinds(looked_at(), DUE + timedelta(days=1)) == [ChangeKind.FALL_DUE]
    late = looked_at(SurveillanceStatus.OVERDUE, given={("surveillance:1", at("late", DUE)): date(2027, 4, 2)})
    assert kinds(late, date(2027, 5, 31)) == []
    assert kinds(late, date(2027, 6, 1)) == [ChangeKind.TELL_OFFICE]


def test_a_scheme_that_suspends_for_it_warns_with_the_lateness_and_suspends_sixty_days_after_the_warning():
    assert kinds(looked_at(terms=STRICT), DUE + timedelta(days=1)) == [ChangeKind.WARN, ChangeKind.FALL_DUE]
    given = {
        ("surveillance:1", at("late", DUE)): date(2027, 4, 2),
        ("surveillance:1", at("warned", DUE)): date(2027, 4, 2),
    }
    late = looked_at(SurveillanceStatus.OVERDUE, terms=STRICT, given=given)
    assert kinds(late, date(2027, 5, 31)) == []
    assert kinds(late, date(2027, 6, 1)) == [ChangeKind.SUSPEND]
    done = replace(late, given={**given, ("surveillance:1", at("done", DUE)): date(2027, 6, 1)})
    assert kinds(done, date(2027, 7, 1)) == [], "a manager who reinstates it is not overruled the next night"


def test_a_warning_that_never_went_out_puts_the_loss_off_until_sixty_days_after_one_has():
    late = looked_at(SurveillanceStatus.OVERDUE, terms=STRICT, due_on=date(2027, 4, 1))
    assert kinds(late, date(2027, 12, 1)) == [ChangeKind.WARN]
    warned = replace(late, given={("surveillance:1", at("warned", DUE)): date(2027, 12, 1)})
    assert kinds(warned, date(2028, 1, 29)) == []
    assert kinds(warned, date(2028, 1, 30)) == [ChangeKind.SUSPEND]
    assert loss_from(None, DUE) is None
    assert loss_from(date(2027, 3, 31), DUE) == date(2027, 5, 30)
    assert loss_from(date(2026, 1, 1), DUE) == DUE


def test_a_suspension_counts_down_and_then_waits_for_the_office_unless_the_terms_withdraw():
    until = date(2027, 5, 1)
    assert [kinds(suspended(until), date(2027, 4, day)) for day in (2, 3)] == [[], [ChangeKind.REMIND_SUSPENDED]]
    assert kinds(suspended(until), until) == [ChangeKind.REMIND_SUSPENDED]
    assert kinds(suspended(until), date(2027, 5, 2)) == [ChangeKind.TELL_OFFICE]
    strict = suspended(until, terms=STRICT)
    assert kinds(strict, date(2027, 3, 1)) == []
    assert kinds(strict, date(2027, 3, 2)) == [ChangeKind.WARN]
    warned = replace(strict, given={("suspension:2026-11-01", at("warned", until)): date(2027, 3, 2)})
    assert ChangeKind.WITHDRAW not in kinds(warned, until)
    assert kinds(warned, date(2027, 5, 2)) == [ChangeKind.WITHDRAW]


def test_a_suspension_that_is_prolonged_is_warned_of_anew():
    old, new = date(2027, 5, 1), date(2027, 6, 1)
    given = {("suspension:2026-11-01", at("warned", old)): date(2027, 3, 2)}
    assert kinds(suspended(new, terms=STRICT, given=given), date(2027, 6, 2)) == [ChangeKind.WARN]


def test_an_award_that_is_withdrawn_leaves_no_surveillance_open():
    until = date(2027, 5, 1)
    given = {("suspension:2026-11-01", at("warned", until)): date(2027, 3, 1)}
    look = Look(1, SurveillanceStatus.RETURNED, date(2027, 2, 1), DUE)
    award = suspended(until, terms=STRICT, given=given, looks=(look,))
    assert kinds(award, date(2027, 5, 2)) == [ChangeKind.WITHDRAW, ChangeKind.DROP]
    ended = replace(award, status=AwardStatus.SURRENDERED, suspended_until=None)
    assert kinds(ended, date(2027, 5, 2)) == [ChangeKind.DROP]


@pytest.mark.parametrize(
    ("ahead", "stage"),
    [(200, ""), (182, "opens"), (61, "opens"), (60, "60"), (31, "60"), (30, "30"), (8, "14"), (0, "7")],
)
def test_expiry_is_told_when_renewal_opens_and_four_times_after(ahead, stage):
    about = [each for each in plan(AWARD, AWARD.expires_on - timedelta(days=ahead)) if each.cause == "expiry"]
    assert [each.stage for each in about] == ([stage] if stage else [])


def test_a_holder_is_told_six_months_ahead_where_renewal_opens_later_and_once_it_has_run_out():
    later = replace(AWARD, terms=AwardTerms(renewal_opens=Duration(months=3)))
    stages = [
        [each.stage for each in plan(later, later.expires_on - timedelta(days=days)) if each.cause == "expiry"]
        for days in (181, 180, 100, 89)
    ]
    assert stages == [[], ["180"], ["180"], ["opens"]]
    assert kinds(AWARD, AWARD.expires_on + timedelta(days=1)) == [ChangeKind.TELL_EXPIRED]
    assert kinds(AWARD, AWARD.expires_on + timedelta(days=32)) == []
    replaced = replace(AWARD, status=AwardStatus.REPLACED)
    assert kinds(replaced, AWARD.expires_on + timedelta(days=1)) == []
