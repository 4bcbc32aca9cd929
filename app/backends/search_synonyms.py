"""Other words: for the codes of services, and for each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.backends.search_words import stems_of

Stems = tuple[str, ...]


@dataclass(frozen=True)
class Synonyms:
    """`phrases` maps stems to codes of the facet, `titles` names the codes; `equal` maps stems to what says the same."""

    facet: str
    phrases: Mapping[Stems, frozenset[str]]
    titles: Mapping[str, str]
    equal: Mapping[Stems, tuple[Stems, ...]] = field(default_factory=dict)
    longest: int = 1

    @classmethod
    def of(
        cls, facet: str, items: Iterable[tuple[str, str, Iterable[str]]], groups: Iterable[Sequence[str]] = ()
    ) -> Synonyms:
        """From (code, title, other words) of each code, and groups of words of which each stands for the others."""
        phrases: dict[Stems, set[str]] = {}
        titles = {}
        for code, title, also in items:
            titles[code] = title
            for phrase in (title, *also):
                phrases.setdefault(stems_of(phrase), set()).add(code)
        phrases.pop((), None)
        equal = _equal(groups)
        return cls(
            facet,
            {phrase: frozenset(codes) for phrase, codes in phrases.items()},
            titles,
            equal,
            max(map(len, (*phrases, *equal)), default=1),
        )

    def knows(self, stems: Stems) -> bool:
        return stems in self.phrases or stems in self.equal


def _equal(groups: Iterable[Sequence[str]]) -> dict[Stems, tuple[Stems, ...]]:
    """Words to the others of their groups. One that stands in two groups has the others of both."""
    found: dict[Stems, dict[Stems, None]] = {}
    for group in groups:
        members = [stems for stems in map(stems_of, group) if stems]
        for each in members:
            found.setdefault(each, {}).update(dict.fromkeys(other for other in members if other != each))
    return {each: tuple(others) for each, others in found.items() if others}


NO_SYNONYMS = Synonyms("service", {}, {})
