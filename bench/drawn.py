"""Questions that nobody has asked before, drawn from the register itself: for measuring first answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from app.backends.search_words import words_of
from app.backends.searching import AREA, Document, Near, Query, Reach

FACETS = ("level", "scheme")
MILES = (1, 3, 5, 10, 15, 25, 50, 100)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
BANDS = (1, 10, 100, 1_000, 10_000)
"""Words are drawn from each band of how often they were written, since most words are rare and most that are typed are not."""


@dataclass(frozen=True)
class Drawn:
    """A question of some kind. `plain` are its words alone, where it asks for nothing else."""

    kind: str
    query: Query
    plain: str = ""

    @property
    def name(self) -> str:
        near = self.query.near
        place = f"{near.miles:g} miles around {near.easting} {near.northing} {near.reach}" if near else ""
        chosen = [f"{facet}={','.join(sorted(codes))}" for facet, codes in self.query.filters.items()]
        return " ".join(filter(None, (self.kind, self.query.words, *chosen, place)))


class Draw:
    """Draws from some entries. The same seed and the same entries give the same questions."""

    def __init__(self, documents: Sequence[Document], seed: int = 7) -> None:
        self._random = Random(seed)
        self._documents = documents
        self._said = [words_of(" ; ".join(document.texts.values())) for document in documents]
        counts = Counter(word for words in self._said for word in words if word.isalpha())
        bands: dict[int, list[str]] = {}
        for word, count in sorted(counts.items()):
            bands.setdefault(max(band for band in BANDS if band <= count), []).append(word)
        self._bands = list(bands.values())

    def questions(self, of_each: int) -> Iterator[Drawn]:
        """So many of each kind, no two alike."""
        asked = set()
        for kind in (self._words, self._together, self._phrase, self._slip, self._chosen, self._placed, self._all):
            left = of_each
            while left:
                drawn = kind()
                if drawn.name not in asked:
                    asked.add(drawn.name)
                    left -= 1
                    yield drawn

    def _word(self) -> str:
        return self._random.choice(self._random.choice(self._bands))

    def _words(self) -> Drawn:
        words = " ".join(self._word() for _ in range(self._random.randint(1, 2)))
        return Drawn("words", Query(words=words, facets=FACETS), words)

    def _together(self) -> Drawn:
        """Words of one entry."""
        said = self._random.choice(self._said)
        words = " ".join(self._random.sample(said, min(len(said), self._random.randint(2, 4))))
        return Drawn("words of an entry", Query(words=words, facets=FACETS), words)

    def _phrase(self) -> Drawn:
        document = self._random.choice(self._documents)
        said = words_of(document.texts["description"]) or words_of(document.texts["name"])
        begin = self._random.randrange(max(len(said) - 2, 1))
        words = " ".join(said[begin : begin + self._random.randint(2, 3)])
        return Drawn("phrase", Query(words=f'"{words}"', facets=FACETS))

    def _slip(self) -> Drawn:
        word = self._word()
        place, letter = self._random.randrange(len(word)), self._random.choice(LETTERS)
        words = word[:place] + letter + word[place + self._random.randint(0, 1) :]
        return Drawn("slip", Query(words=words, facets=FACETS), words)

    def _filters(self) -> dict[str, frozenset[str]]:
        """Some codes of an entry, so that somebody has them."""
        facets = {facet: codes for facet, codes in self._random.choice(self._documents).facets.items() if codes}
        chosen = self._random.sample(sorted(facets), min(len(facets), self._random.randint(1, 3)))
        return {facet: frozenset({self._random.choice(list(facets[facet]))}) for facet in chosen}

    def _chosen(self) -> Drawn:
        return Drawn("filters", Query(filters=self._filters(), facets=FACETS))

    def _near(self) -> Near:
        while True:
            document = self._random.choice(self._documents)
            if document.easting is not None and document.northing is not None:
                area = next(iter(document.facets.get(AREA, ())), "")
                miles, reach = self._random.choice(MILES), self._random.choice(list(Reach))
                return Near(document.easting, document.northing, miles, area, reach)

    def _placed(self) -> Drawn:
        return Drawn("place", Query(near=self._near(), facets=FACETS))

    def _all(self) -> Drawn:
        query = Query(words=self._word(), filters=self._filters(), near=self._near(), facets=FACETS)
        return Drawn("words, filters and place", query)
