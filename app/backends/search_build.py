"""An index built from nothing, of all entries at once: the same sections as putting them one by one gives, many times quicker.

Words and codes become numbers as they are read; numbers are sorted a run at a time and wait on disk, so that the memory
does not grow with the entries but by a few bytes each. At last everybody gets a position beside those of the same council
and the same square: whoever has a council, or is within reach, stands together, and is counted and looked at many times quicker.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from pyroaring import BitMap

from app.backends.search_columns import Columns
from app.backends.search_facets import CELL, Facets
from app.backends.search_lexicon import written_words
from app.backends.search_names import written_names
from app.backends.search_pairs import pair_numbers
from app.backends.search_spill import Runs, Spilled
from app.backends.search_store import Numbers, Sections, bitmap, positions_of
from app.backends.search_terms import by_mark, written_stems
from app.backends.search_vocabulary import BETWEEN, Vocabulary
from app.backends.searching import AREA, FIELDS, Document

RUN = 50_000  # entries of which the words are sorted at once
LOW = np.uint64(32)
BELOW = np.uint64(0xFFFFFFFF)


class Building:
    """Takes every entry once, then tells the sections."""

    def __init__(self) -> None:
        self._columns = Columns()
        self._words = _Words()
        self._codes = _Codes()
        self._names: list[str] = []
        self._councils: dict[str, int] = {}
        self._council = array("I")

    def __len__(self) -> int:
        return self._columns.size

    def add(self, documents: Sequence[Document]) -> None:
        """More entries, none of which was added before."""
        begin = len(self)
        self._columns.append(documents)
        self._words.add(documents, begin)
        self._codes.add(documents, begin)
        self._names += [document.texts.get("name", "") for document in documents]
        first = (next(iter(document.facets.get(AREA, ())), "") for document in documents)
        self._council.extend([self._councils.setdefault(code, len(self._councils)) for code in first])

    def sections(self, **facts: Any) -> Sections:
        """All of it, to be written down with `facts`. Nothing can be added any more."""
        order = self._by_place()
        places = np.empty(len(order), np.uint32)
        places[order] = np.arange(len(order), dtype=np.uint32)
        names, self._names = [self._names[place] for place in order.tolist()], []
        self._columns.arrange(order)
        standings = [(status, day.toordinal()) for status, day in self._columns.standings]
        arrays = {
            "live": np.frombuffer(BitMap(range(len(self))).serialize(), np.uint8),
            **self._columns.sections(),
            **self._codes.sections(places),
            **written_names(names),
            **self._words.sections(places),
        }
        return Sections({**facts, "standings": standings}, arrays)

    def _by_place(self) -> Numbers:
        """By the first of their councils, in the order of codes, which follows counties, and within it by square."""
        ranks = np.zeros(len(self._councils), np.uint32)
        ranks[[self._councils[code] for code in sorted(self._councils)]] = np.arange(len(ranks))
        councils = ranks[np.frombuffer(self._council, np.uint32)]
        return np.lexsort((self._columns["north"] // CELL, self._columns["east"] // CELL, councils))


class _Words:
    """Which words stand where, and which are neighbours."""

    def __init__(self) -> None:
        self._known = Vocabulary()
        self._counts = np.zeros(0, np.int64)
        self._numbers = array("I")
        self._begin = 0
        self._entries = 0
        self._standing, self._pairs = Runs(), Runs()

    def add(self, documents: Sequence[Document], begin: int) -> None:
        texts = [document.texts.get(name, "") for document in documents for name in FIELDS]
        self._numbers += self._known.numbers(texts)
        self._entries = begin + len(documents)
        if self._entries - self._begin >= RUN:
            self._close()

    def _close(self) -> None:
        """Sort what was read since the last time: who has which stem, and which two stems side by side."""
        numbers = np.frombuffer(self._numbers, np.uint32)
        self._numbers = array("I")
        texts = np.cumsum(numbers == BETWEEN, dtype=np.uint32)
        said = numbers > BETWEEN
        numbers, texts = numbers[said], texts[said]
        self._count(numbers)
        tiers = texts % np.uint32(len(FIELDS))
        positions = (texts // np.uint32(len(FIELDS)) + np.uint32(self._begin)).astype(np.uint64)
        self._begin = self._entries
        self._standing.append(self._best(numbers, tiers, positions))
        within = np.flatnonzero(texts[1:] == texts[:-1])
        marks = np.frombuffer(self._known.marks, np.uint32)[numbers]
        pairs = pair_numbers(marks[within], marks[within + 1], tiers[within])
        self._pairs.append(_sorted_once(pairs.astype(np.uint64) << LOW | positions[within]))

    def _count(self, numbers: Numbers) -> None:
        counts = np.bincount(numbers, minlength=len(self._known.words))
        counts[: len(self._counts)] += self._counts
        self._counts = counts

    def _best(self, numbers: Numbers, tiers: Numbers, positions: Numbers) -> Numbers:
        """Stem, tier and position in one number, ascending: each entry once for each stem, where it stands best."""
        stems = np.frombuffer(self._known.stem_of, np.uint32)[numbers].astype(np.uint64)
        bits = np.uint64(2)
        keys = np.sort(stems << (LOW + bits) | positions << bits | tiers)
        first = np.append(True, keys[1:] >> bits != keys[:-1] >> bits) if len(keys) else slice(0)
        keys = keys[first]
        tier, position = keys & np.uint64(3), keys >> bits & BELOW
        return np.sort(keys >> (LOW + bits) << (LOW + bits) | tier << LOW | position)

    def sections(self, places: Numbers) -> dict[str, Numbers]:
        """All of it, with the position of each that was added at `places`."""
        self._close()
        stems, standing = self._in_order(places)
        sizes = np.zeros(len(stems) * len(FIELDS), np.uint64)
        blob = Spilled(np.uint8)
        for keys in standing.merged():
            packed = bytearray()
            for place, positions in _groups(keys):
                written = bitmap(positions).serialize()
                sizes[place] = len(written)
                packed += written
            blob.append(np.frombuffer(packed, np.uint8))
        spelt = sorted(zip(self._known.words[2:], self._counts[2:].tolist(), strict=True))
        return {
            **written_stems(stems),
            "stem.offsets": np.append(np.uint64(0), np.cumsum(sizes)).astype(np.uint64),
            "stem.blob": blob.array(),
            **written_words([word for word, _ in spelt], [count for _, count in spelt]),
            **self._paired(places),
        }

    def _in_order(self, places: Numbers) -> tuple[list[tuple[int, str]], Runs]:
        """The stems in their order, and who has them by the place in it."""
        numbers = self._known.stems
        stems = by_mark(list(numbers)[1:])
        ranks = np.zeros(len(numbers), np.uint64)
        ranks[np.array([numbers[each] for _, each in stems], np.int64)] = np.arange(len(stems), dtype=np.uint64)
        ranked, high = Runs(), LOW + np.uint64(2)
        for run in self._standing.runs():
            ranked.append(np.sort(ranks[run >> high] << high | run & np.uint64(3 << 32) | places[run & BELOW]))
        return stems, ranked

    def _paired(self, places: Numbers) -> dict[str, Numbers]:
        numbers, sizes, positions = Spilled(np.uint32), Spilled(np.uint64), Spilled(np.uint32)
        for keys in self._pairs.merged():
            high = (keys >> LOW).astype(np.uint32)
            starts = _starts(high)
            numbers.append(high[starts])
            sizes.append(np.diff(np.append(starts, len(high))))
            positions.append(np.sort(keys & ~BELOW | places[keys & BELOW]) & BELOW)
        ends = np.cumsum(sizes.array(), dtype=np.uint64)
        return {"pair.numbers": numbers.array(), "pair.ends": ends, "pair.positions": positions.array()}


class _Codes(dict[tuple[str, ...], int]):
    """Who has which code, and who is in which square: each kind of line that `Facets` reads as a number."""

    def __init__(self) -> None:
        super().__init__()
        self._having: list[BitMap] = []
        self._several: dict[str, dict[tuple[str, ...], array[int]]] = {}
        self._dated: dict[tuple[str, str, Any], int] = {}
        self._cells: dict[tuple[int, int], int] = {}
        self._numbers, self._positions = array("I"), array("I")

    def __missing__(self, key: tuple[str, ...]) -> int:
        number = self[key] = len(self._having)
        self._having.append(BitMap())
        return number

    def add(self, documents: Sequence[Document], begin: int) -> None:
        numbers, sizes = self._numbers, []
        for document in documents:
            before = len(numbers)
            self._add(document, numbers)
            sizes.append(len(numbers) - before)
        positions = np.arange(begin, begin + len(documents), dtype=np.uint32)
        self._positions.frombytes(np.repeat(positions, sizes).tobytes())
        if len(numbers) > RUN * 20:
            self._close()

    def _add(self, document: Document, numbers: array[int]) -> None:
        several = self._several
        for facet, codes in document.facets.items():
            if codes:
                try:
                    numbers += several[facet][codes]  # type: ignore[index]
                except (KeyError, TypeError):  # new, or not a tuple
                    numbers += self._of(facet, tuple(codes))
        for facet, pairs in document.until.items():
            for code, last in pairs:
                numbers.append(self._until(facet, code, last))
        if document.easting is not None and document.northing is not None:
            numbers.append(self._cell(document.easting // CELL, document.northing // CELL))

    def _of(self, facet: str, codes: tuple[str, ...]) -> array[int]:
        known = self._several.setdefault(facet, {})
        numbers = known.get(codes)
        if numbers is None:
            numbers = known[codes] = array("I", [self["code", facet, code] for code in codes])
        return numbers

    def _cell(self, east: int, north: int) -> int:
        known = self._cells.get((east, north))
        if known is None:
            known = self._cells[east, north] = self["cell", str(east), str(north)]
        return known

    def _until(self, facet: str, code: str, last: Any) -> int:
        key = facet, code, last
        known = self._dated.get(key)
        if known is None:
            known = self._dated[key] = self["until", facet, code, str(last.toordinal())]
        return known

    def _close(self) -> None:
        numbers = np.frombuffer(self._numbers, np.uint32).astype(np.uint64)
        keys = np.sort(numbers << LOW | np.frombuffer(self._positions, np.uint32))
        for number, positions in _groups(keys):
            self._having[number] |= bitmap(positions)
        self._numbers, self._positions = array("I"), array("I")
        self._several.clear()

    def sections(self, places: Numbers) -> dict[str, Numbers]:
        """All of it, with the position of each that was added at `places`."""
        self._close()
        facets = Facets()
        for key, number in self.items():
            having = bitmap(np.sort(places[positions_of(self._having[number])]))
            having.run_optimize()
            facets.read(key, having)
        return facets.sections()


def _groups(keys: Numbers) -> Iterator[tuple[int, Numbers]]:
    """Sorted numbers by their upper half: that, and the lower halves."""
    if not len(keys):
        return
    high, low = (keys >> LOW).astype(np.uint32), (keys & BELOW).astype(np.uint32)
    starts = _starts(high)
    ends = np.append(starts[1:], len(keys)).tolist()
    for number, begin, end in zip(high[starts].tolist(), starts.tolist(), ends, strict=True):
        yield number, low[begin:end]


def _starts(ordered: Numbers) -> Numbers:
    """Where another number begins in a sorted array."""
    if not len(ordered):
        return np.zeros(0, np.int64)
    return np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))


def _sorted_once(numbers: Numbers) -> Numbers:
    numbers = np.sort(numbers)
    return numbers[_starts(numbers)]
