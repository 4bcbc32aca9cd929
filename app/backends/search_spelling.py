"""Slips of the finger: the words that may have been meant by one that stands nowhere."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.backends.search_query import Parsed
from app.backends.search_terms import Terms
from app.backends.search_words import stem

SHORTEST = 4  # of a shorter word too many others differ in one letter
LONG = 8  # from so many letters on, two slips are forgiven
LAST = "\U0010ffff"


def likeliest(word: str, terms: Terms, at_least: int = 1) -> str | None:
    """The word that is meant by one with a slip in it: letters left out, put in, changed or swapped; None for none.

    Of those that are equally near the most frequent. First among those that begin alike, then among all.
    """
    if len(word) < SHORTEST or word.isdigit():
        return None
    slips = 2 if len(word) >= LONG else 1
    vocabulary = terms.vocabulary()
    alike = [each for words in vocabulary for first in sorted({word[0], word[1]}) for each in _beginning(words, first)]
    for among in (alike, (each for words in vocabulary for each in words)):
        near = _near(word, among, slips)
        best = min(
            ((distance, -terms.count(each), each) for each, distance in near if terms.count(each) >= at_least),
            default=None,
        )
        if best:
            return best[2]
    return None


def _beginning(words: Sequence[str], letter: str) -> Sequence[str]:
    return words[bisect_left(words, letter) : bisect_left(words, letter + LAST)]


def _near(word: str, among: Iterable[str], slips: int) -> list[tuple[str, int]]:
    like = [each for each in among if abs(len(each) - len(word)) <= slips and len(each) >= SHORTEST - 1]
    found = process.extract(word, like, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return [(each, int(distance)) for each, distance, _ in found]


def mended(parsed: Parsed, terms: Terms) -> str | None:
    """The words with those that stand nowhere replaced by what was likely meant; None where one of them is past help."""
    unknown = [word for word in parsed.words if not terms.knows(stem(word))]
    replaced = {}
    for word in unknown[:4]:
        likely = likeliest(word, terms)
        if likely is None:
            return None
        replaced[word] = likely
    return " ".join(replaced.get(word, word) for word in parsed.words) if replaced else None


def commoner(parsed: Parsed, terms: Terms, times: int) -> str | None:
    """The words with one replaced that is nearly the same as a word `times` as frequent: for where little was found."""
    for word in parsed.words:
        likely = likeliest(word, terms, at_least=max(terms.count(word), 1) * times)
        if likely and stem(likely) != stem(word):
            return " ".join(likely if each == word else each for each in parsed.words)
    return None
