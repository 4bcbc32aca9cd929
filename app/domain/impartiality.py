"""Who may assess, and who may sit in judgement on, an organisation: ties to it bar, and so does another part in the case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.duration import Duration

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class TieKind(StrEnum):
    """What joins a person to an organisation."""

    WORKS = "works"
    GOVERNS = "governs"
    ADVISES = "advises"
    FUNDS = "funds"
    KNOWS = "knows"  # family or a close friend of somebody there
    OTHER = "other"


class Whose(StrEnum):
    """Whether a tie is the person's own or that of somebody in their family."""

    OWN = "own"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Tie:
    """A declared interest in the organisation. `ended_on` is None while it lasts."""

    nature: str
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Involvement:
    """What joins one person to one case.

    `declared`: they once stood aside from this very case. `assessing`: assigned to it now; `assessed`: they ever scored
    it. `seated`: called to a panel on it.
    """

    member: bool = False
    ties: tuple[Tie, ...] = ()
    declared: bool = False
    assessing: bool = False
    assessed: bool = False
    seated: bool = False


NOT_INVOLVED = Involvement()


def bar_to_assess(person: Involvement, bar: Duration, today: date) -> str | None:
    """Why this person may not be assigned the case, as a sentence; None if they may.

    `bar` is how long after a tie has ended it still bars. The last day of the bar still bars.
    """
    if person.assessing:
        return "Already has a part in assessing this case."
    if person.seated:
        return "Was called to the panel on this case."
    return _tied(person, bar, today)


def bar_to_sit(person: Involvement, bar: Duration, today: date) -> str | None:
    """Why this person may not sit on the panel, as a sentence; None if they may. `bar` as in `bar_to_assess`."""
    if person.assessing or person.assessed:
        return "Has a part in assessing this case."
    return _tied(person, bar, today)


def still_bars(tie: Tie, bar: Duration, today: date) -> bool:
    """Whether the tie lasts, or ended so lately that it bars: `bar` and its last day as in `bar_to_assess`."""
    return tie.ended_on is None or today <= bar.add_to(tie.ended_on)


def _tied(person: Involvement, bar: Duration, today: date) -> str | None:
    if person.member:
        return "Belongs to this organisation."
    if person.declared:
        return "Declared a conflict of interest on this case."
    return _interest(person.ties, bar, today)


def _interest(ties: Iterable[Tie], bar: Duration, today: date) -> str | None:
    for tie in ties:
        if not still_bars(tie, bar, today):
            continue
        if tie.ended_on is None:
            return f"Has an interest: {_sentence(tie.nature)}"
        return f"Had an interest, which bars until {_day(bar.add_to(tie.ended_on))}: {_sentence(tie.nature)}"
    return None


def _sentence(words: str) -> str:
    words = words.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
