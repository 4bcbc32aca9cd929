"""What somebody who types may mean: services, councils, providers and words, each with how many it finds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import islice

from pyroaring import BitMap

from app.backends.search_names import Names
from app.backends.search_terms import Terms
from app.backends.search_words import all_words, folded, stem
from app.backends.searching import FIELDS, Suggestion

MOST_LOOKED_AT = 60  # names of entries that are no longer live are passed over, but not without end
Titled = Mapping[str, tuple[tuple[str, str, tuple[str, ...]], ...]]
"""By facet: code, title, and everything that it may be called."""


class Titles:
    """What codes may be called, by each word of it: sorted, so that whatever goes on from a beginning stands together."""

    def __init__(self, titled: Titled) -> None:
        self.facets = tuple(titled)
        ends = {
            (" ".join(words[place:]), facet, code, title)
            for facet, items in titled.items()
            for code, title, called in items
            for words in map(str.split, called)
            for place in range(len(words))
        }
        self._ends = sorted(ends)

    def beginning(self, typed: str) -> dict[str, dict[str, str]]:
        """By facet, the titles by code of all that has a word from which `typed` goes on."""
        found: dict[str, dict[str, str]] = {facet: {} for facet in self.facets}
        for place in range(bisect_left(self._ends, (typed,)), len(self._ends)):
            end, facet, code, title = self._ends[place]
            if not end.startswith(typed):
                break
            found[facet][code] = title
        return found


def suggestions(
    beginning: str, titles: Titles, facets: Mapping[str, Mapping[str, BitMap]], names: Names, terms: Terms, live: BitMap
) -> Iterator[Suggestion]:
    """Services and councils first, then providers by name, then words. Nothing that finds nobody."""
    typed = " ".join(all_words(beginning))
    if not typed:
        return
    yield from _titles(typed, titles, facets, live)
    for name, position in islice(names.begin(typed), MOST_LOOKED_AT):
        if position in live:
            yield Suggestion("name", name, 1)  # whoever asks takes each name once
    yield from _words(folded(beginning), terms, live)


def _titles(
    typed: str, titles: Titles, facets: Mapping[str, Mapping[str, BitMap]], live: BitMap
) -> Iterator[Suggestion]:
    for facet, named in titles.beginning(typed).items():
        found = [
            Suggestion(facet, title, live.intersection_cardinality(facets.get(facet, {}).get(code, BitMap())))
            for code, title in named.items()
        ]
        yield from sorted((each for each in found if each.count), key=lambda each: (-each.count, each.words))


def _words(text: str, terms: Terms, live: BitMap) -> Iterator[Suggestion]:
    """The last word carried on, with those before it as they are."""
    words = all_words(text)
    if not text[-1:].isalnum():
        return
    before = BitMap.intersection(live, *(BitMap.union(*terms.tiers(stem(word))) for word in words[:-1]))
    for word in terms.lexicon.beginning(words[-1], most=8):
        tiers = terms.tiers(stem(word))
        counts = [before.intersection_cardinality(tier) for tier in tiers]
        if sum(counts):
            best = next(field for field, count in zip(FIELDS, counts, strict=True) if count)
            yield Suggestion(best, " ".join([*words[:-1], word]), sum(counts))
