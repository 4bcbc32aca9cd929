"""Searching the public register."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.backends.gazetteer import Located, Wide
from app.backends.geography import ICB, REGION, groups
from app.backends.postcodes import Places, area_names
from app.backends.search_words import words_of
from app.backends.searching import OFFER, Found, Near, Query, Reach, RegisterIndex, Sort
from app.domain.errors import Invalid
from app.domain.places import Place
from app.queries.register_facets import FACETS, OF_EDITIONS, Choice, choices
from app.queries.register_index import current_index
from app.queries.register_results import PAGE_SIZE, SchemeFacts, rows_of, schemes_now
from app.queries.register_rows import ENDED, STANDING, EntryRow

__all__ = ["DEFAULT_MILES", "FACETS", "MILES", "MOST_PAGES", "PAGE_SIZE", "Choice", "RegisterPage", "Search"]

MOST_PAGES = 2_000
MILES = (5, 10, 20, 40)
DEFAULT_MILES = 20
MOST_LOOSENED = 6
MOST_HINTED = 10
NOWHERE = frozenset({"-"})
"""A filter that nothing passes: what was chosen and the place looked at have no council in common."""


@dataclass(frozen=True)
class Search:
    """What is looked for. `chosen` maps a facet to its codes; `near` is a place as typed; `page` counts from 1.

    `sort` is one of Sort, "" for nearest first where there is a place and else the most relevant. `reach` is one of Reach.
    With `exact` the words are taken as they are typed, though they find nothing.
    """

    words: str = ""
    near: str = ""
    miles: int = DEFAULT_MILES
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ended: bool = False
    sort: str = ""
    page: int = 1
    reach: str = Reach.EITHER.value
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Loosening:
    """One thing less to ask for, and how many there would be then. `kind` is words, near, miles, ended or a facet; or only-words,
    only-near or only-filters, for that alone."""

    kind: str
    count: int


@dataclass(frozen=True)
class RegisterPage:
    """A page of results. `located` is what was understood of the place; where it has a problem, the rest is without it.

    `facets` holds what to offer of each facet and `more` how many codes of it are not among them. `corrected` says that
    the results are those of `instead`. `loosen` is filled where nothing was found.
    """

    search: Search
    total: int
    page: int
    pages: int
    rows: tuple[EntryRow, ...]
    facets: Mapping[str, tuple[Choice, ...]]
    more: Mapping[str, int]
    located: Located
    also: tuple[str, ...]
    instead: str | None
    corrected: bool
    order: Sort
    schemes: int
    loosen: tuple[Loosening, ...] = ()

    @property
    def place(self) -> Place | None:
        return self.located.place

    @property
    def wide(self) -> Wide | None:
        return self.located.wide

    @property
    def problem(self) -> str:
        return self.located.problem

    @property
    def by_distance(self) -> bool:
        return self.order is Sort.DISTANCE

    @property
    def council(self) -> str:
        """In which the place lies: whoever works there is found too."""
        return area_names().get(self.place.area_code, "") if self.place else ""

    @property
    def beyond(self) -> bool:
        """Whether there are results, but none on this page."""
        return self.total > 0 and self.page > self.pages


def search_register(
    search: Search, places: Places, today: date, most: int | None = None, facets: tuple[str, ...] = FACETS
) -> RegisterPage:
    """The page of the register that `search` asks for, as of `today`: four statements, whatever it finds.

    `most` is how many choices of each facet are wanted, all by default; only those of `facets` are counted. Raises Invalid for a level or scheme that there is
    not.
    """
    located = locate(search, places)
    index, query = current_index(), _query(search, located, facets)
    found = _as_typed(index.search(query, today), search)
    schemes = schemes_now()
    _check_known(search, found, schemes, index, today)
    names = {scheme.code: scheme.title for scheme in schemes.values()}
    counts = _counts(found, search)
    offered = {
        facet: choices(facet, counts.get(facet, {}), search.chosen.get(facet, frozenset()), names, most)
        for facet in facets
    }
    return RegisterPage(
        search=search,
        total=found.total,
        page=query.offset // PAGE_SIZE + 1,
        pages=min(max(math.ceil(found.total / PAGE_SIZE), 1), MOST_PAGES),
        rows=rows_of(found.page, schemes, search.chosen.get("service", frozenset()), today),
        facets={facet: each for facet, (each, _) in offered.items()},
        more={facet: rest for facet, (_, rest) in offered.items()},
        located=located,
        also=found.also,
        instead=found.instead,
        corrected=found.corrected,
        order=query.order,
        schemes=len(found.facets.get("scheme", {})),
        loosen=() if found.total else _loosened(search, located, index, today),
    )


def no_word(search: Search) -> str:
    """A sentence where nothing of what was typed can be looked for, such as “***” or “the”; "" else."""
    if not search.words or words_of(search.words):
        return ""
    return f"There is no word to look for in “{search.words}”. Type what help is needed, such as dementia."


def locate(search: Search, places: Places) -> Located:
    """What is understood of the place that the search names."""
    return places.look_up(search.near) if search.near.strip() else Located()


def query_of(search: Search, places: Places) -> tuple[Query, Place | None, str]:
    """What an index is asked for a search; with the point it is near, or a sentence about why its place was not found."""
    located = locate(search, places)
    return _query(search, located), located.place, located.problem


def _query(search: Search, located: Located, facets: tuple[str, ...] = FACETS) -> Query:
    page = min(max(search.page, 1), MOST_PAGES)
    place = located.place
    return Query(
        words=search.words,
        filters=_filters(search, located.wide),
        near=Near(place.easting, place.northing, search.miles, place.area_code, Reach(search.reach)) if place else None,
        sort=Sort(search.sort) if search.sort else None,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        facets=facets + ((OFFER,) if search.chosen.get("service") and "availability" in facets else ()),
    )


def _filters(search: Search, wide: Wide | None) -> dict[str, frozenset[str]]:
    filters = {facet: codes for facet, codes in search.chosen.items() if codes}
    if not filters.get("status"):
        filters["status"] = frozenset(STANDING + (ENDED if search.ended else ()))
    services, rooms = filters.get("service"), filters.get("availability")
    if services and rooms:  # it is that service which has room, and not another of the same provider
        del filters["availability"]
        filters[OFFER] = frozenset(f"{service}:{room}" for service in services for room in rooms)
    if wide:
        facet, codes = _facet_of(wide)
        both = codes & filters[facet] if facet in filters else codes
        filters[facet] = both or NOWHERE
    return filters


def _facet_of(wide: Wide) -> tuple[str, frozenset[str]]:
    """The facet that a wide place narrows, and its codes: its own, or those of its councils."""
    standing = wide.code in groups() and groups()[wide.code].end is None
    if wide.kind in (REGION, ICB) and standing:
        return wide.kind, frozenset({wide.code})
    return "area", frozenset(wide.councils)


def _as_typed(found: Found, search: Search) -> Found:
    """With `exact`, nothing where only other words than those typed find something."""
    if search.exact and found.corrected:
        return replace(found, total=0, page=(), facets={}, corrected=False)
    return found


def _counts(found: Found, search: Search) -> Mapping[str, Mapping[str, int]]:
    """The counts by facet. Where one service is chosen, room is counted of that service."""
    services = search.chosen.get("service", frozenset())
    if len(services) != 1 or OFFER not in found.facets:
        return found.facets
    (service,) = services
    begin = f"{service}:"
    rooms = {code.removeprefix(begin): n for code, n in found.facets[OFFER].items() if code.startswith(begin)}
    return {**found.facets, "availability": rooms}


def check_known(search: Search, today: date) -> None:
    """Raises Invalid for a level or a scheme that there is not: for what is made of a search besides its page."""
    if any(search.chosen.get(facet) for facet in OF_EDITIONS):
        index = current_index()
        found = index.search(Query(limit=1, facets=OF_EDITIONS), today)
        _check_known(search, found, schemes_now(), index, today)


def _check_known(
    search: Search, found: Found, schemes: Mapping[int, SchemeFacts], index: RegisterIndex, today: date
) -> None:
    """Refuse a level or a scheme that the register has never had. One search more where a level found nothing."""
    for facet in OF_EDITIONS:
        unseen = {code for code in search.chosen.get(facet, ()) if not found.facets.get(facet, {}).get(code)}
        known: set[str] = set()
        if facet == "scheme":
            known = {scheme.code for scheme in schemes.values()}
        elif unseen:
            known = set(index.search(Query(limit=1, facets=(facet,)), today).facets.get(facet, {}))
        if unseen - known:
            hint = f" It can be {', '.join(sorted(known)[:MOST_HINTED])}." if known else ""
            raise Invalid({facet: f"We know no {facet} “{min(unseen - known)}”.{hint}"})


def _loosened(search: Search, located: Located, index: RegisterIndex, today: date) -> tuple[Loosening, ...]:
    """What each thing less to ask for would give, where it gives anything. At most MOST_LOOSENED searches, and three more."""
    looser: list[tuple[str, Search]] = []
    if located.place and search.miles < MILES[-1] and search.reach != Reach.SERVED:
        looser.append(("miles", replace(search, miles=MILES[-1])))
    for facet in search.chosen:
        rest = {other: codes for other, codes in search.chosen.items() if other != facet}
        looser.append((facet, replace(search, chosen=rest)))
    if search.words:
        looser.append(("words", replace(search, words="")))
    if located.place or located.wide:
        looser.append(("near", replace(search, near="")))
    if not search.ended and not search.chosen.get("status"):
        looser.append(("ended", replace(search, ended=True)))
    return _that_find(looser[:MOST_LOOSENED], located, index, today) or _that_find(
        _alone(search, located), located, index, today
    )


def _alone(search: Search, located: Located) -> list[tuple[str, Search]]:
    """The words, the place or the filters alone: for where no one thing less finds anybody."""
    bare = Search(ended=search.ended)
    alone: list[tuple[str, Search]] = []
    if search.words:
        alone.append(("only-words", replace(bare, words=search.words)))
    if located.place or located.wide:
        alone.append(("only-near", replace(bare, near=search.near, miles=search.miles, reach=search.reach)))
    if search.chosen:
        alone.append(("only-filters", replace(bare, chosen=search.chosen)))
    return alone


def _that_find(
    looser: Sequence[tuple[str, Search]], located: Located, index: RegisterIndex, today: date
) -> tuple[Loosening, ...]:
    return tuple(
        Loosening(kind, count)
        for kind, each in looser
        if (count := _count(each, located if each.near else Located(), index, today))
    )


def _count(search: Search, located: Located, index: RegisterIndex, today: date) -> int:
    query = replace(_query(replace(search, page=1), located), limit=1, facets=())
    return _as_typed(index.search(query, today), search).total
