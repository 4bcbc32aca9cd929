"""Which words stand where: for each stem the entries by its most telling place, for each pair of neighbours the entries too."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from pyroaring import BitMap

from app.backends.search_lexicon import Lexicon
from app.backends.search_pairs import Pairs
from app.backends.search_query import Unit, Way
from app.backends.search_store import Numbers, Postings, Sections, Texts
from app.backends.search_words import mark_of, stem, words_of
from app.backends.searching import FIELDS

Tiers = tuple[BitMap, ...]
"""One bitmap a field of FIELDS, disjoint: an entry is where the word stands best."""

MOST_CONTINUED = 64
"""So many of the most frequent words count where one is only begun."""


class Terms:
    """The words of all texts. Written by one thread at a time; a reader asks for what it knows to be there."""

    def __init__(self, sections: Sections | None = None) -> None:
        arrays: Mapping[str, Numbers] = sections.arrays if sections else {}
        ends, text = Texts.packed(())
        self._stems = Texts(arrays.get("stem.ends", ends), arrays.get("stem.text", text))
        self._marks = memoryview(arrays.get("stem.marks", np.zeros(0, np.uint32)))
        self._postings = Postings(arrays.get("stem.offsets", np.zeros(1, np.uint64)), arrays.get("stem.blob", text))
        self.lexicon = Lexicon(sections)
        self.pairs = Pairs(sections)
        self._new: dict[str, Tiers] = {}

    def add(self, texts: Mapping[str, str], position: int) -> None:
        best: dict[str, int] = {}
        for tier, name in enumerate(FIELDS):
            words = words_of(texts.get(name, ""))
            stems = [stem(word) for word in words]
            self.lexicon.add(words)
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

    def count(self, word: str) -> int:
        """How often a word was written, as it is spelt."""
        return self.lexicon.count(word)

    def like(self, word: str, slips: int, at_least: int) -> list[str]:
        """Words that may have been meant by one with slips in it."""
        return self.lexicon.like(word, slips, at_least)

    def _place(self, stemmed: str) -> int | None:
        """Where a stem was written: by its mark, and where several have that mark, by looking."""
        mark = mark_of(stemmed)
        place = bisect_left(self._marks, mark)
        while place < len(self._marks) and self._marks[place] == mark:
            if self._stems[place] == stemmed:
                return place
            place += 1
        return None

    def tiers(self, stemmed: str) -> Tiers:
        """Where a stem stands, or stood: whoever asks holds it against what is live."""
        new, place = self._new.get(stemmed), self._place(stemmed)
        if place is None:
            return new or tuple(BitMap() for _ in FIELDS)
        kept = self._postings.several(place * len(FIELDS), len(FIELDS))
        return kept if new is None else tuple(a | b for a, b in zip(kept, new, strict=True))

    def unit(self, unit: Unit, coded: BitMap) -> Tiers:
        """Where any of a unit's ways stands; `coded` are the entries of its codes, which stand with the services."""
        ways = [self._way(way) for way in unit.ways]
        if unit.beginning:
            ways += [self.tiers(each) for each in self._continued(unit.beginning)]
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

    def _continued(self, letters: str) -> Iterable[str]:
        """The stems of the most frequent words that begin so."""
        return dict.fromkeys(map(stem, self.lexicon.beginning(letters, MOST_CONTINUED)))

    def sections(self) -> dict[str, Numbers]:
        stems = by_mark({*self._stems, *self._new})
        offsets, blob = Postings.packed(each for _, stemmed in stems for each in self.tiers(stemmed))
        return {
            **written_stems(stems),
            "stem.offsets": offsets,
            "stem.blob": blob,
            **self.lexicon.sections(),
            **self.pairs.sections(),
        }


def by_mark(stems: Iterable[str]) -> list[tuple[int, str]]:
    """Stems with their marks, in the order in which they are written down."""
    return sorted((mark_of.__wrapped__(each), each) for each in stems)


def written_stems(stems: Sequence[tuple[int, str]]) -> dict[str, Numbers]:
    """What `by_mark` gave, to be written down."""
    ends, text = Texts.packed(each for _, each in stems)
    return {"stem.ends": ends, "stem.text": text, "stem.marks": np.array([mark for mark, _ in stems], np.uint32)}


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
