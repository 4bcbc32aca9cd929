"""What depends on the day: which status and which word about capacity counts, and the orders that break ties by lot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date

import numpy as np
from pyroaring import BitMap

from app.backends.search_columns import Columns
from app.backends.search_draw import Draw
from app.backends.search_facets import Codes, Facets
from app.backends.search_names import Names
from app.backends.search_store import Numbers, bitmap, positions_of
from app.backends.searching import Document, Sort

StatusOf = Callable[[str, date, date], str]
LOT_BITS = 31
WALKED = 16  # a group that is larger than a sixteenth of all is looked for along the order, a smaller one is sorted
COSTLIER = 30  # times what sorting takes for one of a group is what walking takes for one


class Day:
    """Statuses, facets and orders on `today` of the first `size` positions.

    An order is the place of each position in it, and the positions by their place: eight bytes for each entry. It is drawn
    up when it is first asked for.
    """

    def __init__(self, today: date, columns: Columns, facets: Facets, names: Names, status_of: StatusOf) -> None:
        self.today, self.size = today, columns.size
        self._columns, self._facets, self._names, self._status_of = columns, facets, names, status_of
        self.lots: Numbers = Draw.of(today).lots(columns["entry"][: self.size]).astype(np.uint32)
        self._dated: dict[str, Codes] = {**facets.until_on(today), "status": self._by_status()}
        self._orders: dict[Sort, tuple[Numbers, Numbers]] = {}

    @property
    def facets(self) -> dict[str, Codes]:
        """Every facet with the codes that count on the day."""
        return {**self._facets.codes, **self._dated}

    def grown(self, documents: Sequence[Document]) -> Day:
        """The same day with the documents that were just added behind what it knew."""
        day = copy(self)
        day.size = self._columns.size
        new = range(self.size, day.size)
        for position, document in zip(new, documents, strict=True):
            self._note(document, position)
        lots = Draw.of(self.today).lots(self._columns["entry"][self.size : day.size]).astype(np.uint32)
        day.lots = np.append(self.lots, lots)
        day._orders = {}
        for sort, (_, along) in list(self._orders.items()):
            if sort is not Sort.NAME:  # among names a new one moves all that come behind it
                keys = day._keys(sort)
                by_key = np.argsort(keys[self.size :])
                at = np.searchsorted(keys[: self.size], keys[self.size :][by_key], sorter=along)
                positions = np.arange(self.size, day.size, dtype=np.uint32)[by_key]
                day._orders[sort] = _places(np.insert(along, at, positions))
        return day

    def _note(self, document: Document, position: int) -> None:
        """Mark what counts of a document today. Whoever searches meanwhile does not look at its position yet."""
        status = self._status_of(document.status, document.expires_on, self.today)
        self._dated["status"].setdefault(status, BitMap()).add(position)
        for facet, pairs in document.until.items():
            codes = self._dated.setdefault(facet, {})
            for code, last in pairs:
                if last >= self.today:
                    codes.setdefault(code, BitMap()).add(position)

    def _by_status(self) -> Codes:
        """Positions by their status on the day: one question for each pair of a stored status and a last day."""
        told = [self._status_of(status, last, self.today) for status, last in self._columns.standings]
        statuses = sorted(set(told))
        by_standing = np.array([statuses.index(each) for each in told], np.uint8)
        codes = by_standing[self._columns["standing"][: self.size]] if told else by_standing
        return {
            status: bitmap(np.flatnonzero(codes == number).astype(np.uint32)) for number, status in enumerate(statuses)
        }

    def order(self, sort: Sort) -> tuple[Numbers, Numbers]:
        """The place of each position, and all positions by their place, for sorting by name, by day of grant, or by lot."""
        kept = self._orders.get(sort)
        if kept is None:
            kept = self._orders[sort] = _places(np.argsort(self._keys(sort)).astype(np.uint32))
        return kept

    def _keys(self, sort: Sort) -> Numbers:
        if sort is Sort.NAME:
            first = self._names.ranks(self.size)
        elif sort is Sort.NEWEST:
            granted = self._columns["granted"][: self.size].astype(np.int64)
            first = date.max.toordinal() - granted
        else:
            first = (
                self.lots.astype(np.int64) << LOT_BITS
            )  # below it the id itself: of two equal lots the lower id comes first
            return first | self._columns["entry"][: self.size]
        return (first << LOT_BITS) | self.lots


def _places(along: Numbers) -> tuple[Numbers, Numbers]:
    """An order of positions, behind the place in it of each position."""
    places = np.empty(len(along), np.uint32)
    places[along] = np.arange(len(along), dtype=np.uint32)
    return places, along


def first_of(group: BitMap, wanted: int, order: tuple[Numbers, Numbers]) -> list[int]:
    """The first `wanted` positions of a group in an order, found without sorting all of it."""
    places, along = order
    size = len(group)
    if not size or wanted <= 0:
        return []
    if size > wanted * 4 and size * WALKED > len(along) and wanted * len(along) * COSTLIER < size * size:
        return _walked(group, wanted, along)
    return first_by(positions_of(group), places[positions_of(group)], wanted)


def first_by(positions: Numbers, keys: Numbers, wanted: int) -> list[int]:
    """The first `wanted` positions by their keys."""
    if len(positions) > wanted * 4:
        least = np.argpartition(keys, wanted - 1)[:wanted]
        positions, keys = positions[least], keys[least]
    found: list[int] = positions[np.argsort(keys, kind="stable")[:wanted]].tolist()
    return found


def _walked(group: BitMap, wanted: int, along: Numbers) -> list[int]:
    """The first `wanted` of a large group: pieces of the order are held against it until there are enough."""
    found: list[int] = []
    step = max(64, 2 * wanted * len(along) // len(group))
    for begin in range(0, len(along), step):
        piece = along[begin : begin + step].tolist()
        found += [position for position in piece if position in group]
        if len(found) >= wanted:
            break
    return found[:wanted]
