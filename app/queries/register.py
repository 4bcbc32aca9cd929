"""Searching the public register."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.backends.postcodes import Places, area_names
from app.backends.searching import Near, Query, Sort
from app.domain.errors import Invalid
from app.domain.places import Place
from app.extensions import db
from app.models import RegisterEntry, Scheme
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles
from app.queries.register_index import current_index
from app.queries.register_rows import ENDED, STANDING, STATUS_TITLES, EntryRow, entry_row

PAGE_SIZE = 20
MOST_PAGES = 2_000
MILES = (5, 10, 20, 40)
DEFAULT_MILES = 20
FACETS = ("service", "group", "level", "area", "status", "scheme")


@dataclass(frozen=True)
class Search:
    """What is looked for. `chosen` maps a facet to its codes; `near` is a place as typed; `page` counts from 1."""

    words: str = ""
    near: str = ""
    miles: int = DEFAULT_MILES
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ended: bool = False
    sort: str = ""  # "relevance" or "distance"; by default distance where there is a place
    page: int = 1


@dataclass(frozen=True)
class Choice:
    """One code of a facet: how many entries there would be, and whether it is chosen."""

    code: str
    title: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class RegisterPage:
    """A page of results. `problem` is a sentence about the place where it was not found; the rest is then without it."""

    search: Search
    total: int
    page: int
    pages: int
    rows: tuple[EntryRow, ...]
    facets: Mapping[str, tuple[Choice, ...]]
    place: Place | None
    problem: str
    also: tuple[str, ...]
    instead: str | None
    by_distance: bool
    schemes: int
    corrected: bool = False  # that the results are those of `instead`
    council: str = ""  # in which the place lies: whoever works there is found too


def search_register(search: Search, places: Places, today: date) -> RegisterPage:
    """The page of the register that `search` asks for, as of `today`. Four statements, whatever it finds."""
    query, place, problem = query_of(search, places)
    by_distance = query.sort is Sort.DISTANCE
    page = min(max(search.page, 1), MOST_PAGES)
    index = current_index()
    found = index.search(query, today)
    schemes = _schemes()
    return RegisterPage(
        search=search,
        total=found.total,
        page=page,
        pages=min(max(math.ceil(found.total / PAGE_SIZE), 1), MOST_PAGES),
        rows=_rows(found.page, schemes, today),
        facets=_facets(found.facets, search, schemes),
        place=place,
        problem=problem,
        also=found.also,
        instead=found.instead,
        corrected=found.corrected,
        by_distance=by_distance,
        schemes=len(found.facets.get("scheme", {})),
        council=area_names().get(place.area_code, "") if place else "",
    )


def query_of(search: Search, places: Places) -> tuple[Query, Place | None, str]:
    """What an index is asked for a search; with the place it is near, or a sentence about why that was not found."""
    place, problem = _place(search.near, places)
    by_distance = place is not None and search.sort != "relevance"
    filters = dict(search.chosen)
    if not filters.get("status"):
        filters["status"] = frozenset(STANDING + (ENDED if search.ended else ()))
    query = Query(
        words=search.words,
        filters=filters,
        near=Near(place.easting, place.northing, search.miles, place.area_code) if place else None,
        sort=Sort.DISTANCE if by_distance else Sort.RELEVANCE,
        offset=(min(max(search.page, 1), MOST_PAGES) - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    return query, place, problem


def _place(text: str, places: Places) -> tuple[Place | None, str]:
    if not text.strip():
        return None, ""
    try:
        return places.locate(text), ""
    except Invalid as unknown:
        return None, unknown.message


def _schemes() -> dict[int, Scheme]:
    return {scheme.id: scheme for scheme in db.session.scalars(select(Scheme))}


def _rows(page: Sequence[tuple[int, float | None]], schemes: Mapping[int, Scheme], today: date) -> tuple[EntryRow, ...]:
    ids = [entry_id for entry_id, _ in page]
    found = db.session.scalars(select(RegisterEntry).where(RegisterEntry.id.in_(ids)))
    entries = {entry.id: entry for entry in found}
    return tuple(
        entry_row(entries[entry_id], miles, schemes[entries[entry_id].scheme_id], today)
        for entry_id, miles in page
        if entry_id in entries
    )


def _facets(
    counts: Mapping[str, Mapping[str, int]], search: Search, schemes: Mapping[int, Scheme]
) -> dict[str, tuple[Choice, ...]]:
    named: dict[str, Mapping[str, str]] = {
        "service": titles(SERVICES),
        "group": titles(CLIENT_GROUPS),
        "area": area_names(),
        "status": {status.value: words for status, words in STATUS_TITLES.items()},
        "scheme": {scheme.code: scheme.title for scheme in schemes.values()},
        "level": {},
    }
    return {
        facet: _choices(counts.get(facet, {}), named[facet], search.chosen.get(facet, frozenset())) for facet in FACETS
    }


def _choices(counts: Mapping[str, int], names: Mapping[str, str], chosen: frozenset[str]) -> tuple[Choice, ...]:
    """The most frequent first; what is chosen stays in sight whatever its count."""
    found = {**dict.fromkeys(chosen & set(names), 0), **counts}
    choices = [
        Choice(code, names.get(code, code.replace("-", " ").capitalize()), count, code in chosen)
        for code, count in found.items()
    ]
    return tuple(sorted(choices, key=lambda choice: (-choice.count, choice.title)))
