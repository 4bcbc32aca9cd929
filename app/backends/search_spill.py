"""Sorted numbers that are too many for the memory: each run goes to a temporary file, and all are read again in order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

import numpy as np

from app.backends.search_store import Numbers

PART = 4_000_000  # numbers that are brought into order at once, about


class Runs:
    """Sorted runs of 64-bit numbers on disk."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed when it was read again
        self._lengths: list[int] = []

    def append(self, run: Numbers) -> None:
        """Another run, ascending."""
        if len(run):
            run.astype(np.uint64, copy=False).tofile(self._file)
            self._lengths.append(len(run))

    def runs(self) -> Iterator[Numbers]:
        """The runs as they were written, one at a time. They are gone at the end."""
        begin = 0
        with self._file:
            for length in self._lengths:
                yield self._read(begin, length)
                begin += length

    def merged(self) -> Iterator[Numbers]:
        """All numbers in order, in pieces; those with one upper half stand in one piece. The runs are gone at the end."""
        with self._file:
            yield from self._pieces(sum(self._lengths)) if self._lengths else ()

    def _pieces(self, total: int) -> Iterator[Numbers]:
        starts = np.cumsum([0, *self._lengths[:-1]]).tolist()
        self._file.flush()
        whole = np.memmap(self._file, np.uint64, "r")
        runs = [whole[start : start + length] for start, length in zip(starts, self._lengths, strict=True)]
        before = [0] * len(runs)
        for bound in [*self._bounds(runs, total), None]:
            ends = [len(run) if bound is None else int(np.searchsorted(run, bound)) for run in runs]
            pieces = [self._read(start + a, b - a) for start, a, b in zip(starts, before, ends, strict=True) if b > a]
            before = ends
            if pieces:
                yield np.sort(np.concatenate(pieces))

    @staticmethod
    def _bounds(runs: list[Numbers], total: int) -> Numbers:
        """Where to cut, by numbers taken evenly from each run."""
        step = max(1, total // 4_096)
        sample = np.sort(np.concatenate([run[::step] for run in runs])) >> np.uint64(32) << np.uint64(32)
        return np.unique(sample[PART // step :: max(1, PART // step)])

    def _read(self, begin: int, count: int) -> Numbers:
        self._file.seek(begin * 8)
        return np.fromfile(self._file, np.uint64, count)


class Spilled:
    """Numbers that are written one piece after the other, and looked at as one array."""

    def __init__(self, kind: type) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 -- closed when it was read again
        self._kind = kind
        self.size = 0

    def append(self, values: Numbers) -> None:
        values.astype(self._kind, copy=False).tofile(self._file)
        self.size += len(values)

    def array(self) -> Numbers:
        """All of it, mapped. The room on disk is given back with the array; nothing can be added any more."""
        with self._file as file:
            file.flush()
            return np.asarray(np.memmap(file, self._kind, "r")) if self.size else np.zeros(0, self._kind)
