"""Every UK postcode, offline: a read-only SQLite file that postcodes_build made from the ONS Postcode Directory (OGL)."""

from __future__ import annotations

import csv
import logging
import re
import sqlite3
import threading
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Protocol

from app.backends.gazetteer import Gazetteer, Located, read_gazetteer
from app.backends.kept import Kept
from app.backends.land import build_land, land_file
from app.domain.errors import Invalid
from app.domain.identifiers import parse_district, parse_postcode
from app.domain.places import Place

ISLANDS = {"JE": "Jersey", "GY": "Guernsey", "IM": "the Isle of Man"}
SECTOR = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9])")
MOST_LOOKED_UP = 2_000
ENDED = "The postcode {} is probably no longer in use"
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
        found = self.find(text)
        if found and self._has_ended(found.label):
            return Located(found, note=f"{ENDED.format(found.label)}. We look around where it was.")
        found = found or self._part_of_postcode(text)
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
        if island := ISLANDS.get(code[:2]):
            return Located(problem=f"{code} is in {island}. This register covers the United Kingdom. {WHAT_TO_TYPE}")
        if known and self._has_ended(code):
            return Located(problem=f"{ENDED.format(code)}, and we do not know where it was. {WHAT_TO_TYPE}")
        if known:
            return Located(
                problem=f"The directory does not say where the postcode {code} lies. Enter a town or a council."
            )
        sentence = f"There is no postcode {code} in the directory of the Office for National Statistics."
        around = self._part_of_postcode(code[:-2]) or district
        if around is None:
            return Located(problem=f"{sentence} {WHAT_TO_TYPE}")
        return Located(around, note=f"{sentence} It may be mistyped or very new. We look around {around.label}.")

    def _has_ended(self, code: str) -> bool:
        """Whether a postcode of the directory was no longer in use; False where the file is older than this knowledge."""
        district, _, inward = code.partition(" ")
        try:
            row = self._connection.execute("SELECT inward FROM ended WHERE district = ?", (district,)).fetchone()
        except sqlite3.OperationalError:
            return False
        return row is not None and inward in row[0].split()

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
