"""Who is near a point, and who is nearest: distances are worked out only for squares that a circle cuts, and for the page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from pyroaring import BitMap

from app.backends.search_columns import Columns
from app.backends.search_day import Day, first_by, first_of
from app.backends.search_facets import Facets
from app.backends.search_store import Numbers, bitmap, positions_of
from app.backends.searching import AREA, Near, Reach, Sort
from app.domain.places import METRES_IN_A_MILE

TENTHS = 10  # of a mile, by which results stand: whoever is as near as another is so by lot
LOT_BITS = 31
FEW = 30_000  # entries whose distances are worked out sooner than squares are looked up
SOME = 8  # times as many as are wanted are expected in the first circle around the point


class Nearby:
    """`within` is who is based so near, `reached` who counts as near: by its base, by where it works, or by either."""

    def __init__(self, near: Near, columns: Columns, facets: Facets, base: BitMap) -> None:
        """Of the entries of `base`."""
        self._near, self._columns, self._facets = near, columns, facets
        self.within = self._within(base)
        serving = base & facets.codes.get(AREA, {}).get(near.area_code, BitMap())
        of = {Reach.BASED: self.within, Reach.SERVED: serving, Reach.EITHER: self.within | serving}
        self.reached = of[near.reach]

    def _within(self, base: BitMap) -> BitMap:
        inside, cut = BitMap(), base
        if len(base) > FEW:
            inside, cut = self._facets.around(*self._point, self._near.miles)
        measured = positions_of(base & cut)
        return (base & inside) | bitmap(measured[self._from(measured) <= self._near.miles])

    def _from(self, positions: Numbers) -> Numbers:
        """The miles from the point to each position, as the crow flies."""
        east = self._columns["east"][positions].astype(np.float64) - self._near.easting
        north = self._columns["north"][positions].astype(np.float64) - self._near.northing
        return np.sqrt(east * east + north * north) / METRES_IN_A_MILE

    def miles(self, page: Sequence[int]) -> list[float | None]:
        """How far each position is; None for who is not within reach, or says not where it is."""
        miles = self._from(np.array(page, np.int64)).tolist()
        return [each if place in self.within else None for place, each in zip(page, miles, strict=True)]

    def nearest(self, matched: BitMap, day: Day, wanted: int) -> list[int]:
        """By tenths of a mile. Whoever is based further off, or nowhere that may be told, comes after those who are near."""
        near = matched & self.within
        found = self._circled(near, day, wanted)
        if len(found) < wanted:
            found += first_of(matched - near, wanted - len(found), day.order(Sort.RELEVANCE))
        return found

    def _circled(self, near: BitMap, day: Day, wanted: int) -> list[int]:
        """The nearest of these, in wider and wider circles until nobody outside can be as near."""
        miles = self._near.miles
        if wanted and len(near) > FEW:
            miles = min(miles, max(0.5, miles * (SOME * wanted / len(near)) ** 0.5))
        while True:
            whole = miles >= self._near.miles
            some = near if whole else near & BitMap.union(*self._facets.around(*self._point, miles))
            positions = positions_of(some)
            tenths = np.round(self._from(positions) * TENTHS).astype(np.int64)
            # Who is outside is further than `miles`, and may stand in the last tenth as well as who is inside.
            if whole or np.count_nonzero(tenths + 0.5 <= miles * TENTHS) >= wanted:
                return first_by(positions, tenths << LOT_BITS | day.lots[positions], wanted)
            miles *= 2

    @property
    def _point(self) -> tuple[int, int]:
        return self._near.easting, self._near.northing
