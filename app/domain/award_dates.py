"""The dates that an award's terms lead to: when it is looked at again, while it can be renewed, and what a renewal keeps."""

from collections.abc import Iterator
from datetime import date, timedelta

from app.domain.duration import Duration
from app.domain.terms import AwardTerms

MOST_TIMES = 200
A_DAY = timedelta(days=1)


def due_days(counted_from: date, expires_on: date, every: Duration | None) -> Iterator[date]:
    """Every day before expiry on which an award is due to be looked at, `every` so often.

    Each is counted from the first day, so that a short month does not move those after it: from 31 Jan, 28 Feb and then
    31 Mar; from 29 Feb, 28 Feb in three years and 29 Feb in the fourth.
    """
    if not every:
        return
    for times in range(1, MOST_TIMES):
        due = Duration(every.years * times, every.months * times, every.days * times).add_to(counted_from)
        if due >= expires_on:
            return
        yield due


def next_due(counted_from: date, expires_on: date, every: Duration | None, today: date) -> date | None:
    """The first of these days from today on; None if none before expiry."""
    return next((due for due in due_days(counted_from, expires_on, every) if due >= today), None)


def renewal_window(expires_on: date, terms: AwardTerms) -> tuple[date, date]:
    """The first and the last day on which an award can be renewed so that the old cycle's dates are kept."""
    return terms.renewal_opens.take_from(expires_on), terms.restore_within.add_to(expires_on)


def cycle_from(expires_on: date, terms: AwardTerms, granted_on: date) -> date | None:
    """The first day of the new cycle of an award granted on a day in place of one that expires, or expired, then.

    Inside the window of renewal the new cycle follows the old one without a gap, so that renewing early loses no time and
    renewing late wins none. None outside it: then the new award's own day of grant begins its cycle.
    """
    opens, closes = renewal_window(expires_on, terms)
    return expires_on + A_DAY if opens <= granted_on <= closes else None
