"""What changed between two texts, word by word: for a person who read the one and now reads the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 4_000
"""Of both texts together, spaces included. Beyond it the one stands struck out whole and the other put in whole."""
SAME, OUT, IN = "", "out", "in"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words. `mark` is "" for what stayed, "out" for what was taken out, "in" for what was put in."""

    words: str
    mark: str = SAME


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """`before` turned into `after`: what went out stands before what came in its place. One piece where nothing changed."""
    if before == after:
        return (Piece(after),) if after else ()
    one, other = WORD.findall(before), WORD.findall(after)
    if len(one) + len(other) > MOST_WORDS:
        return _pieces([(OUT, before), (IN, after)])
    found: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append((SAME, "".join(one[i1:i2])))
        else:
            found += [(OUT, "".join(one[i1:i2])), (IN, "".join(other[j1:j2]))]
    return _pieces(_closed_up(found))


def _closed_up(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Spaces that stayed between two changed words count as changed with them, so that a new sentence reads as one."""
    closed: list[tuple[str, str]] = []
    for place, (mark, words) in enumerate(found):
        between = mark == SAME and words.isspace() and 0 < place < len(found) - 1
        closed += [(OUT, words), (IN, words)] if between else [(mark, words)]
    return closed


def _pieces(found: list[tuple[str, str]]) -> tuple[Piece, ...]:
    """The same with what stands in a row and has the same mark brought together, what went out first."""
    pieces: list[Piece] = []
    out = put = ""
    for mark, words in [*found, (SAME, "")]:
        if mark == OUT:
            out += words
        elif mark == IN:
            put += words
        else:
            pieces += [Piece(out, OUT)] if out else []
            pieces += [Piece(put, IN)] if put else []
            pieces += [Piece(words)] if words else []
            out = put = ""
    return tuple(pieces)
