"""Every word as it is spelt: how often it was written, what it may go on to, and which words are spelt nearly so.

Of each word without digits a number of 64 bits tells which letters it has once, twice or three times. One slip of the
finger changes at most two of the bits, so that nearly all words are left out by comparing numbers, and none wrongly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from app.backends.search_store import Numbers, Sections, Texts
from app.backends.search_words import LONGEST_WORD, SHORTEST_SPELT, has_letters_alone

LETTERS = "eaiontslrcdupmghbyfvkwzxjq"
"""The most frequent first: a third occurrence is noted of the first twelve, which is what 64 bits have room for."""
TWICE, THRICE, MOST_THRICE = 26, 52, 12
LAST = "\U0010ffff"


class Lexicon:
    """The words of the written index, in the order of the alphabet, and those that came since."""

    def __init__(self, sections: Sections | None) -> None:
        arrays = sections.arrays if sections else {}
        ends, blob = Texts.packed(())
        self._written = Texts(arrays.get("word.ends", ends), arrays.get("word.text", blob))
        self._counts: Numbers = arrays.get("word.counts", np.zeros(0, np.uint32))
        self._spelt: Numbers = arrays.get("word.spelt", np.zeros(0, np.uint32))
        self._letters: Numbers = arrays.get("word.letters", np.zeros(0, np.uint64))
        self._lengths: Numbers = arrays.get("word.lengths", np.zeros(LONGEST_WORD + 2, np.uint32))
        self._since: Counter[str] = Counter()
        self._alphabet: list[str] = []
        self._by_length: dict[int, list[str]] = {}

    def add(self, words: Iterable[str]) -> None:
        """Count these words. Written by one thread at a time."""
        for word in words:
            if word not in self._since and has_letters_alone(word):
                self._by_length.setdefault(len(word), []).append(word)
            self._since[word] += 1

    def count(self, word: str) -> int:
        """How often a word was written, as it is spelt."""
        place = bisect_left(self._written, word)
        known = place < len(self._written) and self._written[place] == word
        return (int(self._counts[place]) if known else 0) + self._since.get(word, 0)

    def beginning(self, letters: str, most: int) -> list[str]:
        """The most frequent words that begin so, the most frequent first, and of equal ones the first in the alphabet."""
        begin, end = bisect_left(self._written, letters), bisect_left(self._written, letters + LAST)
        counts = self._counts[begin:end]
        places = _greatest(counts, 2 * most)  # twice as many, since some may gain by what came since
        found = {self._written[begin + place]: int(counts[place]) for place in places.tolist()}
        since = self._in_order()
        for word in since[bisect_left(since, letters) : bisect_left(since, letters + LAST)]:
            found[word] = self.count(word)
        return sorted(found, key=lambda word: (-found[word], word))[:most]

    def like(self, word: str, slips: int, at_least: int) -> list[str]:
        """Words without digits that were written so often and may differ in so many slips: all that do, and a few others."""
        lengths = range(max(SHORTEST_SPELT, len(word) - slips), len(word) + slips + 1)
        begin, end = (int(self._lengths[min(each, LONGEST_WORD + 1)]) for each in (lengths.start, lengths.stop))
        differing = np.bitwise_count(self._letters[begin:end] ^ np.uint64(letters_of(word)))
        places = self._spelt[begin:end][differing <= 2 * slips]
        found = [self._written[place] for place in places[self._counts[places] >= at_least].tolist()]
        since = (each for length in lengths for each in self._by_length.get(length, ()))
        return [*found, *(each for each in since if at_least == 1 or self.count(each) >= at_least)]

    def _in_order(self) -> list[str]:
        """The words that came since the index was written, sorted. Kept until another one comes."""
        kept = self._alphabet
        if len(kept) != len(self._since):
            kept = self._alphabet = sorted(list(self._since))
        return kept

    def sections(self) -> dict[str, Numbers]:
        words = sorted({*self._written, *self._since})
        return written_words(words, [self.count(word) for word in words])


def _greatest(counts: Numbers, most: int) -> Numbers:
    """The places of the greatest counts, and of those that are equal to the least of them the first."""
    if len(counts) <= most:
        return np.arange(len(counts))
    least = np.partition(counts, len(counts) - most)[len(counts) - most]
    more = np.flatnonzero(counts > least)
    return np.append(more, np.flatnonzero(counts == least)[: most - len(more)])


def written_words(words: Sequence[str], counts: Sequence[int]) -> dict[str, Numbers]:
    """Sorted words and how often each was written, to be written down; those without digits by their length."""
    ends, text = Texts.packed(words)
    places = np.array([place for place, word in enumerate(words) if has_letters_alone(word)], np.int64)
    lengths = np.array([len(words[place]) for place in places.tolist()], np.int64)
    by_length = np.argsort(lengths, kind="stable")
    places = places[by_length]
    return {
        "word.ends": ends,
        "word.text": text,
        "word.counts": np.array(counts, np.uint32),
        "word.spelt": places.astype(np.uint32),
        "word.letters": _letters_of_each(ends, text)[places],
        "word.lengths": np.searchsorted(lengths[by_length], np.arange(LONGEST_WORD + 2)).astype(np.uint32),
    }


def letters_of(word: str) -> int:
    """Which of LETTERS a word has, each once, twice, thrice: one bit for each of these."""
    bits = 0
    for place, letter in enumerate(LETTERS):
        count = word.count(letter)
        if count:
            bits |= _bits(place, count)
    return bits


def _bits(place: int, count: int) -> int:
    thrice = 1 << THRICE + place if count > 2 and place < MOST_THRICE else 0
    return 1 << place | (1 << TWICE + place if count > 1 else 0) | thrice


def _letters_of_each(ends: Numbers, text: Numbers) -> Numbers:
    """`letters_of` each word of many."""
    found = np.zeros(len(ends), np.uint64)
    if not len(ends):
        return found
    starts = np.append(np.uint64(0), ends[:-1]).astype(np.int64)
    for place, letter in enumerate(LETTERS.encode()):
        counts = np.add.reduceat(text == letter, starts, dtype=np.uint8)
        for count in range(1, 4):
            found[counts >= count] |= np.uint64(_bits(place, count))
    return found
