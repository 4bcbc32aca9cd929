"""Where two texts differ, line by line: for a person who has to bring them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile

MOST_COMPARED = 2_000
"""Lines between the first and the last that differ. Beyond it the comparison would take too long, and nobody reads it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Lines of one text that stand in the other's place. `*_line` counts from 1; either side may hold no lines."""

    one_line: int
    one: tuple[str, ...]
    other_line: int
    other: tuple[str, ...]


def differences(one: str, other: str) -> tuple[Difference, ...]:
    """The places in which two texts differ, in their order. What is too much to compare is one place from first to last."""
    first, second = one.split("\n"), other.split("\n")
    start = _same(first, second)
    ends = _same(first[start:][::-1], second[start:][::-1])
    left, right = first[start : len(first) - ends], second[start : len(second) - ends]
    if max(len(left), len(right)) > MOST_COMPARED:
        return (Difference(start + 1, tuple(left), start + 1, tuple(right)),)
    return tuple(
        Difference(start + i1 + 1, tuple(left[i1:i2]), start + j1 + 1, tuple(right[j1:j2]))
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
        if tag != "equal"
    )


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same from the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
