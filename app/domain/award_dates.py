"""The dates that an award's terms lead to: when it is looked at again, and while it can be renewed."""

from datetime import date

from app.domain.duration import Duration
from app.domain.terms import AwardTerms

MOST_TIMES = 200


def next_due(granted_on: date, expires_on: date, every: Duration | None, today: date) -> date | None:
    """The first day from today on which an award granted then is due again, `every` so often; None if none before expiry.

    Each is counted from the day of grant, so that a short month does not move those after it.
    """
    if not every:
        return None
    for times in range(1, MOST_TIMES):
        due = Duration(every.years * times, every.months * times, every.days * times).add_to(granted_on)
        if due >= expires_on:
            return None
        if due >= today:
            return due
    return None


def renewal_window(expires_on: date, terms: AwardTerms) -> tuple[date, date]:
    """The first and the last day on which an award can be renewed so that the old cycle's dates are kept."""
    return terms.renewal_opens.take_from(expires_on), terms.restore_within.add_to(expires_on)
