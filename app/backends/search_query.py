"""What was typed, read into what is wanted: each unit of it, with the ways in which it may be said. Any backend begins here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.backends.search_synonyms import NO_SYNONYMS, Stems, Synonyms
from app.backends.search_words import all_words, folded, stem, stems_of, words_of

MOST_CHARACTERS = 1_000
MOST_UNITS = 16
"""Of what is longer only the beginning is looked for: enough for any need, and nobody can make a search slow by its length."""

SHORTEST_BEGINNING = 2
_quotes = re.compile('["“”„«»]')


@dataclass(frozen=True, slots=True)
class Way:
    """One way to say a unit: all of these stems, next to each other and in this order where `adjacent`."""

    stems: Stems
    adjacent: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A word or phrase: an entry fits by any of the ways, by any of the facet's `codes`, or by a word with this `beginning`."""

    ways: tuple[Way, ...]
    codes: frozenset[str] = frozenset()
    beginning: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """All units have to be there. `words` are those typed, folded; `name` is a whole name as it may have been typed."""

    units: tuple[Unit, ...] = ()
    words: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    name: str = ""


def parse(text: str, synonyms: Synonyms = NO_SYNONYMS, prefix: bool = False) -> Parsed:
    """What `text` asks for: words, and phrases in double quotes. With `prefix` the last word may be only begun."""
    text = text[:MOST_CHARACTERS]
    pieces = _quotes.split(text)
    if len(pieces) % 2 == 0:  # a quote that was opened and not closed: the words behind it are words
        pieces[-2:] = [" ".join(pieces[-2:])]
    units: list[Unit] = []
    codes: list[str] = []
    begun = prefix and bool(pieces[-1]) and pieces[-1][-1].isalnum()
    for number, piece in enumerate(pieces):
        if number % 2:
            units += _quoted(piece)
        else:
            units += _loose(piece, synonyms, codes, begun and number == len(pieces) - 1)
    return Parsed(
        units=tuple(dict.fromkeys(units))[:MOST_UNITS],
        words=tuple(words_of(text)),
        also=_also(codes, text, synonyms),
        name=" ".join(all_words(text)),
    )


def _quoted(piece: str) -> list[Unit]:
    stems = stems_of(piece)
    return [Unit((Way(stems, len(stems) > 1),))] if stems else []


def _loose(piece: str, synonyms: Synonyms, codes: list[str], begun: bool) -> list[Unit]:
    words = words_of(piece)
    beginning = _beginning(piece, words) if begun else ""
    stems = tuple(stem(word) for word in words)
    units: list[Unit] = []
    place = 0
    while place < len(stems) and len(units) < MOST_UNITS:
        length = _longest_known(stems, place, synonyms)
        said = stems[place : place + length]
        place += length
        found = synonyms.phrases.get(said, frozenset())
        codes += sorted(found)
        others = tuple(Way(other, len(other) > 1) for other in synonyms.equal.get(said, ()))
        units.append(Unit((Way(said), *others), found, beginning if place == len(stems) and length == 1 else ""))
    if begun and not words and len(beginning) >= SHORTEST_BEGINNING:
        units.append(Unit((), frozenset(), beginning))
    return units


def _beginning(piece: str, words: list[str]) -> str:
    """The last word as typed, where it is long enough to say something: "th" may become "therapy"."""
    typed = all_words(piece)
    last = typed[-1] if typed else ""
    if len(last) < SHORTEST_BEGINNING or (words and words[-1] != last):
        return ""
    return last


def _longest_known(stems: Stems, place: int, synonyms: Synonyms) -> int:
    for length in range(min(synonyms.longest, len(stems) - place), 0, -1):
        if synonyms.knows(stems[place : place + length]):
            return length
    return 1


def _also(codes: list[str], text: str, synonyms: Synonyms) -> tuple[str, ...]:
    if not codes:
        return ()
    said = " ".join(stems_of(text))
    titles = dict.fromkeys(synonyms.titles[code] for code in codes)
    return tuple(title for title in titles if " ".join(stems_of(title)) not in said)


def sort_key(name: str) -> str:
    """By what a name is sorted, and known again: its words, folded."""
    return " ".join(all_words(name)) or folded(name)
