"""Slips of the finger: the words that may have been meant by one that stands nowhere."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.backends.search_query import Parsed
from app.backends.search_words import has_letters_alone, stem

SHORTEST = 4  # of a shorter word too many others differ in one letter
LONG = 8  # from so many letters on, two slips are forgiven
MOST_MENDED = 4  # words of a query
MOST_KEPT = 2_000

Meant = MutableMapping[tuple[str, int], str | None]
"""What was found to be meant by a word, among those that were written at least so often."""


class Known(Protocol):
    """The words that there are."""

    def knows(self, stemmed: str) -> bool:
        """Whether any word with this stem was written."""

    def count(self, word: str) -> int:
        """How often a word was written, as it is spelt."""

    def like(self, word: str, slips: int, at_least: int) -> Sequence[str]:
        """Words without digits that were written so often, among them all that differ in at most so many slips."""


def likeliest(word: str, known: Known, at_least: int = 1) -> str | None:
    """The word that is meant by one with a slip in it: letters left out, put in, changed or swapped; None for none.

    Those that begin alike are likelier than others, then those that are nearer, then the most frequent.
    """
    if len(word) < SHORTEST or not has_letters_alone(word):
        return None
    slips = 2 if len(word) >= LONG else 1
    like = known.like(word, slips, at_least)
    near = process.extract(word, like, scorer=OSA.distance, score_cutoff=slips, limit=None)
    first = min(((each[0] not in word[:2], distance) for each, distance, _ in near), default=None)
    best = [each for each, distance, _ in near if (each[0] not in word[:2], distance) == first]
    return min(best, key=lambda each: (-known.count(each), each), default=None)


class Spelling:
    """Finds out what was meant, and keeps what it found in `kept`, until there are too many."""

    def __init__(self, known: Known, kept: Meant) -> None:
        self._known, self._kept = known, kept

    def _likeliest(self, word: str, at_least: int) -> str | None:
        key = word, at_least
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = likeliest(word, self._known, at_least)
        return self._kept.get(key)

    def mended(self, parsed: Parsed) -> str | None:
        """The words with those that stand nowhere replaced by what was likely meant; None where one of them is past help."""
        unknown = [word for word in parsed.words if not self._known.knows(stem(word))]
        replaced = {}
        for word in unknown[:MOST_MENDED]:
            likely = self._likeliest(word, 1)
            if likely is None:
                return None
            replaced[word] = likely
        return " ".join(replaced.get(word, word) for word in parsed.words) if replaced else None

    def commoner(self, parsed: Parsed, times: int) -> str | None:
        """The words with one replaced that is nearly the same as a word `times` as frequent: for where little was found."""
        for word in parsed.words:
            likely = self._likeliest(word, max(self._known.count(word), 1) * times)
            if likely and stem(likely) != stem(word):
                return " ".join(likely if each == word else each for each in parsed.words)
        return None
