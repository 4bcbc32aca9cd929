"""The register's search index: one in each worker's memory, as bitmaps of terms, facets and places.

Every set of entries is a roaring bitmap of positions. An entry that changes gets a new position and its old one is no
longer live, so that a reader never sees half of a change. What each part does is told in docs/searching.md.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap

from app.backends.search_columns import Columns
from app.backends.search_day import Day, first_of
from app.backends.search_facets import Facets
from app.backends.search_filters import Filters
from app.backends.search_map import mapped, nowhere
from app.backends.search_names import Names
from app.backends.search_near import Nearby
from app.backends.search_query import Parsed, Unit, parse
from app.backends.search_relevance import by_relevance
from app.backends.search_spelling import Meant, Spelling
from app.backends.search_store import Sections, positions_of
from app.backends.search_suggest import Titled, Titles, suggestions
from app.backends.search_synonyms import NO_SYNONYMS, Synonyms
from app.backends.search_terms import Terms, Tiers
from app.backends.searching import AREA, Box, Document, Found, Mapped, Query, Sort, Suggestion

FEW = 3  # results, from which on it is asked whether a commoner word was meant
COMMONER = 20
MANY = 500  # entries that have a unit, from which on they are kept
MOST_UNITS_KEPT = 64  # of at most some hundred kilobytes each, at a million entries


_Having = tuple[Tiers, BitMap]
"""Who has a unit of a query, by where it stands best, and all of them."""


class _State(NamedTuple):
    """What a search looks at from first to last. `put` sets another one in its place and changes none.

    `units` keeps who has what was looked for last: a service has many names, and to unite them takes longer than the rest.
    `meant` keeps what words with slips in them were taken for.
    """

    live: BitMap
    day: Day | None
    units: dict[Unit, _Having]
    meant: Meant


class _Asked(NamedTuple):
    """A query worked out: its units with how many have each, and who fits words and place."""

    parsed: Parsed
    units: list[tuple[Tiers, int]]
    base: BitMap
    nearby: Nearby | None


class BitmapIndex:
    """The index itself. `put` and `search` may be called from several threads."""

    def __init__(
        self,
        synonyms: Synonyms = NO_SYNONYMS,
        status_of: Callable[[str, date, date], str] | None = None,
        titled: Titled | None = None,
        sections: Sections | None = None,
    ) -> None:
        """`status_of(stored, expires_on, today)` tells what a status is on a day; `sections` is what `sections()` gave."""
        self.synonyms = synonyms
        self._titles = Titles(titled or {})
        self._status_of = status_of or (lambda status, _expires, _today: status)
        self._columns = Columns(sections)
        self._terms = Terms(sections)
        self._facets = Facets(sections)
        self._names = Names(sections)
        live = BitMap.deserialize(sections.arrays["live"]) if sections else BitMap()
        self._state = _State(live, None, {}, {})
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._state.live)

    def with_synonyms(self, synonyms: Synonyms) -> BitmapIndex:
        """The same entries as of now, searched with other words: to try them. Nothing is put into it."""
        other = copy(self)
        other.synonyms = synonyms
        return other

    @property
    def wasted(self) -> int:
        """How many positions are no longer live."""
        return self._columns.size - len(self)

    def put(self, documents: Iterable[Document]) -> None:
        """Add entries, or replace those that are known."""
        documents = list({document.entry_id: document for document in documents}.values())
        if not documents:
            return
        with self._lock:
            new, old = self._columns.add(documents)
            for position, document in zip(new, documents, strict=True):
                self._terms.add(document.texts, position)
                self._facets.add(document, position)
                self._names.add(document.texts.get("name", ""), position)
            self._terms.close()
            live, day = self._state[:2]
            day = day.grown(documents) if day and len(documents) * 8 < len(live) else None
            self._state = _State((live | BitMap(new)) - old, day, {}, {})

    def remove(self, entry_ids: Iterable[int]) -> None:
        """Forget entries. Those that are not known are no mistake."""
        with self._lock:
            gone = BitMap(place for place in map(self._columns.position, entry_ids) if place is not None)
            self._state = self._state._replace(live=self._state.live - gone)

    def sections(self, **facts: Any) -> Sections:
        """All that it holds, to be written down; `facts` are kept beside it."""
        with self._lock:
            arrays = {
                "live": np.frombuffer(self._state.live.serialize(), np.uint8),
                **self._columns.sections(),
                **self._terms.sections(),
                **self._facets.sections(),
                **self._names.sections(),
            }
            standings = [(status, day.toordinal()) for status, day in self._columns.standings]
        return Sections({**facts, "standings": standings}, arrays)

    def search(self, query: Query, today: date) -> Found:
        """The entries that fit, as of `today`: best words first or nearest first, ties in the day's neutral order."""
        state, day = self._today(today)
        asked = self._asked(query, state)
        found = self._found(query, asked, day)
        if found.total > FEW or not query.words:
            return found
        parsed, spelling = asked.parsed, Spelling(self._terms, state.meant)
        if found.total:
            return replace(found, instead=spelling.commoner(parsed, COMMONER))
        instead = spelling.mended(parsed)
        if instead is None:
            return found
        query = replace(query, words=instead, prefix=False)
        better = self._found(query, self._asked(query, state), day)
        return replace(better if better.total else found, instead=instead, corrected=better.total > 0)

    def _today(self, today: date) -> tuple[_State, Day]:
        """What there is to look at, and what depends on the day: kept until the day changes."""
        state = self._state
        if state.day is not None and state.day.today == today:
            return state, state.day
        day = Day(today, self._columns, self._facets, self._names, self._status_of)
        with self._lock:
            if self._state is state:  # else something was put meanwhile: the next search draws up its own
                self._state = state._replace(day=day)
        return state, day

    def _found(self, query: Query, asked: _Asked, day: Day) -> Found:
        filters = Filters(day.facets, query.filters)
        matched = filters.passing(asked.base)
        page = self._page(matched, asked, query, day)
        ids, miles = self._columns["entry"], asked.nearby.miles(page) if asked.nearby else [None] * len(page)
        return Found(
            total=len(matched),
            page=tuple(zip(ids[page].tolist(), miles, strict=True)) if page else (),
            facets=filters.counts(asked.base, matched, query.facets),
            also=asked.parsed.also,
        )

    def _asked(self, query: Query, state: _State) -> _Asked:
        parsed, near = parse(query.words, self.synonyms, query.prefix), query.near
        units, base = [], state.live
        for unit in parsed.units:
            tiers, every = self._having(unit, state)
            units.append((tiers, len(every)))
            base = base & every
        if near is None:
            return _Asked(parsed, units, base, None)
        nearby = Nearby(near, self._columns, self._facets, base)
        return _Asked(parsed, units, nearby.reached, nearby)

    def _having(self, unit: Unit, state: _State) -> _Having:
        """Who has a unit. What is put while this is worked out is in a later state, whose searches ask anew."""
        kept = state.units.get(unit)
        if kept is not None:
            return kept
        known = self._facets.codes.get(self.synonyms.facet, {})
        coded = BitMap().union(*(known[code] for code in unit.codes if code in known))
        tiers = self._terms.unit(unit, coded)
        having = tiers, BitMap.union(*tiers)
        if len(having[1]) >= MANY and not unit.beginning:
            if len(state.units) >= MOST_UNITS_KEPT:
                state.units.clear()
            state.units[unit] = having
        return having

    def _page(self, matched: BitMap, asked: _Asked, query: Query, day: Day) -> list[int]:
        end = query.offset + query.limit
        if query.order is Sort.DISTANCE and asked.nearby:
            return asked.nearby.nearest(matched, day, end)[query.offset :]
        if query.order is not Sort.RELEVANCE:
            return first_of(matched, end, day.order(query.order))[query.offset :]
        named = self._names.exactly(asked.parsed.name) if asked.units else BitMap()
        found: list[int] = []
        for group in by_relevance(matched, asked.units, named):
            found += first_of(group, end - len(found), day.order(Sort.RELEVANCE))
            if len(found) >= end:
                break
        return found[query.offset :]

    def warm(self, today: date) -> None:
        """Draw up what every search of the day looks at, so that the first does not wait for it: eight bytes an entry an order."""
        _, day = self._today(today)
        for sort in (Sort.RELEVANCE, Sort.NAME, Sort.NEWEST):
            day.order(sort)

    def suggest(self, beginning: str, today: date, limit: int = 8) -> tuple[Suggestion, ...]:
        """What may be meant by the beginning of a word or name, the most useful first."""
        state, _ = self._today(today)
        found: dict[str, Suggestion] = {}
        for each in suggestions(beginning[:80], self._titles, self._facets.codes, self._names, self._terms, state.live):
            found.setdefault(each.words.lower(), each)
            if len(found) >= limit:
                break
        return tuple(found.values())

    def matching(self, query: Query, today: date) -> Sequence[int]:
        """The ids of all entries that fit, in the order of id. `offset` and `limit` are left aside."""
        matched, _ = self._matched(query, today)
        return array("q", np.sort(self._columns["entry"][positions_of(matched)]).tobytes())

    def on_map(self, query: Query, today: date, box: Box, most: int) -> Mapped:
        """The entries that fit on a map, counted by its squares, with `most` of them drawn by lot."""
        matched, day = self._matched(query, today)
        return mapped(positions_of(matched), self._columns, day.lots, box, most)

    def without_place(self, query: Query, today: date, councils: Sequence[str]) -> Mapping[str, int]:
        """How many of those that fit work in each of these councils and say not where they are based."""
        chosen = {facet: codes for facet, codes in query.filters.items() if facet != AREA}
        matched, _ = self._matched(replace(query, filters=chosen), today)
        working = self._facets.codes.get(AREA, {})
        known = {code: working[code] for code in councils if code in working}
        return {code: nowhere(positions_of(matched & having), self._columns) for code, having in known.items()}

    def _matched(self, query: Query, today: date) -> tuple[BitMap, Day]:
        state, day = self._today(today)
        return Filters(day.facets, query.filters).passing(self._asked(query, state).base), day

    def facet_counts(self, query: Query, today: date, facets: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """The counts of these facets alone, as `search` gives them."""
        state, day = self._today(today)
        base = self._asked(query, state).base
        filters = Filters(day.facets, query.filters)
        return filters.counts(base, filters.passing(base), facets)
