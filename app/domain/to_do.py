"""What somebody should do next, where, and by when: what a home page lists and the day's e-mail repeats."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a thing to do comes from, in the order in which those without a date are listed."""

    REQUEST = "request"  # an assessor waits for a reply
    CONDITION = "condition"
    FINDING = "finding"
    HANDED_OVER = "handed-over"  # a criterion that a colleague gave to this person
    CRITERIA = "criteria"
    ACTION = "action"  # of the improvement plan
    EVIDENCE = "evidence"
    PASSPORT = "passport"
    SURVEILLANCE = "surveillance"
    RENEWAL = "renewal"
    INVITATION = "invitation"
    FEEDBACK = "feedback"
    PEOPLE = "people"
    SHARING = "sharing"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class ToDo:
    """One thing to do. `what` is an imperative sentence without a full stop, `path` the page on which it is done.

    `due_on` is the last day for it. `when` says how far or how late it is where a date does not ("3 of 12 answered").
    """

    kind: Kind
    what: str
    path: str
    due_on: date | None = None
    when: str = ""
    organisation_id: int | None = None
