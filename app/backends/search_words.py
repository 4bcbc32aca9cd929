"""Words as the register's search sees them: stems, and the other names by which services are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer import stemmer

STOP_WORDS = frozenset("a an and are at by for from in is of on or the to who with your".split())

_words = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a lower-case English word. A stemmer of its own for each call: it keeps state while it works."""
    if word.isdigit():
        return word
    result: str = stemmer("english").stemWord(word)
    return result


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without those that say nothing."""
    found = _words.findall(text.lower().replace("’", "'"))
    if "'" in text or "’" in text:
        found = [word.removesuffix("'s") for word in found]
    return [word for word in found if word not in STOP_WORDS]


@dataclass(frozen=True)
class Synonyms:
    """Other words for a facet's codes: `phrases` maps stems to codes, `titles` names the codes."""

    facet: str
    phrases: Mapping[tuple[str, ...], frozenset[str]]
    titles: Mapping[str, str]

    @classmethod
    def of(cls, facet: str, items: Iterable[tuple[str, str, Iterable[str]]]) -> Synonyms:
        """From (code, title, other words) of each code."""
        phrases: dict[tuple[str, ...], set[str]] = {}
        titles = {}
        for code, title, also in items:
            titles[code] = title
            for phrase in (title, *also):
                phrases.setdefault(tuple(stem(word) for word in words_of(phrase)), set()).add(code)
        phrases.pop((), None)
        return cls(facet, {phrase: frozenset(codes) for phrase, codes in phrases.items()}, titles)

    @property
    def longest(self) -> int:
        return max(map(len, self.phrases), default=1)


NO_SYNONYMS = Synonyms("service", {}, {})
