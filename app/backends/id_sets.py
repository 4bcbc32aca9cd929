"""Large sets of ids as a few bytes: what a saved search found, held against what it finds now."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from pyroaring import BitMap


@dataclass(frozen=True, slots=True)
class Difference:
    """What is in the second set alone, and in the first alone: how many, and the ids of the first of them."""

    new: tuple[int, ...]
    new_count: int
    gone: tuple[int, ...]
    gone_count: int

    def __bool__(self) -> bool:
        return bool(self.new_count or self.gone_count)


def packed(ids: Iterable[int]) -> bytes:
    """The ids as a roaring bitmap (its portable format): a million of them that are close together take some hundred bytes."""
    found = BitMap(array("I", ids))
    found.run_optimize()
    return bytes(found.serialize())


def difference(before: bytes, now: bytes, most: int) -> Difference:
    """What is new in `now`, the highest ids first as those of the newest entries, and what is gone; at most `most` of each."""
    old, current = BitMap.deserialize(before), BitMap.deserialize(now)
    new, gone = current - old, old - current
    return Difference(_highest(new, most), len(new), tuple(gone[:most]), len(gone))


def _highest(ids: BitMap, most: int) -> tuple[int, ...]:
    return tuple(reversed(ids[max(len(ids) - most, 0) :]))
