"""Lengths of time as schemes write them, exact on the calendar."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.wording import counted


@dataclass(frozen=True, slots=True)
class Duration:
    """Years, months and days, each 0 or more. A month is a calendar month, so 12 months are a year."""

    years: int = 0
    months: int = 0
    days: int = 0

    def add_to(self, day: date) -> date:
        """The day this long after `day`; the last of a month that is too short: 29 Feb + 1 year = 28 Feb."""
        return self._move(day, 1)

    def take_from(self, day: date) -> date:
        """The day this long before `day`, by the same rule for short months."""
        return self._move(day, -1)

    def _move(self, day: date, sign: int) -> date:
        months = day.year * 12 + day.month - 1 + sign * (self.years * 12 + self.months)
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + sign * timedelta(days=self.days)

    def __bool__(self) -> bool:
        return bool(self.years or self.months or self.days)

    def __str__(self) -> str:
        parts = ((self.years, "year"), (self.months, "month"), (self.days, "day"))
        return " ".join(counted(count, unit) for count, unit in parts if count) or "0 days"
