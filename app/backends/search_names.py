"""Names in the order of the alphabet: to sort by, to know a whole name again, and to go on from its beginning."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import takewhile
from zlib import crc32

import numpy as np
from pyroaring import BitMap

from app.backends.search_query import sort_key
from app.backends.search_store import Numbers, Sections, Texts

Named = tuple[str, int, str]
"""A name's sort key, its position, and the name."""


class _Written:
    """The names of the written index as a sequence of sort keys: each is read from the file when it is looked at."""

    def __init__(self, sections: Sections | None) -> None:
        arrays = sections.arrays if sections else {}
        nothing = np.zeros(0, np.int64)
        self.names = Texts(arrays.get("name.ends", nothing), arrays.get("name.blob", np.zeros(0, np.uint8)))
        self.places: Numbers = arrays.get("name.places", nothing)
        self.differs: Numbers = arrays.get("name.differs", nothing)
        self._marks = memoryview(arrays.get("name.marks", nothing))
        self._marked: Numbers = arrays.get("name.marked", nothing)

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, rank: int) -> str:
        return sort_key(self.names[rank])

    def called(self, key: str) -> Iterator[int]:
        """The ranks of the names with this sort key. Names that are alike are looked at once."""
        mark = crc32(key.encode())
        begin = bisect_left(self._marks, mark)
        end = bisect_right(self._marks, mark, begin)
        same = False
        for rank in self._marked[begin:end].tolist():
            if self.differs[rank]:
                same = self[rank] == key
            if same:
                yield rank

    def all(self) -> Iterator[Named]:
        for rank, place in enumerate(self.places.tolist()):
            name = self.names[rank]
            yield sort_key(name), place, name


class Names:
    """Names by their order: those that were written, and those that came since."""

    def __init__(self, sections: Sections | None = None) -> None:
        self._written = _Written(sections)
        self._new: list[Named] = []
        self._sorted: list[Named] = []

    def add(self, name: str, position: int) -> None:
        self._new.append((sort_key(name), position, name))

    def _since(self) -> list[Named]:
        kept = self._sorted
        if len(kept) != len(self._new):
            kept = self._sorted = sorted(self._new)
        return kept

    def begin(self, letters: str) -> Iterator[tuple[str, int]]:
        """Name and position of each whose sort key begins so: those that came last, then the others, in order."""
        since = self._since()
        rest = since[bisect_left(since, (letters,)) :]
        for _, position, name in takewhile(lambda each: each[0].startswith(letters), rest):
            yield name, position
        for rank in range(bisect_left(self._written, letters), len(self._written)):
            if not self._written[rank].startswith(letters):
                break
            yield self._written.names[rank], int(self._written.places[rank])

    def exactly(self, key: str) -> BitMap:
        """Whoever has this very name, by its sort key."""
        found = BitMap(self._written.places[rank] for rank in self._written.called(key))
        since = self._since()
        rest = since[bisect_left(since, (key,)) :]
        found.update(position for _, position, _ in takewhile(lambda each: each[0] == key, rest))
        return found

    def ranks(self, size: int) -> Numbers:
        """For each of `size` positions the place of its name in the alphabet; equal names have the same."""
        since = [each for each in self._since() if each[1] < size]
        # Each goes behind its equals that were written, so that only what came since may equal what stands before it.
        at = [bisect_right(self._written, key) for key, _, _ in since]
        differs, last = [], (-1, "")
        for place, (key, _, _) in zip(at, since, strict=True):
            same_as_written = place > 0 and place != last[0] and self._written[place - 1] == key
            differs.append(last != (place, key) and not same_as_written)
            last = (place, key)
        places = np.insert(self._written.places.astype(np.int64), at, [position for _, position, _ in since])
        ranks = np.zeros(size, np.int64)
        ranks[places] = np.cumsum(np.insert(self._written.differs, at, differs))
        return ranks

    def sections(self) -> dict[str, Numbers]:
        return _written_down(merge(self._written.all(), self._since()))


def written_names(names: Sequence[str]) -> dict[str, Numbers]:
    """The names of positions 0, 1, 2 and so on, to be written down."""
    keys = [sort_key(name) for name in names]
    order = sorted(range(len(names)), key=keys.__getitem__)
    return _written_down((keys[place], place, names[place]) for place in order)


def _written_down(ordered: Iterable[Named]) -> dict[str, Numbers]:
    """Names in their order, and the marks of their sort keys in the order of marks, by which a whole name is found."""
    ends, places, differs, marks = array("Q"), array("I"), array("I"), array("I")
    blob, last = bytearray(), None
    for key, place, name in ordered:
        blob += name.encode()
        ends.append(len(blob))
        places.append(place)
        differs.append(key != last)
        marks.append(crc32(key.encode()))
        last = key
    marked = np.frombuffer(marks, np.uint32)
    by_mark = np.argsort(marked, kind="stable")
    return {
        "name.ends": np.frombuffer(ends, np.uint64),
        "name.blob": np.frombuffer(blob, np.uint8),
        "name.places": np.frombuffer(places, np.uint32),
        "name.differs": np.frombuffer(differs, np.uint32),
        "name.marks": marked[by_mark],
        "name.marked": by_mark.astype(np.uint32),
    }
