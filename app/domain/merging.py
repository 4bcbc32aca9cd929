"""Two people changed one text: what both changed, brought together so that nothing that either wrote is missing.

Sentences are laid against each other first, then the words of those that both changed. Where even the words overlap,
both stand, mine before theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from typing import TypeVar

BETWEEN_SENTENCES = re.compile(r"((?<=[.!?])\s+|\s*\n\s*)")
WORD = re.compile(r"\s+|\w+|[^\w\s]")
MOST_PARTS = 4_000
"""Of the three texts together. Beyond it finding what stayed takes longer than anybody waits: then both stand whole."""
Choice = TypeVar("Choice")


class How(IntEnum):
    """How far apart two people's changes were, the closest that occurs in a text."""

    APART = 0  # in different sentences
    WOVEN = 1  # in one sentence, at different words
    TOGETHER = 2  # at the same words: both stand


@dataclass(frozen=True, slots=True)
class Merged:
    """One text out of two, and how far apart their changes were."""

    text: str
    how: How


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Parts of the text before that stand in a row, and what became of them on either side."""

    base: Sequence[str]
    mine: Sequence[str]
    theirs: Sequence[str]

    @property
    def settled(self) -> Sequence[str] | None:
        """What the two sides agree on, or the one that changed it; None where both did, and differently."""
        if self.mine == self.theirs or list(self.theirs) == list(self.base):
            return self.mine
        return self.theirs if list(self.mine) == list(self.base) else None


def merged(base: str, mine: str, theirs: str) -> Merged:
    """`mine` and `theirs` brought together, both made out of `base`.

    Every word that either put in is there; what one took out and the other left alone is gone.
    """
    chunks = list(_chunks(*(_sentences(text) for text in (base, mine, theirs))))
    parts = [_settle(chunk) for chunk in chunks]
    return Merged("".join(part.text for part in parts), max((part.how for part in parts), default=How.APART))


def in_common(mine: str, theirs: str) -> str:
    """What two texts share, sentence by sentence: the text before, where nobody knows it any more."""
    ours, others = _sentences(mine), _sentences(theirs)
    if len(ours) + len(others) > MOST_PARTS:
        return ""
    return "".join(ours[here] for here in sorted(_kept(ours, others)))


def merged_choice(base: Choice, mine: Choice, theirs: Choice) -> Choice:
    """The one that was changed; mine where both were."""
    return theirs if mine == base else mine


def _sentences(text: str) -> list[str]:
    """Sentences and lines, and what stands between them, in their order."""
    return [part for part in BETWEEN_SENTENCES.split(text) if part]


def _settle(chunk: _Chunk) -> Merged:
    """One place: what stands there where the sides agree or one alone changed it, else their words woven or both."""
    agreed = chunk.settled
    if agreed is not None:
        return Merged("".join(agreed), How.APART)
    before, mine, theirs = ("".join(parts) for parts in (chunk.base, chunk.mine, chunk.theirs))
    woven = _woven(before, mine, theirs)
    return Merged(both(mine, theirs), How.TOGETHER) if woven is None else Merged(woven, How.WOVEN)


def _woven(base: str, mine: str, theirs: str) -> str | None:
    """The words of both in one text, None where they changed the same ones or little is left of what was before."""
    if not base.strip() or not mine.strip() or not theirs.strip():
        return None
    settled = [chunk.settled for chunk in _chunks(*(WORD.findall(text) for text in (base, mine, theirs)))]
    if any(part is None for part in settled):
        return None
    return "".join("".join(part) for part in settled if part is not None)


def both(mine: str, theirs: str) -> str:
    """The two texts one after the other, apart by what they are apart by themselves."""
    if not mine.strip() or not theirs.strip():
        return mine if mine.strip() else theirs
    if mine[-1].isspace() or theirs[0].isspace():
        return mine + theirs
    return mine + ("\n" if "\n" in mine or "\n" in theirs else " ") + theirs


def _chunks(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[_Chunk]:
    """The three texts side by side: parts that both sides kept, and what stands between those."""
    if len(base) + len(mine) + len(theirs) > MOST_PARTS:
        yield _Chunk(base, mine, theirs)
        return
    in_mine, in_theirs = _kept(base, mine), _kept(base, theirs)
    b = m = t = 0
    for here in range(len(base)):
        if here in in_mine and here in in_theirs:
            yield _Chunk(base[b:here], mine[m : in_mine[here]], theirs[t : in_theirs[here]])
            b, m, t = here + 1, in_mine[here] + 1, in_theirs[here] + 1
            yield _Chunk(base[here:b], mine[m - 1 : m], theirs[t - 1 : t])
    yield _Chunk(base[b:], mine[m:], theirs[t:])


def _kept(base: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    """Where each part of `base` that stayed stands in `other`."""
    blocks = SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
