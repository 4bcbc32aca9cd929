"""Who has which code of which facet, in which square of the country who is based: bitmaps, some of them by the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product

import numpy as np
from pyroaring import BitMap

from app.backends.search_store import Numbers, Postings, Sections, joined
from app.backends.searching import Document
from app.domain.places import METRES_IN_A_MILE

CELL = 10_000  # metres: the side of the squares in which places are kept
TAB = "\t"

Codes = dict[str, BitMap]


class Facets:
    """`codes` by facet and code; `until` by facet, code and last day; `cells` by square. Written by one thread at a time."""

    def __init__(self, sections: Sections | None = None) -> None:
        self.codes: dict[str, Codes] = {}
        self.until: dict[str, dict[str, dict[int, BitMap]]] = {}
        self.cells: dict[tuple[int, int], BitMap] = {}
        if sections:
            postings = Postings(sections.arrays["facet.offsets"], sections.arrays["facet.blob"])
            for place, line in enumerate(sections.lines("facets")):
                self.read(line.split(TAB), postings[place])

    def read(self, key: Sequence[str], entries: BitMap) -> None:
        """Take in who has what a line of the file names."""
        match key:
            case ["code", facet, code]:
                self.codes.setdefault(facet, {})[code] = entries
            case ["until", facet, code, last]:
                self.until.setdefault(facet, {}).setdefault(code, {})[int(last)] = entries
            case ["cell", east, north]:
                self.cells[int(east), int(north)] = entries

    def add(self, document: Document, position: int) -> None:
        for facet, codes in document.facets.items():
            known = self.codes.setdefault(facet, {})
            for code in codes:
                known.setdefault(code, BitMap()).add(position)
        for facet, pairs in document.until.items():
            dated = self.until.setdefault(facet, {})
            for code, last in pairs:
                dated.setdefault(code, {}).setdefault(last.toordinal(), BitMap()).add(position)
        if document.easting is not None and document.northing is not None:
            cell = (document.easting // CELL, document.northing // CELL)
            self.cells.setdefault(cell, BitMap()).add(position)

    def until_on(self, today: date) -> dict[str, Codes]:
        """The facets whose codes count through a day and no longer, as they are on that day."""
        day = today.toordinal()
        return {
            facet: {
                code: BitMap().union(*(entries for last, entries in list(days.items()) if last >= day))
                for code, days in list(codes.items())
            }
            for facet, codes in list(self.until.items())
        }

    def around(self, easting: int, northing: int, miles: float) -> BitMap:
        """Whoever is based in a square that the circle touches."""
        reach = miles * METRES_IN_A_MILE
        columns = range(int((easting - reach) // CELL), int((easting + reach) // CELL) + 1)
        rows = range(int((northing - reach) // CELL), int((northing + reach) // CELL) + 1)
        cells = (self.cells.get(cell) for cell in product(columns, rows))
        return BitMap().union(*(cell for cell in cells if cell is not None))

    def sections(self) -> dict[str, Numbers]:
        lines = dict(self._lines())
        offsets, blob = Postings.packed(lines.values())
        return {"facets": joined(lines), "facet.offsets": offsets, "facet.blob": blob}

    def _lines(self) -> Iterable[tuple[str, BitMap]]:
        for facet, codes in self.codes.items():
            for code, entries in codes.items():
                yield TAB.join(("code", facet, code)), entries
        for facet, dated in self.until.items():
            for code, days in dated.items():
                for last, entries in days.items():
                    yield TAB.join(("until", facet, code, str(last))), entries
        for (east, north), entries in self.cells.items():
            yield TAB.join(("cell", str(east), str(north))), entries


def miles_from(easting: int, northing: int, easts: Numbers, norths: Numbers) -> Numbers:
    """The miles from a point to many, in metres of the grid, as the crow flies."""
    return np.hypot(easts.astype(np.float64) - easting, norths.astype(np.float64) - northing) / METRES_IN_A_MILE
