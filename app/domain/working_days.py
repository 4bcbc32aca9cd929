"""Working days: Monday to Friday. Bank holidays count, because they differ between the nations: a scheme may give longer."""

from __future__ import annotations

from datetime import date, timedelta

SATURDAY = 5


def after_working_days(start: date, days: int) -> date:
    """The last of `days` working days that begin on the day after `start`; `start` itself for none."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < SATURDAY
    return day
