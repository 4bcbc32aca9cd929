"""When a provider's reply to an assessor is due, when it is reminded, and what a later date needs."""

from datetime import date, timedelta

from app.domain.errors import Invalid

REPLY_WITHIN = timedelta(days=14)
LONGEST_WAIT = timedelta(days=90)
SHORTEST_WAIT = timedelta(days=3)
REMINDED = (3, 0, -1, -7, -14)
"""Days before the last day for a reply, after it below nought, on which the provider's people are reminded."""


def check_due(due_on: date | None, today: date) -> date:
    """The last day for a reply, 14 days from today where none was chosen. Raises Invalid on `due_on`."""
    if due_on is None:
        return today + REPLY_WITHIN
    if due_on < today + SHORTEST_WAIT:
        raise Invalid({"due_on": "Give the provider at least three days."})
    if due_on > today + LONGEST_WAIT:
        raise Invalid({"due_on": "Choose a day within the next 90 days."})
    return due_on


def check_extension(was: date | None, due_on: date | None, reason: str, today: date) -> date:
    """The later day. Raises Invalid on `due_on` or `reason`."""
    errors: dict[str, str] = {}
    if due_on is None:
        errors["due_on"] = "Enter the new day."
    elif due_on < today or (was is not None and due_on <= was):
        errors["due_on"] = "Choose a day that is later than before, and not past."
    elif due_on > today + LONGEST_WAIT:
        errors["due_on"] = "Choose a day within the next 90 days."
    if not reason.strip():
        errors["reason"] = "Say why there is more time. The provider reads it."
    if errors or due_on is None:
        raise Invalid(errors)
    return due_on


def reminder_due(due_on: date, asked_on: date, today: date, told: frozenset[int]) -> int | None:
    """Which of REMINDED is due today and has not been sent: the latest whose day has come. None where there is none.

    What lay before the request itself is no reminder; one that was missed is made up for by the latest alone.
    """
    left = (due_on - today).days
    come = [days for days in REMINDED if left <= days and due_on - timedelta(days=days) > asked_on]
    if not come or min(come) in told:
        return None
    return min(come)
