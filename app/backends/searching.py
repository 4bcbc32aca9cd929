"""What a search of the register is asked and answers, whichever backend does it: in memory, or PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

FIELDS = ("name", "services", "summary", "description")
"""Where a word can stand, the most telling place first."""

AREA = "area"  # the facet of the councils in which an entry works
OFFER = "offer"
"""The facet of one service's capacity: codes such as "home-care:now". Pages show "availability", the same of any service."""


class Sort(StrEnum):
    """In which order results stand. Ties are always broken by the day's drawn order, which favours nobody."""

    RELEVANCE = "relevance"
    DISTANCE = "distance"
    NAME = "name"
    NEWEST = "newest"  # the day of grant, the latest first


@dataclass(frozen=True, slots=True)
class Document:
    """What a backend knows of an entry. `texts` by field of FIELDS; `facets` maps a facet's name to its codes.

    `until` holds codes that count through a day and no longer, as (code, last day) by facet: what was said about
    capacity goes stale.
    """

    entry_id: int
    texts: Mapping[str, str]
    facets: Mapping[str, Sequence[str]]
    easting: int | None
    northing: int | None
    status: str
    expires_on: date
    granted_on: date | None = None
    until: Mapping[str, Sequence[tuple[str, date]]] = field(default_factory=dict)


class Reach(StrEnum):
    """What makes an entry near: that it is based within so many miles, that it works in the place's council, or either."""

    EITHER = "either"
    BASED = "based"
    SERVED = "served"


@dataclass(frozen=True, slots=True)
class Near:
    """A point in metres, how many miles around it count, and the council in which it lies.

    Some have no address to publish: they are found by the council `area_code` in which they work.
    """

    easting: int
    northing: int
    miles: float
    area_code: str = ""
    reach: Reach = Reach.EITHER


@dataclass(frozen=True)
class Query:
    """What is looked for. `filters` maps a facet to the codes of which any will do.

    `words` may hold phrases in double quotes; with `prefix` the last word may be the beginning of one, as while typing.
    Without a `sort` it is by distance where there is a place, else by relevance. `facets` names those to count; by
    default every one is counted.
    """

    words: str = ""
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    near: Near | None = None
    sort: Sort | None = None
    prefix: bool = False
    offset: int = 0
    limit: int = 20
    facets: tuple[str, ...] | None = None

    @property
    def order(self) -> Sort:
        if self.sort is Sort.DISTANCE and self.near is None:
            return Sort.RELEVANCE
        return self.sort or (Sort.DISTANCE if self.near else Sort.RELEVANCE)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: how many, the page's entry ids with their miles, and each facet's counts with the others applied.

    `also` are the titles of services that were looked for beside the words; `instead` is what may have been meant,
    and `corrected` says that the results are already those of `instead`, since the words as typed found nothing.
    """

    total: int
    page: tuple[tuple[int, float | None], ...]
    facets: Mapping[str, Mapping[str, int]]
    also: tuple[str, ...] = ()
    instead: str | None = None
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a map in metres of the grid, and the side of the squares that it is cut into, from the grid's origin."""

    west: float
    south: float
    east: float
    north: float
    side: float


@dataclass(frozen=True, slots=True)
class Square:
    """How many entries are based in a square of a map, the middle of them in metres, and the lowest id among them."""

    count: int
    easting: float
    northing: float
    entry_id: int


@dataclass(frozen=True, slots=True)
class Mapped:
    """Entries on a map. `placed` say where they are, on this map or elsewhere. `squares` are those with anybody, the
    fullest first; `drawn` some entries in the day's neutral order, each with the number of its square.
    """

    placed: int
    squares: tuple[Square, ...] = ()
    drawn: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What somebody who types may mean: a `kind` of FIELDS or of a facet, its words, and how many entries it finds."""

    kind: str
    words: str
    count: int


class RegisterIndex(Protocol):
    """Finds entries of the register."""

    def search(self, query: Query, today: date) -> Found:
        """The entries that fit, as of `today`."""

    def suggest(self, beginning: str, today: date, limit: int = 8) -> tuple[Suggestion, ...]:
        """What may be meant by the beginning of a word or name, the most useful first."""

    def matching(self, query: Query, today: date) -> Sequence[int]:
        """The ids of all entries that fit, in the order of id: for exports, maps and alerts. `offset` and `limit` are left aside."""

    def on_map(self, query: Query, today: date, box: Box, most: int) -> Mapped:
        """The entries that fit on a map, counted by its squares, with `most` of them drawn by lot."""

    def without_place(self, query: Query, today: date, councils: Sequence[str]) -> Mapping[str, int]:
        """How many of those that fit work in each of these councils and say not where they are based."""
