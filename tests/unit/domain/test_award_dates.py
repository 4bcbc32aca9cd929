"""When an award is looked at again and what a renewal keeps, on leap days, on the 31st and at the edges of the window."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.award_dates import cycle_from, due_days, next_due, renewal_window
from app.domain.duration import Duration
from app.domain.terms import AwardTerms

YEAR, MONTH = Duration(years=1), Duration(months=1)
TERMS = AwardTerms()  # three years, six months to renew, six months to restore


def test_a_yearly_look_from_a_leap_day_falls_on_the_28th_and_on_the_next_leap_day_again():
    days = list(due_days(date(2024, 2, 29), date(2029, 2, 27), YEAR))
    assert days == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


def test_a_short_month_does_not_move_the_months_after_it():
    days = list(due_days(date(2026, 1, 31), date(2026, 6, 1), MONTH))
    assert days == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]


def test_nothing_falls_due_on_the_last_day_or_where_nothing_is_asked():
    assert list(due_days(date(2026, 4, 1), date(2029, 4, 1), YEAR))[-1] == date(2028, 4, 1)
    assert list(due_days(date(2026, 4, 1), date(2029, 3, 31), None)) == []
    assert next_due(date(2026, 4, 1), date(2029, 3, 31), YEAR, date(2027, 4, 1)) == date(2027, 4, 1)
    assert next_due(date(2026, 4, 1), date(2029, 3, 31), YEAR, date(2028, 4, 2)) is None


@pytest.mark.parametrize("expires_on", [date(2029, 3, 31), date(2028, 8, 31), date(2028, 2, 29)])
def test_a_renewal_keeps_the_old_dates_inside_the_window_and_on_neither_side_of_it(expires_on):
    opens, closes = renewal_window(expires_on, TERMS)
    follows = expires_on + timedelta(days=1)
    assert cycle_from(expires_on, TERMS, opens) == cycle_from(expires_on, TERMS, closes) == follows
    assert cycle_from(expires_on, TERMS, opens - timedelta(days=1)) is None
    assert cycle_from(expires_on, TERMS, closes + timedelta(days=1)) is None


def test_the_window_of_an_award_that_ends_on_a_31st_closes_on_the_last_day_of_a_shorter_month():
    assert renewal_window(date(2028, 8, 31), TERMS) == (date(2028, 2, 29), date(2029, 2, 28))
    assert renewal_window(date(2026, 8, 31), TERMS)[0] == date(2026, 2, 28)
