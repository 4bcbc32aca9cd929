"""Which words are neighbours, for phrases: each pair of stems in one field as a number of 32 bits, with the entries that have it.

Two different pairs share a number about once in four billion, and whoever looks for a phrase asks for its words as well:
a phrase of two words is found as it stands. One of three is found where its first two and its last two words are neighbours.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from pyroaring import BitMap

from app.backends.search_store import Numbers, Sections, bitmap
from app.backends.search_words import mark_of
from app.backends.searching import FIELDS

FIRST, FIELD = 2_654_435_761, 40_503  # odd, so that no two pairs of a vocabulary are alike by their pattern
BITS = 0xFFFFFFFF
FREQUENT = 10_000  # entries that have a pair, from which on its bitmap is kept
MOST_KEPT = 128  # of at most 128 kilobytes each, at a million entries


class Pairs:
    """Pairs as written, sorted, and those that came since: a log of (pair, position) in 64 bits, sorted when asked."""

    def __init__(self, sections: Sections | None) -> None:
        arrays = sections.arrays if sections else {}
        nothing = np.zeros(0, np.uint32)
        self._numbers: Numbers = arrays.get("pair.numbers", nothing)
        self._ends: Numbers = arrays.get("pair.ends", nothing)
        self._positions: Numbers = arrays.get("pair.positions", nothing)
        self._looked_up = memoryview(self._numbers)
        self._frequent: dict[int, BitMap] = {}
        self._marks = array("I")
        self._runs: list[tuple[int, int, int]] = []
        self._log = array("Q")
        self._sorted: Numbers = np.zeros(0, np.uint64)

    def add(self, stems: Sequence[str], tier: int, position: int) -> None:
        """Note the words of one field. What was added is found after `close`."""
        self._marks.extend(map(mark_of, stems))
        self._runs.append((len(stems), tier, position))

    def close(self) -> None:
        """Put the pairs of all that was added into the log, at once: one by one takes too long for a million texts."""
        marks = np.frombuffer(self._marks.tobytes(), np.uint32)
        runs = np.array(self._runs, np.int64).reshape(-1, 3)
        texts = np.repeat(np.arange(len(runs)), runs[:, 0])
        within = np.flatnonzero(texts[1:] == texts[:-1])
        of = texts[within]
        numbers = pair_numbers(marks[within], marks[within + 1], runs[of, 1].astype(np.uint32))
        packed = (numbers.astype(np.uint64) << np.uint64(32)) | runs[of, 2].astype(np.uint64)
        self._log.frombytes(packed.tobytes())
        self._marks, self._runs = array("I"), []

    def tiers(self, stems: Sequence[str]) -> tuple[BitMap, ...]:
        """By field, the entries in which each of these stems stands before the next."""
        marks = [mark_of(each) for each in stems]
        pairs = list(pairwise(marks))
        return tuple(
            BitMap.intersection(*(self._having((a * FIRST + b + tier * FIELD) & BITS) for a, b in pairs))
            for tier in range(len(FIELDS))
        )

    def _having(self, number: int) -> BitMap:
        found = BitMap()
        place = bisect_left(self._looked_up, number)
        if place < len(self._looked_up) and self._looked_up[place] == number:
            found = self._written(place)
        if not self._log:
            return found
        log = self._log_sorted()
        begin = int(np.searchsorted(log, np.uint64(number << 32)))
        end = int(np.searchsorted(log, np.uint64(number << 32 | BITS), "right"))
        return found | bitmap(log[begin:end] & np.uint64(BITS)) if end > begin else found

    def _written(self, place: int) -> BitMap:
        """Who has a pair that was written. The bitmaps of frequent pairs are kept: making one takes milliseconds."""
        kept = self._frequent.get(place)
        if kept is not None:
            return kept
        begin, end = int(self._ends[place - 1]) if place else 0, int(self._ends[place])
        found = bitmap(self._positions[begin:end])
        if end - begin >= FREQUENT:
            if len(self._frequent) >= MOST_KEPT:
                self._frequent.clear()
            self._frequent[place] = found
        return found

    def _log_sorted(self) -> Numbers:
        kept = self._sorted
        if len(kept) != len(self._log):
            # A copy of its bytes: an array that is looked into cannot grow.
            kept = self._sorted = np.sort(np.frombuffer(self._log.tobytes(), np.uint64))
        return kept

    def sections(self) -> dict[str, Numbers]:
        log = _once(self._log_sorted())
        numbers, positions = (log >> np.uint64(32)).astype(np.uint32), log.astype(np.uint32)
        if len(self._numbers):
            before = np.repeat(self._numbers, np.diff(self._ends, prepend=np.uint64(0)).astype(np.int64))
            both = np.concatenate([before, numbers]).astype(np.uint64) << np.uint64(32)
            both = _once(np.sort(both | np.concatenate([self._positions, positions])))
            numbers, positions = (both >> np.uint64(32)).astype(np.uint32), both.astype(np.uint32)
        starts = np.flatnonzero(np.diff(numbers, prepend=np.uint32(numbers[0] ^ 1)) != 0) if len(numbers) else numbers
        ends = np.append(starts[1:], len(numbers)) if len(numbers) else numbers
        return {
            "pair.numbers": numbers[starts],
            "pair.ends": ends.astype(np.uint64),
            "pair.positions": positions,
        }


def pair_numbers(firsts: Numbers, seconds: Numbers, tiers: Numbers) -> Numbers:
    """The number of each pair of neighbours: of their marks and the field, all in 32 bits."""
    return firsts * np.uint32(FIRST) + seconds + tiers * np.uint32(FIELD)


def _once(ordered: Numbers) -> Numbers:
    """A sorted array without repetitions."""
    return ordered[np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))] if len(ordered) else ordered
