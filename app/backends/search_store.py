"""The index on disk: named sections behind one header, written in one go and mapped into memory when read.

Whatever is mapped is shared by all processes and read from the disk only where a search touches it.
"""

from __future__ import annotations

import json
import mmap
import os
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

MAGIC = b"touchstone index"
ALIGNED = 64

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Sections:
    """What was written: a few facts, and arrays by name."""

    facts: Mapping[str, Any]
    arrays: Mapping[str, Numbers]

    def text(self, name: str) -> str:
        return bytes(self.arrays[name]).decode()

    def lines(self, name: str) -> list[str]:
        text = self.text(name)
        return text.split("\n") if text else []


def save(path: Path, sections: Sections) -> None:
    """Write to `path`: whoever reads it meanwhile sees the file that was there before, or this one whole."""
    places, end = {}, 0
    for name, values in sections.arrays.items():
        places[name] = (end, values.size, values.dtype.str)
        end += -(-values.nbytes // ALIGNED) * ALIGNED
    header = json.dumps({"facts": sections.facts, "places": places}).encode()
    header += b" " * (-(len(MAGIC) + 8 + len(header)) % ALIGNED)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with part.open("wb") as file:
            file.write(MAGIC + len(header).to_bytes(8, "little") + header)
            for values in sections.arrays.values():
                file.write(np.ascontiguousarray(values).data)
                file.write(b"\0" * (-values.nbytes % ALIGNED))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def load(path: Path) -> Sections:
    """Map what `save` wrote. Raises OSError or ValueError where there is no such file, or no whole one."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = len(MAGIC) + 8
    if mapped[: len(MAGIC)] != MAGIC:
        raise ValueError(f"{path.name} is not an index of the register.")
    length = int.from_bytes(mapped[len(MAGIC) : start], "little")
    header = json.loads(mapped[start : start + length])
    first = start + length
    arrays = {
        name: np.frombuffer(mapped, np.dtype(kind), count, first + begin)
        for name, (begin, count, kind) in header["places"].items()
    }
    return Sections(header["facts"], arrays)


def entries_of(sections: Sections) -> int:
    """How many entries are found in what was written."""
    return len(BitMap.deserialize(sections.arrays["live"]))


def joined(lines: Iterable[str]) -> Numbers:
    """Texts without line breaks as one array of bytes, as `Sections.lines` reads them."""
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


class Texts(Sequence[str]):
    """Many short texts in one blob: each is read, from the mapped file, when it is looked at. No object is kept for any."""

    def __init__(self, ends: Numbers, blob: Numbers) -> None:
        self._ends, self._blob = memoryview(ends), memoryview(blob)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        begin = self._ends[place - 1] if place else 0
        return str(self._blob[begin : self._ends[place]], "utf-8")

    @staticmethod
    def packed(texts: Iterable[str]) -> tuple[Numbers, Numbers]:
        """Ends and blob of texts."""
        texts = list(texts)
        blob = "".join(texts).encode()
        sizes = np.fromiter(map(len, texts), np.uint64, len(texts))
        if len(blob) > sizes.sum():  # not all of them are of ASCII
            sizes = np.fromiter((len(each.encode()) for each in texts), np.uint64, len(texts))
        return np.cumsum(sizes, dtype=np.uint64), np.frombuffer(blob, np.uint8)


class Postings:
    """Many bitmaps in one blob, in a known order; one is only read when it is asked for."""

    def __init__(self, offsets: Numbers, blob: Numbers) -> None:
        self.offsets, self.blob = offsets, memoryview(blob)

    def __getitem__(self, place: int) -> BitMap:
        return self.several(place, 1)[0]

    def several(self, place: int, count: int) -> tuple[BitMap, ...]:
        """So many of them from `place` on."""
        places = self.offsets[place : place + count + 1].tolist()
        return tuple(
            BitMap.deserialize(self.blob[begin:end]) if end > begin else BitMap() for begin, end in pairwise(places)
        )

    @staticmethod
    def packed(bitmaps: Iterable[BitMap]) -> tuple[Numbers, Numbers]:
        """Offsets and blob of bitmaps. An empty one takes no room."""
        offsets, blob = array("Q", [0]), bytearray()
        for each in bitmaps:
            if each:
                blob += each.serialize()
            offsets.append(len(blob))
        return np.frombuffer(offsets, np.uint64), np.frombuffer(blob, np.uint8)


def bitmap(positions: Numbers) -> BitMap:
    """A bitmap of an array of positions. The detour is many times quicker than to let it take the numbers one by one."""
    return BitMap(array("I", positions.astype(np.uint32, copy=False).tobytes()))


def positions_of(entries: BitMap) -> Numbers:
    """The positions of a bitmap as an array, ascending."""
    return np.frombuffer(entries.to_array(), np.uint32)
