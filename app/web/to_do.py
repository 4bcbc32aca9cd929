"""Things to do as pages show them: the date in words, what is late marked as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.to_do import ToDo, is_late, when_words

SHOWN_AT_ONCE = 12
NOT_WORTH_FOLDING = 3  # so few more are shown at once


@dataclass(frozen=True)
class Thing:
    """One thing in a list: what and where, by when and how far it is in words, and at which organisation."""

    what: str
    url: str
    late: bool
    when: str
    place: str


@dataclass(frozen=True)
class Things:
    """A list of things: the first ones, and the others that open beneath. `late` counts what is overdue in both."""

    first: tuple[Thing, ...]
    others: tuple[Thing, ...]
    late: int


def listed(things: Sequence[ToDo], on: date, places: Mapping[int, str] | None = None) -> Things:
    """The things in the order given. `places` names their organisations where a list holds those of several."""
    shown = tuple(_thing(each, on, places or {}) for each in things)
    first = len(shown) if len(shown) <= SHOWN_AT_ONCE + NOT_WORTH_FOLDING else SHOWN_AT_ONCE
    return Things(shown[:first], shown[first:], sum(each.late for each in shown))


def _thing(thing: ToDo, on: date, places: Mapping[int, str]) -> Thing:
    when = when_words(thing, on)
    return Thing(
        what=thing.what,
        url=thing.path,
        late=is_late(thing, on),
        when=when[:1].upper() + when[1:],
        place=places.get(thing.organisation_id or 0, ""),
    )
