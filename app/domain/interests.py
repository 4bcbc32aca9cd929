"""A person's register of interests: what an entry needs, in which words it is shown, and when it has to be confirmed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.impartiality import Register, TieKind, Whose

KIND_WORDS: Mapping[TieKind, str] = {
    TieKind.WORKS: "Works or worked for it, paid or as a volunteer",
    TieKind.GOVERNS: "Governs or governed it, such as a trustee or a director",
    TieKind.ADVISES: "Advises or advised it",
    TieKind.FUNDS: "Funds it, or is funded by it",
    TieKind.KNOWS: "Family or close friend of somebody who works for it or governs it",
    TieKind.OTHER: "Something else",
}
WHOSE_WORDS: Mapping[Whose, str] = {Whose.OWN: "Mine", Whose.FAMILY: "A family member’s"}
NOTICED = frozenset({TieKind.WORKS, TieKind.ADVISES})
"""Kinds of tie that the system knows of by itself, from work and advice here: nobody changes these or strikes them out."""
LONGEST_NAME, LONGEST_NATURE = 200, 500
EARLIEST = 1900


@dataclass(frozen=True, slots=True)
class Given:
    """An entry as its person gives it. `until_on` is the last day, None while it lasts."""

    organisation: str
    kind: TieKind
    nature: str
    whose: Whose = Whose.OWN
    since_on: date | None = None
    until_on: date | None = None


def check(given: Given, today: date) -> None:
    """Whether an entry is whole. Raises Invalid with every sentence by its field's name."""
    errors = {}
    if not given.organisation.strip():
        errors["organisation"] = "Enter the name of the organisation."
    elif len(given.organisation.strip()) > LONGEST_NAME:
        errors["organisation"] = f"Keep the name under {LONGEST_NAME} characters."
    if not given.nature.strip():
        errors["nature"] = "Say in a sentence what the interest is."
    elif len(given.nature.strip()) > LONGEST_NATURE:
        errors["nature"] = f"Keep this under {LONGEST_NATURE} characters. It has {len(given.nature.strip())}."
    errors |= _check_days(given, today)
    if errors:
        raise Invalid(errors)


def _check_days(given: Given, today: date) -> dict[str, str]:
    errors = {}
    if given.since_on and (given.since_on > today or given.since_on.year < EARLIEST):
        errors["since_on"] = "Enter a day that has come. Leave it empty if you do not know it."
    if given.until_on and given.until_on > today:
        errors["until_on"] = "Enter a day that has come. Leave it empty while the interest lasts."
    if given.since_on and given.until_on and given.until_on < given.since_on:
        errors["until_on"] = "It cannot end before it begins."
    return errors


class Standing(StrEnum):
    """How a person's register stands on a day."""

    CONFIRMED = "confirmed"
    DUE = "due"
    OVERDUE = "overdue"  # so long that the person gets no new case


def standing(register: Register, today: date) -> Standing:
    """How the register stands: due from its day on, overdue once the days to do it are over."""
    if today > register.bars_after:
        return Standing.OVERDUE
    return Standing.DUE if today >= register.due_on else Standing.CONFIRMED
