"""When the address of a piece of evidence counts as dead, and when to look at it again."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

EVERY = timedelta(days=7)  # while it answers
AGAIN = timedelta(days=1)  # while it does not
ENOUGH_DAYS = 2  # a server may be down for an evening


@dataclass(frozen=True, slots=True)
class LinkState:
    """What is known of one address. `failed_days` counts the days on which it failed since `failing_since`.

    It is dead since the first of them, once they are enough.
    """

    next_on: date
    failing_since: date | None = None
    failed_days: int = 0
    dead_since: date | None = None


def after_check(state: LinkState, answers: bool, today: date) -> LinkState:
    """What is known after a look on `today`, which is the first of this day: see `next_on`."""
    if answers:
        return LinkState(next_on=today + EVERY)
    days = state.failed_days + 1
    since = state.failing_since or today
    dead = state.dead_since or (since if days >= ENOUGH_DAYS else None)
    return replace(state, next_on=today + AGAIN, failing_since=since, failed_days=days, dead_since=dead)
