"""What is known of each position: numbers in arrays, since an object for each of a million entries would fill the memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from pyroaring import BitMap

from app.backends.search_store import Numbers, Sections
from app.backends.searching import Document

NOWHERE = -(2**31)  # in place of an easting and northing
KINDS = {"entry": np.int64, "east": np.int32, "north": np.int32, "standing": np.int32, "granted": np.int32}
HEADROOM = 8  # an eighth is kept free, so that what arrives is written behind what is there


class Columns:
    """Growing arrays by position. What was written never changes; a longer array takes the place of one that is full.

    `standing` is an index into `standings`: every pair of a stored status and a last day that occurs.
    """

    def __init__(self, sections: Sections | None = None) -> None:
        arrays = sections.arrays if sections else {}
        standings = sections.facts["standings"] if sections else ()
        self.size = len(arrays.get("column.entry", ()))
        self.arrays = {name: self._roomy(arrays.get(f"column.{name}", ()), kind) for name, kind in KINDS.items()}
        self.standings = [(status, date.fromordinal(day)) for status, day in standings]
        self._standing = {pair: place for place, pair in enumerate(self.standings)}
        self._new: dict[int, int] = {}
        self._written = self.size
        self._by_id: tuple[Numbers, Numbers] | None = None

    def __getitem__(self, name: str) -> Numbers:
        """A column, one value a position."""
        return self.arrays[name][: self.size]

    def _roomy(self, values: Numbers | Sequence[int], kind: type, size: int = 0) -> Numbers:
        roomy = np.zeros(max(len(values), size) + max(len(values) // HEADROOM, 256), kind)
        roomy[: len(values)] = values
        return roomy

    def position(self, entry_id: int) -> int | None:
        """Where an entry was put last."""
        if entry_id in self._new:
            return self._new[entry_id]
        if self._by_id is None:
            written = self["entry"][: self._written]
            order = np.argsort(written, kind="stable")
            self._by_id = written[order], order.astype(np.uint32)
        ids, places = self._by_id
        place = int(np.searchsorted(ids, entry_id, "right")) - 1
        return int(places[place]) if place >= 0 and ids[place] == entry_id else None

    def add(self, documents: Sequence[Document]) -> tuple[range, BitMap]:
        """New positions for documents, and the positions that they take the place of."""
        begin, end = self.size, self.size + len(documents)
        self._write(documents, end)
        old = BitMap()
        for position, document in enumerate(documents, begin):
            before = self.position(document.entry_id)
            if before is not None:
                old.add(before)
            self._new[document.entry_id] = position
        self.size = end
        return range(begin, end), old

    def append(self, documents: Sequence[Document]) -> None:
        """New positions for documents that take nobody's place, and that nobody looks for before all is written down."""
        self._write(documents, self.size + len(documents))
        self.size += len(documents)

    def arrange(self, order: Numbers) -> None:
        """Put everything in this order, before anybody has looked at it."""
        for name in KINDS:
            self.arrays[name] = self[name][order]

    def _write(self, documents: Sequence[Document], end: int) -> None:
        rows = [self._row(document) for document in documents]
        for place, name in enumerate(KINDS):
            column = self.arrays[name]
            if end > len(column):
                column = self.arrays[name] = self._roomy(column[: self.size], KINDS[name], end)
            column[self.size : end] = [row[place] for row in rows]

    def _row(self, document: Document) -> tuple[int, int, int, int, int]:
        pair = (document.status, document.expires_on)
        standing = self._standing.get(pair)
        if standing is None:
            standing = len(self.standings)
            self.standings.append(pair)
            self._standing[pair] = standing
        placed = document.easting is not None and document.northing is not None
        return (
            document.entry_id,
            document.easting if placed else NOWHERE,  # type: ignore[return-value]
            document.northing if placed else NOWHERE,
            standing,
            document.granted_on.toordinal() if document.granted_on else 0,
        )

    def sections(self) -> dict[str, Numbers]:
        return {f"column.{name}": self[name] for name in KINDS}
