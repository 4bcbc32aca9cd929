"""Who has which code of which facet, in which square of the country who is based: bitmaps, some of them by the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from pyroaring import BitMap

from app.backends.search_store import Numbers, Postings, Sections, joined
from app.backends.searching import Document
from app.domain.places import METRES_IN_A_MILE

CELL = 5_000  # metres: the side of the squares in which places are kept
BLOCK = 10  # squares are kept together in blocks of ten by ten, so that few sets are united for a large circle
TAB = "\t"

Codes = dict[str, BitMap]


class Facets:
    """`codes` by facet and code; `until` by facet, code and last day; `cells` by square, `blocks` by block of squares. Written by one thread
    at a time.
    """

    def __init__(self, sections: Sections | None = None) -> None:
        self.codes: dict[str, Codes] = {}
        self.until: dict[str, dict[str, dict[int, BitMap]]] = {}
        self.cells: dict[tuple[int, int], BitMap] = {}
        self.blocks: dict[tuple[int, int], BitMap] = {}
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
                self.blocks.setdefault((int(east) // BLOCK, int(north) // BLOCK), BitMap()).update(entries)

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
            east, north = document.easting // CELL, document.northing // CELL
            self.cells.setdefault((east, north), BitMap()).add(position)
            self.blocks.setdefault((east // BLOCK, north // BLOCK), BitMap()).add(position)

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

    def around(self, easting: int, northing: int, miles: float) -> tuple[BitMap, BitMap]:
        """Whoever is based in a square inside a circle, and whoever is in one that the circle cuts."""
        reach = miles * METRES_IN_A_MILE
        large, small = (_Squares(easting, northing, reach, side) for side in (CELL * BLOCK, CELL))
        apart = (
            small.inside
            & ~large.inside[np.ix_(small.east // BLOCK - large.east[0], small.north // BLOCK - large.north[0])]
        )
        inside = [*_having(self.blocks, large.named(large.inside)), *_having(self.cells, small.named(apart))]
        return BitMap().union(*inside), BitMap().union(*_having(self.cells, small.named(small.touched & ~small.inside)))

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


class _Squares:
    """The squares of one size that a circle may touch: `touched` and `inside` tell of each, by column and row."""

    def __init__(self, easting: int, northing: int, reach: float, side: int) -> None:
        self.east, east_near, east_far = _away(easting, reach, side)
        self.north, north_near, north_far = _away(northing, reach, side)
        self.touched = east_near[:, None] ** 2 + north_near**2 <= reach**2
        self.inside = east_far[:, None] ** 2 + north_far**2 <= reach**2

    def named(self, chosen: Numbers) -> Iterable[tuple[int, int]]:
        columns, rows = np.nonzero(chosen)
        return zip(self.east[columns].tolist(), self.north[rows].tolist(), strict=True)


def _away(place: int, reach: float, side: int) -> tuple[Numbers, Numbers, Numbers]:
    """Along one axis the numbers of squares, how far the nearest of each is from a place, and the farthest."""
    numbers = np.arange(int((place - reach) // side), int((place + reach) // side) + 1)
    low = (numbers * side - place).astype(np.float64)
    high = low + side
    return numbers, np.maximum(np.maximum(low, -high), 0), np.maximum(-low, high)


def _having(known: Mapping[tuple[int, int], BitMap], squares: Iterable[tuple[int, int]]) -> list[BitMap]:
    return [found for square in squares if (found := known.get(square)) is not None]
