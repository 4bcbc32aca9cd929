"""The improvement plan: what an action is, the moves it can make, what is late, and when its owner is reminded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import Invalid

LONGEST_TITLE = 200
LONGEST_NOTES = 5_000
LONGEST_OWNER = 120
LONGEST_REASON = 1_000
MOST_AT_ONCE = 50
MOST_ACTIONS = 5_000
"""An organisation's plan holds no more: whoever has more than that needs another tool."""


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    IN_PROGRESS = "in-progress"
    DONE = "done"
    DROPPED = "dropped"


class ActionMove(StrEnum):
    """What can happen to an action."""

    START = "start"
    FINISH = "finish"
    DROP = "drop"
    REOPEN = "reopen"


_S, _M = ActionState, ActionMove
ACTION_MOVES: Mapping[tuple[ActionState, ActionMove], ActionState] = {
    (_S.OPEN, _M.START): _S.IN_PROGRESS,
    (_S.OPEN, _M.FINISH): _S.DONE,
    (_S.OPEN, _M.DROP): _S.DROPPED,
    (_S.IN_PROGRESS, _M.FINISH): _S.DONE,
    (_S.IN_PROGRESS, _M.DROP): _S.DROPPED,
    (_S.DONE, _M.REOPEN): _S.IN_PROGRESS,
    (_S.DROPPED, _M.REOPEN): _S.OPEN,
}

STILL_TO_DO = frozenset({ActionState.OPEN, ActionState.IN_PROGRESS})
STATE_WORDS: Mapping[ActionState, str] = {
    ActionState.OPEN: "Open",
    ActionState.IN_PROGRESS: "In progress",
    ActionState.DONE: "Done",
    ActionState.DROPPED: "Dropped",
}


class Source(StrEnum):
    """What an action comes from."""

    FREE = "free"
    GAP = "gap"  # something that the self-assessment lacks
    WAY_UP = "way-up"  # a step on the shortest way to the next level
    SCORE = "score"  # a score below what was claimed, or below what the level requires
    FINDING = "finding"  # of a grade that the scheme names
    RECOMMENDATION = "recommendation"  # what the panel said in its decision
    CONDITION = "condition"  # of a decision


SOURCE_WORDS: Mapping[Source, str] = {
    Source.FREE: "Your own idea",
    Source.GAP: "Missing in the self-assessment",
    Source.WAY_UP: "On the way to the next level",
    Source.SCORE: "What the assessor found",
    Source.FINDING: "A finding",
    Source.RECOMMENDATION: "What the panel said",
    Source.CONDITION: "A condition of the decision",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action as somebody wants it. The owner is a colleague (`owner_id`, a user's id), a name, or nobody yet.

    `application_id` and `criterion_code` are what it belongs to; None and "" where it belongs to the organisation alone.
    """

    title: str
    notes: str = ""
    owner_id: int | None = None
    owner_name: str = ""
    due_on: date | None = None
    application_id: int | None = None
    criterion_code: str = ""
    source: Source = Source.FREE

    def check(self) -> None:
        """Raises Invalid."""
        errors: dict[str, str] = {}
        if not self.title.strip():
            errors["title"] = "Say what is to be done."
        elif len(self.title.strip()) > LONGEST_TITLE:
            errors["title"] = f"Say it in at most {LONGEST_TITLE} characters. The details can go into the notes."
        if len(self.notes) > LONGEST_NOTES:
            errors["notes"] = (
                f"The notes may have at most {LONGEST_NOTES:,} characters and have {len(self.notes):,}. Shorten them."
            )
        if len(self.owner_name.strip()) > LONGEST_OWNER:
            errors["owner_name"] = f"The name may have at most {LONGEST_OWNER} characters."
        if self.owner_id is not None and self.owner_name.strip():
            errors["owner_name"] = "Choose a colleague or enter a name, not both."
        if self.due_on is not None and not 2000 <= self.due_on.year <= 2200:
            errors["due_on"] = "The date must have a year of four digits, such as 2029."
        if errors:
            raise Invalid(errors)


def check_reason(move: ActionMove, reason: str) -> None:
    """Dropping needs a reason: whoever reads the plan later wants to know. Raises Invalid."""
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": f"Say it in at most {LONGEST_REASON:,} characters."})
    if move is ActionMove.DROP and not reason.strip():
        raise Invalid({"reason": "Say why it is dropped."})


def is_late(state: ActionState, due_on: date | None, today: date) -> bool:
    """Whether it should be done and is not. The last day itself is not late."""
    return state in STILL_TO_DO and due_on is not None and due_on < today


class Reminder(StrEnum):
    """Which reminder of an action was sent last, in the order in which they come."""

    NONE = ""
    AHEAD = "ahead"  # a fortnight before
    SOON = "soon"  # three days before
    LATE = "late"


AHEAD_DAYS, SOON_DAYS = 14, 3
ORDER = tuple(Reminder)


def reminder_due(state: ActionState, due_on: date | None, sent: Reminder, today: date) -> Reminder:
    """The reminder to send today; NONE where there is none. Each is sent once, and one that was missed is not caught up.

    So whoever runs the regular work after a pause sends the latest of them and no others.
    """
    if state not in STILL_TO_DO or due_on is None:
        return Reminder.NONE
    reached = reminder_reached(due_on, today)
    return reached if ORDER.index(reached) > ORDER.index(sent) else Reminder.NONE


def reminder_reached(due_on: date | None, today: date) -> Reminder:
    """How far the calendar is: what needs no reminder any more when the date is set today."""
    if due_on is None:
        return Reminder.NONE
    days = (due_on - today).days
    if days < 0:
        return Reminder.LATE
    if days <= SOON_DAYS:
        return Reminder.SOON
    return Reminder.AHEAD if days <= AHEAD_DAYS else Reminder.NONE


@dataclass(frozen=True, slots=True)
class Month:
    """How many actions were done in a month, and how many were still to do at its end."""

    first: date
    done: int
    to_do: int


@dataclass(frozen=True, slots=True)
class Life:
    """When an action was made, and when it was done or dropped; None while it is still to do."""

    made_on: date
    done_on: date | None = None
    dropped_on: date | None = None


def months(lives: list[Life], today: date, most: int = 12) -> tuple[Month, ...]:
    """The last months, up to today's, from the first in which there was an action."""
    if not lives:
        return ()
    start = max(min(life.made_on for life in lives).replace(day=1), _months_before(today, most - 1))
    found = []
    first = start
    while first <= today:
        end = _next_month(first)
        done = sum(life.done_on is not None and first <= life.done_on < end for life in lives)
        found.append(Month(first, done, sum(_to_do_at(life, end) for life in lives)))
        first = end
    return tuple(found)


def _to_do_at(life: Life, end: date) -> bool:
    ended = life.done_on or life.dropped_on
    return life.made_on < end and (ended is None or ended >= end)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _months_before(day: date, count: int) -> date:
    number = day.year * 12 + day.month - 1 - count
    return date(number // 12, number % 12 + 1, 1)
