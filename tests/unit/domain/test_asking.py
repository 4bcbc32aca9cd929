"""When a reply to an assessor is due and reminded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.asking import check_due, check_extension, reminder_due
from app.domain.errors import Invalid

TODAY = date(2026, 11, 16)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_without_a_day_the_provider_has_two_weeks():
    assert check_due(None, TODAY) == days(14)


@pytest.mark.parametrize("left", [-1, 0, 2, 91])
def test_a_day_too_near_or_too_far_is_refused(left):
    with pytest.raises(Invalid):
        check_due(days(left), TODAY)


def test_more_time_means_a_later_day_and_a_reason():
    assert check_extension(days(2), days(9), "Holidays.", TODAY) == days(9)
    for later, reason in ((days(2), "Holidays."), (None, "Holidays."), (days(9), " "), (days(91), "Holidays.")):
        with pytest.raises(Invalid):
            check_extension(days(2), later, reason, TODAY)


def test_a_late_request_may_be_given_a_day_from_today_on():
    assert check_extension(days(-9), days(0), "They were flooded.", TODAY) == days(0)


@pytest.mark.parametrize(
    ("left", "told", "due"),
    [
        (4, (), None),
        (3, (), 3),
        (3, (3,), None),
        (1, (), 3),  # missed, and made up for
        (0, (3,), 0),
        (-5, (3, 0), -1),
        (-5, (3, 0, -1), None),
        (-30, (), -14),  # all were missed: the latest alone is told
    ],
)
def test_each_reminder_is_due_once_and_the_latest_stands_for_those_missed(left, told, due):
    assert reminder_due(days(left), days(left - 14), TODAY, frozenset(told)) == due


def test_nothing_is_reminded_of_on_the_day_on_which_it_is_asked():
    assert reminder_due(days(3), TODAY, TODAY, frozenset()) is None
