"""How the editions of a framework follow one another, and which may still be published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

PART = re.compile(r"[0-9]+|[a-z]+")
LAST_NUMBER = re.compile(r"[0-9]+(?=[^0-9]*$)")


@dataclass(frozen=True)
class Standing:
    """A published edition of some framework. Ids are those of its row and of the scheme that published it."""

    edition_id: int
    scheme_id: int
    edition: str
    open: bool


def order_of(edition: str) -> tuple[tuple[int, int, str], ...]:
    """What editions are compared by: their numbers as numbers, their words as words without case, signs not at all.

    "9" < "10", "2026" < "2027" < "2027.1" < "2027.10", and a word comes before a number: "2027-beta" < "2027.1".
    """
    parts = PART.findall(edition.lower())
    return tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts)


def is_higher(edition: str, than: str) -> bool:
    """Whether an edition comes after another. Two names with the same numbers and words are neither higher nor lower."""
    return order_of(edition) > order_of(than)


def highest(editions: Iterable[str]) -> str | None:
    """The last of them in order; None of none."""
    return max(editions, key=order_of, default=None)


def raised(edition: str) -> str:
    """The name of the edition after this one: its last number and one. "2026" -> "2027", "1.9" -> "1.10", "first" -> "first-2"."""
    number = LAST_NUMBER.search(edition)
    if number is None:
        return f"{edition}-2"
    more = str(int(number[0]) + 1).zfill(len(number[0]))
    return edition[: number.start()] + more + edition[number.end() :]


def why_not(edition: str, scheme_id: int, published: Iterable[Standing]) -> str:
    """Why a scheme cannot publish `edition`, given every published edition of the framework; empty where it can."""
    published = tuple(published)
    if any(each.scheme_id != scheme_id for each in published):
        return "Another scheme publishes a framework with this code. Give yours a code of its own, in its first line."
    top = highest(each.edition for each in published)
    if top is None or is_higher(edition, top):
        return ""
    if edition == top:
        return f"Edition {top} is published already, and an edition never changes. Call this one {raised(top)}."
    return f"Edition {top} is published already, and this one, {edition}, is not higher. Call it {raised(top)}."


def lower_and_open(edition: str, published: Iterable[Standing]) -> tuple[Standing, ...]:
    """The editions that `edition` takes the place of: those before it which still take applications, highest first."""
    lower = [each for each in published if each.open and is_higher(edition, each.edition)]
    return tuple(sorted(lower, key=lambda each: order_of(each.edition), reverse=True))
