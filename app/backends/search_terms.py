"""Which words stand where: for each stem the entries by its most telling place, for each pair of neighbours the entries too."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from pyroaring import BitMap

from app.backends.search_pairs import Pairs
from app.backends.search_query import Unit, Way
from app.backends.search_store import Numbers, Postings, Sections, joined
from app.backends.search_words import stem, words_of
from app.backends.searching import FIELDS

Tiers = tuple[BitMap, ...]
"""One bitmap a field of FIELDS, disjoint: an entry is where the word stands best."""

MOST_CONTINUED = 64
"""So many of the most frequent words count where one is only begun."""
LAST = "\U0010ffff"


class Terms:
    """The words of all texts. Written by one thread at a time; a reader asks for what it knows to be there."""

    def __init__(self, sections: Sections | None = None) -> None:
        self._stems: list[str] = sections.lines("stems") if sections else []
        self._words: list[str] = sections.lines("words") if sections else []
        arrays: Mapping[str, Numbers] = sections.arrays if sections else {}
        nothing = np.zeros(1, np.uint64)
        self._counts = arrays.get("word.counts", nothing[:0])
        self._postings = Postings(arrays.get("stem.offsets", nothing), arrays.get("stem.blob", nothing[:0]))
        self.pairs = Pairs(sections)
        self._new: dict[str, Tiers] = {}
        self._spelt: Counter[str] = Counter()
        self._sorted: list[str] = []

    def add(self, texts: Mapping[str, str], position: int) -> None:
        best: dict[str, int] = {}
        for tier, name in enumerate(FIELDS):
            words = words_of(texts.get(name, ""))
            stems = [stem(word) for word in words]
            self._spelt.update(words)
            self.pairs.add(stems, tier, position)
            best = dict.fromkeys(stems, tier) | best
        for stemmed, tier in best.items():
            tiers = self._new.get(stemmed)
            if tiers is None:
                tiers = self._new[stemmed] = tuple(BitMap() for _ in FIELDS)
            tiers[tier].add(position)

    def close(self) -> None:
        """What was added is complete: phrases find it from here on."""
        self.pairs.close()

    def knows(self, stemmed: str) -> bool:
        return stemmed in self._new or self._place(stemmed) is not None

    def _place(self, stemmed: str) -> int | None:
        place = bisect_left(self._stems, stemmed)
        return place if place < len(self._stems) and self._stems[place] == stemmed else None

    def tiers(self, stemmed: str) -> Tiers:
        """Where a stem stands, or stood: whoever asks holds it against what is live."""
        new, place = self._new.get(stemmed), self._place(stemmed)
        if place is None:
            return new or tuple(BitMap() for _ in FIELDS)
        kept = tuple(self._postings[place * len(FIELDS) + tier] for tier in range(len(FIELDS)))
        return kept if new is None else tuple(a | b for a, b in zip(kept, new, strict=True))

    def unit(self, unit: Unit, coded: BitMap) -> Tiers:
        """Where any of a unit's ways stands; `coded` are the entries of its codes, which stand with the services."""
        ways = [self._way(way) for way in unit.ways]
        if unit.beginning:
            ways += [self.tiers(each) for each in dict.fromkeys(map(stem, self.beginning(unit.beginning)))]
        if len(ways) == 1 and not coded:
            return ways[0]
        return _disjoint(ways, coded)

    def _way(self, way: Way) -> Tiers:
        if len(way.stems) == 1:
            return self.tiers(way.stems[0])
        if way.adjacent:
            return _disjoint([self.pairs.tiers(way.stems)], BitMap())
        sets = [self.tiers(each) for each in way.stems]
        every = BitMap.intersection(*(BitMap.union(*each) for each in sets))
        return tuple(every & each for each in _disjoint(sets, BitMap()))

    def beginning(self, letters: str, most: int = MOST_CONTINUED) -> list[str]:
        """The most frequent words that begin so, the most frequent first, and of equal ones the first in the alphabet."""
        begin, end = bisect_left(self._words, letters), bisect_left(self._words, letters + LAST)
        counts = self._counts[begin:end]
        if len(counts) > most:
            # Twice as many, since some may gain or lose by what came since the index was written.
            places = np.argpartition(counts, len(counts) - 2 * most)[-2 * most :] if len(counts) > 2 * most else ...
            found = {self._words[begin + place] for place in np.arange(len(counts))[places].tolist()}
        else:
            found = set(self._words[begin:end])
        spelt = self._alphabet()
        found.update(spelt[bisect_left(spelt, letters) : bisect_left(spelt, letters + LAST)])
        return sorted(found, key=lambda word: (-self.count(word), word))[:most]

    def _alphabet(self) -> list[str]:
        """The words that came since the index was written, sorted. Kept until another one comes."""
        kept = self._sorted
        if len(kept) != len(self._spelt):
            kept = self._sorted = sorted(list(self._spelt))
        return kept

    def count(self, word: str) -> int:
        """How often a word was written, as it is spelt."""
        place = bisect_left(self._words, word)
        known = int(self._counts[place]) if place < len(self._words) and self._words[place] == word else 0
        return known + self._spelt.get(word, 0)

    def vocabulary(self) -> tuple[Sequence[str], Sequence[str]]:
        """All words, sorted: those of the written index, and those that came since."""
        return self._words, self._alphabet()

    def sections(self) -> dict[str, Numbers]:
        stems = sorted({*self._stems, *self._new})
        words = sorted({*self._words, *self._spelt})
        offsets, blob = Postings.packed(each for stemmed in stems for each in self.tiers(stemmed))
        return {
            "stems": joined(stems),
            "stem.offsets": offsets,
            "stem.blob": blob,
            "words": joined(words),
            "word.counts": np.array([self.count(word) for word in words], np.uint32),
            **self.pairs.sections(),
        }


def _disjoint(ways: Iterable[Tiers], coded: BitMap) -> Tiers:
    """Several ways as one: each entry where it stands best."""
    ways = list(ways)
    tiers: list[BitMap] = []
    before = BitMap()
    for tier, name in enumerate(FIELDS):
        here = BitMap().union(*(way[tier] for way in ways))
        if name == "services":
            here |= coded
        here -= before
        before |= here
        tiers.append(here)
    return tuple(tiers)
