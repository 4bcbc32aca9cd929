"""The provider's check of a report for mistakes of fact: how it ends, and what the assessors say to each comment."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Ended(StrEnum):
    """How a check ended."""

    COMMENTS = "comments"
    NO_MISTAKES = "no-mistakes"
    NO_ANSWER = "no-answer"
    TAKEN_BACK = "taken-back"


class Answered(StrEnum):
    """What the assessors made of a comment."""

    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not-accepted"


ANSWERED_SAYS: Mapping[Answered, str] = {
    Answered.ACCEPTED: "Accepted: the words were changed",
    Answered.NOT_ACCEPTED: "Not accepted",
}
