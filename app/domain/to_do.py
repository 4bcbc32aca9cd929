"""What somebody should do next, where, and by when: what a home page lists and the day's e-mail repeats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.domain.wording import counted, dated


class Kind(StrEnum):
    """What a thing to do comes from, in the order in which those without a date are listed."""

    REQUEST = "request"  # an assessor waits for a reply
    REPORT = "report"  # to check, to write or to sign
    ASSESSMENT = "assessment"  # a case that this person assesses
    PANEL = "panel"  # a case that this person decides with others
    REVIEW = "review"  # an appeal or a complaint that this person looks into
    CASE = "case"  # cases that wait for their scheme's manager
    INTERESTS = "interests"  # the register of interests, to be confirmed each year
    CONDITION = "condition"
    FINDING = "finding"
    HANDED_OVER = "handed-over"  # a criterion that a colleague gave to this person
    PROFILE = "profile"  # it decides which criteria are asked
    CRITERIA = "criteria"
    ACTION = "action"  # of the improvement plan
    EVIDENCE = "evidence"
    CAPACITY = "capacity"  # what the register says of whom a service can take
    PASSPORT = "passport"
    SURVEILLANCE = "surveillance"
    RENEWAL = "renewal"
    INVITATION = "invitation"
    FEEDBACK = "feedback"
    PEOPLE = "people"
    SHARING = "sharing"
    NEED = "need"  # that a commissioner published, and that fits
    DRAFT = "draft"  # of a framework


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do. `what` is an imperative sentence without a full stop, `path` the page on which it is done.

    `due_on` is the last day for it. `when` says how far or how late it is where a date does not ("3 of 12 answered"), or
    for one of HAPPENS what happens on that day ("It runs out").
    """

    kind: Kind
    what: str
    path: str
    due_on: date | None = None
    when: str = ""
    organisation_id: int | None = None


HAPPENS = frozenset({Kind.EVIDENCE, Kind.PASSPORT, Kind.RENEWAL, Kind.INVITATION, Kind.PANEL})
"""Kinds whose date is a day on which something happens by itself, not one by which to be done."""
SOON_DAYS = 14
MOST_LISTED = 100
REMINDED = frozenset({60, 30, 14, 7, 3, 1, 0, -1, -7, -14, -28})
"""Days before a date, after it below nought, on which its thing is worth an e-mail."""
LONGEST_LOOK_BACK = timedelta(days=7)
_ORDER = {kind: number for number, kind in enumerate(Kind)}


def most_pressing_first(things: Iterable[ToDo]) -> tuple[ToDo, ...]:
    """What has a date by its date, so that what is late comes first, then the rest by its kind; at most 100."""
    listed = sorted(
        things, key=lambda each: (each.due_on is None, each.due_on or date.max, _ORDER[each.kind], each.what)
    )
    return tuple(listed[:MOST_LISTED])


def is_late(thing: ToDo, today: date) -> bool:
    """Whether the last day for it has passed."""
    return thing.due_on is not None and thing.due_on < today


def comes_up(thing: ToDo, since: date | None, today: date) -> bool:
    """Whether a day on which it is worth an e-mail lies after `since`, the last day that was looked at, up to today.

    With nothing looked at before, or long ago, the last week counts.
    """
    if thing.due_on is None:
        return False
    earliest = today - LONGEST_LOOK_BACK
    first = max(since + timedelta(days=1), earliest) if since else today
    days = range((thing.due_on - today).days, (thing.due_on - first).days + 1)
    return not REMINDED.isdisjoint(days)


def when_words(thing: ToDo, today: date) -> str:
    """By when it is to be done and how far it is: "by 1 Dec 2026, in 5 days", "It runs out on 1 Dec 2026"."""
    if thing.due_on is None:
        return thing.when
    left, day = (thing.due_on - today).days, dated(thing.due_on)
    soon = f", in {counted(left, 'day')}" if 0 < left <= SOON_DAYS else ""
    if thing.kind in HAPPENS and thing.when:
        return (
            f"{thing.when} today"
            if left == 0
            else f"{thing.when} ({day})"
            if left < 0
            else f"{thing.when} on {day}{soon}"
        )
    due = "due today" if left == 0 else f"was due on {day}" if left < 0 else f"by {day}{soon}"
    return f"{thing.when}, {due}" if thing.when else due
