"""The register's search index: one in each worker's memory, as bitmaps of terms, facets and places.

Every set of entries is a roaring bitmap of positions. An entry that changes gets a new position and its old one is no
longer live, so that a reader never sees half of a change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from itertools import product
from math import inf

from pyroaring import BitMap
from rapidfuzz import process

from app.backends.search_words import NO_SYNONYMS, Synonyms, stem, words_of
from app.backends.searching import AREA, FIELDS, Document, Found, Near, Query, Sort
from app.domain.places import METRES_IN_A_MILE, miles_between

TIER_WEIGHT = (8.0, 4.0, 2.0, 1.0)
RANKED_UNITS = 3  # beyond the three rarest, words must be there but do not rank
CELL = 10_000  # metres: the side of the squares in which places are kept
SIMILAR = 78  # of 100: how alike a word must be to be offered instead
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word or phrase of the query as disjoint sets by tier: where its best place is the name, the services ..."""

    tiers: tuple[BitMap, ...]

    @property
    def all(self) -> BitMap:
        return BitMap.union(*self.tiers)


@dataclass(frozen=True, slots=True)
class _Day:
    """What depends on the day: who of `live` has which status, and the neutral order, as a list and as ranks."""

    today: date
    live: BitMap
    statuses: dict[str, BitMap]
    order: list[int]
    rank: list[int]


class BitmapIndex:
    """The index itself. `put` and `search` may be called from several threads; `put` from one at a time."""

    def __init__(
        self, synonyms: Synonyms = NO_SYNONYMS, status_of: Callable[[str, date, date], str] | None = None
    ) -> None:
        """`status_of(stored, expires_on, today)` tells what a status is on a day."""
        self.synonyms = synonyms
        self._status_of = status_of or (lambda status, _expires, _today: status)
        self._terms: dict[str, tuple[BitMap, ...]] = {}
        self._spelt: dict[str, Counter[str]] = {}
        self._facets: dict[str, dict[str, BitMap]] = {}
        self._cells: dict[tuple[int, int], BitMap] = {}
        self._documents: list[Document] = []
        self._positions: dict[int, int] = {}
        self._live = BitMap()
        self._day: _Day | None = None

    def __len__(self) -> int:
        return len(self._live)

    @property
    def wasted(self) -> int:
        """How many positions are no longer live."""
        return len(self._documents) - len(self._live)

    def put(self, documents: Iterable[Document]) -> None:
        """Add entries, or replace those that are known."""
        new, old = BitMap(), BitMap()
        for document in documents:
            position = len(self._documents)
            # Words and facets are in the bitmaps from here on: keeping them twice would take most of the memory.
            self._documents.append(replace(document, texts=NOTHING, facets=NOTHING))
            self._add(document, position)
            if document.entry_id in self._positions:
                old.add(self._positions[document.entry_id])
            self._positions[document.entry_id] = position
            new.add(position)
        self._live = (self._live | new) - old

    def _add(self, document: Document, position: int) -> None:
        for tier, name in enumerate(FIELDS):
            for word in set(words_of(document.texts.get(name, ""))):
                term = stem(word)
                places = self._terms.get(term)
                if places is None:
                    self._spelt[term] = Counter()
                    places = self._terms[term] = tuple(BitMap() for _ in FIELDS)
                places[tier].add(position)
                self._spelt[term][word] += 1
        for facet, codes in document.facets.items():
            known = self._facets.setdefault(facet, {})
            for code in codes:
                known.setdefault(code, BitMap()).add(position)
        if document.easting is not None and document.northing is not None:
            cell = (document.easting // CELL, document.northing // CELL)
            self._cells.setdefault(cell, BitMap()).add(position)

    def search(self, query: Query, today: date) -> Found:
        """The entries that fit, as of `today`: best words first or nearest first, ties in the day's neutral order."""
        live = self._live  # replaced by every `put` and never changed: what this search sees from first to last
        day = self._today(today, live)
        units, also = self._units(query.words)
        base = live.copy()
        for unit in units:
            base &= unit.all
        miles: dict[int, float] = {}
        if query.near:
            base, miles = self._within(base, query.near)
        facets = {**self._facets, "status": day.statuses}
        matched, counts = _filtered(base, facets, query.filters)
        page = self._page(matched, units, miles, query, day)
        return Found(
            total=len(matched),
            page=tuple((self._documents[position].entry_id, miles.get(position)) for position in page),
            facets=counts,
            also=also,
            instead=self._instead(query.words, units) if not matched else None,
        )

    def _today(self, today: date, live: BitMap) -> _Day:
        """What depends on the day, kept until the day or the entries change."""
        day = self._day
        if day is None or day.today != today or day.live is not live:
            statuses: dict[str, BitMap] = {}
            for position in live:
                document = self._documents[position]
                status = self._status_of(document.status, document.expires_on, today)
                statuses.setdefault(status, BitMap()).add(position)
            salt = today.isoformat().encode()
            order = sorted(live, key=lambda position: self._draw(position, salt))
            rank = [0] * len(self._documents)
            for place, position in enumerate(order):
                rank[position] = place
            day = self._day = _Day(today, live, statuses, order, rank)
        return day

    def _draw(self, position: int, salt: bytes) -> bytes:
        """An entry's lot for the day: nobody can choose it, and everyone can check it."""
        return blake2b(str(self._documents[position].entry_id).encode(), key=salt, digest_size=8).digest()

    def _units(self, text: str) -> tuple[list[_Unit], tuple[str, ...]]:
        stems = [stem(word) for word in words_of(text)]
        units: list[_Unit] = []
        also: list[str] = []
        place = 0
        while place < len(stems):
            length, codes = self._longest_phrase(stems, place)
            units.append(self._unit(stems[place : place + length], codes))
            also += [self.synonyms.titles[code] for code in sorted(codes)]
            place += length
        said = " ".join(stems)
        return units, tuple(title for title in dict.fromkeys(also) if " ".join(map(stem, words_of(title))) not in said)

    def _longest_phrase(self, stems: list[str], place: int) -> tuple[int, frozenset[str]]:
        for length in range(min(self.synonyms.longest, len(stems) - place), 0, -1):
            codes = self.synonyms.phrases.get(tuple(stems[place : place + length]))
            if codes:
                return length, codes
        return 1, frozenset()

    def _unit(self, stems: list[str], codes: frozenset[str]) -> _Unit:
        nothing = tuple(BitMap() for _ in FIELDS)
        sets = [self._terms.get(each, nothing) for each in stems]
        every = BitMap.intersection(*(BitMap.union(*each) for each in sets))
        known = self._facets.get(self.synonyms.facet, {})
        coded = BitMap().union(*(known.get(code, BitMap()) for code in codes)) if codes else BitMap()
        tiers: list[BitMap] = []
        rest = every | coded
        for tier, name in enumerate(FIELDS):
            here = rest & BitMap.union(*(each[tier] for each in sets))
            if name == "services":
                here |= rest & coded
            tiers.append(here)
            rest = rest - here
        return _Unit(tuple(tiers))

    def _within(self, base: BitMap, near: Near) -> tuple[BitMap, dict[int, float]]:
        reach = near.miles * METRES_IN_A_MILE
        columns = range(int((near.easting - reach) // CELL), int((near.easting + reach) // CELL) + 1)
        rows = range(int((near.northing - reach) // CELL), int((near.northing + reach) // CELL) + 1)
        around = BitMap()
        for cell in product(columns, rows):
            if cell in self._cells:
                around |= self._cells[cell]
        miles: dict[int, float] = {}
        for position in around & base:
            document = self._documents[position]
            assert document.easting is not None and document.northing is not None
            away = miles_between(near.easting, near.northing, document.easting, document.northing)
            if away <= near.miles:
                miles[position] = away
        serving = base & self._facets.get(AREA, {}).get(near.area_code, BitMap())
        return serving | BitMap(miles), miles

    def _page(
        self, matched: BitMap, units: list[_Unit], miles: Mapping[int, float], query: Query, day: _Day
    ) -> list[int]:
        end = query.offset + query.limit
        if query.order is Sort.DISTANCE:
            # Whoever is based further off, or nowhere that may be told, comes after those who are near.
            return sorted(matched, key=lambda each: (round(miles.get(each, inf), 1), day.rank[each]))[
                query.offset : end
            ]
        found: list[int] = []
        for group in _by_relevance(matched, units):
            found += _in_order(group, day.order, day.rank, end - len(found))
            if len(found) >= end:
                break
        return found[query.offset : end]

    def _instead(self, text: str, units: list[_Unit]) -> str | None:
        """The same words with those that stand nowhere replaced by the likest that do; None where there is none."""
        words = words_of(text)
        unknown = [word for word in words if stem(word) not in self._terms]
        if not unknown or not self._terms:
            return None
        replaced = {}
        for word in unknown:
            likest = process.extractOne(stem(word), list(self._spelt), score_cutoff=SIMILAR)
            if likest is None:
                return None
            replaced[word] = self._spelt[likest[0]].most_common(1)[0][0]
        return " ".join(replaced.get(word, word) for word in words)


def _filtered(
    base: BitMap, facets: Mapping[str, Mapping[str, BitMap]], filters: Mapping[str, frozenset[str]]
) -> tuple[BitMap, dict[str, dict[str, int]]]:
    """The entries of `base` that pass every filter, and for each facet the counts that passing the others leaves."""
    chosen = {
        facet: BitMap().union(*(facets.get(facet, {}).get(code, BitMap()) for code in codes))
        for facet, codes in filters.items()
        if codes
    }
    counts: dict[str, dict[str, int]] = {}
    for facet, codes in facets.items():
        others = base.copy()
        for name, fits in chosen.items():
            if name != facet:
                others &= fits
        # A copy of the items: a code may be added by another thread meanwhile.
        found = {code: others.intersection_cardinality(entries) for code, entries in list(codes.items())}
        counts[facet] = {code: count for code, count in found.items() if count or code in filters.get(facet, ())}
    matched = base
    for fits in chosen.values():
        matched = matched & fits
    return matched, counts


def _by_relevance(matched: BitMap, units: list[_Unit]) -> Iterable[BitMap]:
    """The matched entries in groups of equal relevance, the best group first.

    A word counts the more, the rarer it is and the more telling the place where it stands.
    """
    rarest = sorted(units, key=lambda unit: len(unit.all))[:RANKED_UNITS]
    if not rarest or not matched:
        return [matched]
    rarity = [1 / (1 + len(unit.all)) ** 0.5 for unit in rarest]
    combinations = sorted(
        product(range(len(FIELDS)), repeat=len(rarest)),
        key=lambda tiers: (-sum(rare * TIER_WEIGHT[tier] for rare, tier in zip(rarity, tiers, strict=True)), tiers),
    )
    return (_all_of(matched, rarest, tiers) for tiers in combinations)


def _all_of(matched: BitMap, units: list[_Unit], tiers: tuple[int, ...]) -> BitMap:
    group = matched
    for unit, tier in zip(units, tiers, strict=True):
        group = group & unit.tiers[tier]
    return group


def _in_order(group: BitMap, order: list[int], rank: list[int], wanted: int) -> list[int]:
    """The first `wanted` of a group in the day's order: by walking the order if the group is large, else by sorting."""
    if len(group) * 8 < len(order):
        return sorted(group, key=rank.__getitem__)[:wanted]
    found: list[int] = []
    for position in order:
        if position in group:
            found.append(position)
            if len(found) == wanted:
                break
    return found
