"""Keeping an eye on providers and searches: what one can hear of, and when it is due."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum


class Heard(StrEnum):
    """What somebody who watches a provider may want to hear of."""

    SUSPENSION = "suspension"
    WITHDRAWAL = "withdrawal"
    EXPIRY = "expiry"
    CONDITIONS = "conditions"
    REDUCED = "reduced"
    RENEWED = "renewed"
    DETAILS = "details"
    CAPACITY = "capacity"


ALWAYS = frozenset({Heard.SUSPENSION, Heard.WITHDRAWAL})
"""What everybody who watches hears, and at once: a contract may have to stop today."""

ABOUT_THE_AWARD = frozenset(Heard) - {Heard.DETAILS, Heard.CAPACITY}
"""What bears on the award itself: where nobody chose, this is told."""

HEARD_WORDS: Mapping[Heard, str] = {
    Heard.SUSPENSION: "Suspended or reinstated",
    Heard.WITHDRAWAL: "Withdrawn or given up",
    Heard.EXPIRY: "Runs out soon, or has run out",
    Heard.CONDITIONS: "Conditions are set or met",
    Heard.REDUCED: "Level or scope changed",
    Heard.RENEWED: "Confirmed or renewed",
    Heard.DETAILS: "Name, contact or description changed",
    Heard.CAPACITY: "Capacity or waiting time changed",
}

_OF_EVENT: Mapping[str, Heard] = {
    "awarded": Heard.RENEWED,
    "brought-in": Heard.RENEWED,
    "confirmed": Heard.RENEWED,
    "suspended": Heard.SUSPENSION,
    "suspension-moved": Heard.SUSPENSION,
    "reinstated": Heard.SUSPENSION,
    "withdrawn": Heard.WITHDRAWAL,
    "surrendered": Heard.WITHDRAWAL,
    "taken-back": Heard.WITHDRAWAL,
    "condition-met": Heard.CONDITIONS,
    "conditions-met": Heard.CONDITIONS,
    "conditions-set": Heard.CONDITIONS,
    "reduced": Heard.REDUCED,
    "scope-changed": Heard.REDUCED,
    "capacity-changed": Heard.CAPACITY,
}

EXPIRY_AHEAD = (60, 14, -1)
"""Days before the last day of an award at which its end is told; -1 is the day after it, when it has run out."""

LATE_BY = timedelta(days=30)
"""So long after an award has run out that is still news, where the regular work was down."""


def heard_as(event: str) -> Heard:
    """What an event of the register (`RegisterEvent.kind`) is to who watches. An unknown one changed details."""
    return _OF_EVENT.get(event, Heard.DETAILS)


def wanted(chosen: Iterable[str]) -> frozenset[Heard]:
    """What is told to who chose these codes: theirs, and what everybody hears. Unknown codes are left out."""
    return ALWAYS | {Heard(code) for code in chosen if code in set(Heard)}


def expiry_stage(expires_on: date, today: date, told: Collection[int]) -> int | None:
    """The stage of EXPIRY_AHEAD that is to be told today, the latest that has come; None where it was told or none has.

    What was missed is made up for by the latest stage, and not by one message for each.
    """
    left = (expires_on - today).days
    due = [stage for stage in EXPIRY_AHEAD if left <= stage]
    if not due or today - expires_on > LATE_BY:
        return None
    return None if min(due) in told else min(due)


class Pace(StrEnum):
    """When somebody hears what a saved search has found: with the next regular work, once a day, or once a week."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


WEEK = timedelta(days=7)


def news_due(pace: Pace, told_on: date, today: date) -> bool:
    """Whether what was found since `told_on` is told today. At once and daily differ in the way, not in the day."""
    return pace is not Pace.WEEKLY or today - told_on >= WEEK
