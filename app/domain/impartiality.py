"""Who may assess, judge or review the case of an organisation: ties to it bar, and so does another part in the case.

Each rule answers with a sentence that says why somebody is barred, or with None.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from app.domain.duration import Duration
from app.domain.wording import dated

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CONFIRM_EVERY = Duration(years=1)
CONFIRM_WITHIN = Duration(days=30)


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


REACHING = frozenset({TieKind.WORKS, TieKind.GOVERNS})
"""Ties to one member of a consortium, or to the consortium, that bar from the cases of its other members too."""


class Part(StrEnum):
    """What somebody did in an earlier case of the same organisation."""

    ASSESSED = "assessed"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Tie:
    """An interest in the organisation, in words. `ended_on` is None while it lasts.

    `through` names the organisation beside the provider to which the person is tied: its consortium, or another member
    of that ("Care Together, the consortium that it belongs to"). Empty for a tie to the provider itself.
    """

    nature: str
    ended_on: date | None = None
    kind: TieKind = TieKind.OTHER
    whose: Whose = Whose.OWN
    through: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A part in an earlier case of the same organisation, and the day on which it ended."""

    part: Part
    on: date


@dataclass(frozen=True, slots=True)
class Register:
    """When somebody was first asked to keep a register of interests, and when they last confirmed it."""

    asked_on: date
    confirmed_on: date | None = None

    @property
    def due_on(self) -> date:
        """The day on which it has to be confirmed: a year after the last time, at once where it never was."""
        return CONFIRM_EVERY.add_to(self.confirmed_on) if self.confirmed_on else self.asked_on

    @property
    def bars_after(self) -> date:
        """The last day on which somebody may be given a case without having confirmed."""
        return CONFIRM_WITHIN.add_to(self.due_on)


@dataclass(frozen=True, slots=True)
class Involvement:
    """What joins one person to one case.

    `declared`: they once stood aside from this very case. `assessing`: assigned to it now; `assessed`: they ever scored
    it, wrote a finding down or judged one. `seated`: called to a panel on it; `kept_seat`: declared there that nothing bars them. `handled`: they did
    anything else in it for the scheme. `earlier`: their parts in other cases of the organisation. `sat`: they decided what
    an appeal has set aside, or reviewed that appeal.
    """

    member: bool = False
    ties: tuple[Tie, ...] = ()
    declared: bool = False
    assessing: bool = False
    assessed: bool = False
    seated: bool = False
    kept_seat: bool = False
    handled: bool = False
    sat: bool = False
    earlier: tuple[Earlier, ...] = ()
    register: Register | None = None


NOT_INVOLVED = Involvement()


def bar_to_assess(person: Involvement, bar: Duration, today: date) -> str | None:
    """Why this person may not be assigned the case, as a sentence; None if they may.

    `bar` is how long after a tie has ended it still bars. The last day of the bar still bars.
    """
    if person.assessing:
        return "Already has a part in assessing this case."
    if person.seated:
        return "Was called to the panel on this case."
    return tied(person, bar, today) or _earlier(person.earlier, Part.DECIDED, bar, today) or _unconfirmed(person, today)


def bar_to_sit(person: Involvement, bar: Duration, today: date) -> str | None:
    """Why this person may not sit on the panel, as a sentence; None if they may. `bar` as in `bar_to_assess`.

    Who sits already keeps the seat though their register has come to be due meanwhile.
    """
    if person.sat:
        return "Had a part in the decision that was set aside, or in the appeal against it."
    against = bar_to_vote(person, bar, today) or _earlier(person.earlier, Part.ASSESSED, bar, today)
    return against or (None if person.kept_seat else _unconfirmed(person, today))


def bar_to_vote(person: Involvement, bar: Duration, today: date) -> str | None:
    """Why the vote of somebody who sits does not count, as a sentence; None if it does."""
    if person.assessing or person.assessed:
        return "Has a part in assessing this case."
    return tied(person, bar, today)


def bar_to_review(person: Involvement, bar: Duration, today: date) -> str | None:
    """Why this person may not judge an appeal or a complaint about the case, as a sentence; None if they may.

    Nobody reviews what they assessed, decided or managed themselves, or an organisation they judged lately.
    """
    if person.assessing or person.assessed:
        return "Had a part in assessing this case."
    if person.seated:
        return "Was called to the panel on this case."
    if person.handled:
        return "Had a part in managing this case."
    return (
        tied(person, bar, today)
        or _earlier(person.earlier, Part.DECIDED, bar, today)
        or _earlier(person.earlier, Part.ASSESSED, bar, today)
        or _unconfirmed(person, today)
    )


def tied(person: Involvement, bar: Duration, today: date) -> str | None:
    """The tie or the declaration that closes the case to this person at every stage, as a sentence."""
    if person.member:
        return "Belongs to this organisation."
    if person.declared:
        return "Declared a conflict of interest on this case."
    return next((_sentence_of(tie, bar, today) for tie in person.ties if still_bars(tie, bar, today)), None)


def still_bars(tie: Tie, bar: Duration, today: date) -> bool:
    """Whether the tie lasts, or ended so lately that it bars: `bar` and its last day as in `bar_to_assess`."""
    return tie.ended_on is None or today <= bar.add_to(tie.ended_on)


def reaching(tie: Tie, through: str) -> Tie | None:
    """What a tie to the consortium, or to another member of it, is to the provider: the same one, or nothing at all."""
    return replace(tie, through=through) if tie.kind in REACHING else None


def name_key(name: str) -> str:
    """What names of one organisation have in common, however they are spelled: "The Green Hand Ltd." and "Green Hand"."""
    letters = "".join(each if each.isalnum() else " " for each in name.casefold().replace("’", "").replace("'", ""))
    words = letters.split()
    return " ".join(word for word in words if word not in _EMPTY_WORDS) or " ".join(words)


_EMPTY_WORDS = frozenset({"the", "and", "ltd", "limited", "cic", "cio", "plc"})


def _sentence_of(tie: Tie, bar: Duration, today: date) -> str:
    whose = " in the family" if tie.whose is Whose.FAMILY else ""
    where = f" in {tie.through}" if tie.through else ""
    if tie.ended_on is None or tie.ended_on >= today:
        return f"Has an interest{whose}{where}: {_sentence(tie.nature)}"
    return f"Had an interest{whose}{where}, which bars until {dated(bar.add_to(tie.ended_on))}: {_sentence(tie.nature)}"


def _earlier(parts: Iterable[Earlier], part: Part, bar: Duration, today: date) -> str | None:
    days = [each.on for each in parts if each.part is part and today <= bar.add_to(each.on)]
    if not days:
        return None
    did = "Assessed" if part is Part.ASSESSED else "Sat on the panel on"
    return f"{did} an earlier case of this organisation, which bars until {dated(bar.add_to(max(days)))}."


def _unconfirmed(person: Involvement, today: date) -> str | None:
    register = person.register
    if register is None or today <= register.bars_after:
        return None
    return f"Has not confirmed their register of interests, which was due on {dated(register.due_on)}."


def _sentence(words: str) -> str:
    words = words.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."
