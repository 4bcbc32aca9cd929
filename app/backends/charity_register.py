"""The Charity Commission's register, offline: a read-only SQLite file built from its public extract (OGL).

A file beside the database and not tables in it: it is public, replaced as a whole, needs no backup, and every lookup is by
a number. It can be built elsewhere and copied into the instance folder.
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any, Protocol

from app.backends.charity_tables import Loaded, day_of
from app.domain.charity_record import CharityRecord, Classified

MOST_FOUND = 50
FLAGS = ("insolvent", "in_administration", "cio")
DAYS = ("registered_on", "removed_on", "income_to", "extracted_on")


class CharityRegister(Protocol):
    """Charities by their number or their company's."""

    def status(self) -> Loaded | None:
        """What is loaded; None where nothing is."""

    def by_number(self, number: int, linked: int = 0) -> CharityRecord | None:
        """The charity of that number. One that is registered comes before one that was removed."""

    def linked_to(self, number: int) -> tuple[CharityRecord, ...]:
        """The charities linked to the one of that number, at most 50."""

    def by_company(self, company: str) -> tuple[CharityRecord, ...]:
        """The charities with that company number, in our form, at most 50."""


class SqliteCharityRegister:
    """A register in a file that `build` made. It is opened anew once another file lies in its place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    def status(self) -> Loaded | None:
        connection = self._connection()
        if connection is None:
            return None
        rows = dict(connection.execute("SELECT what, value FROM loaded"))
        counts = {what.partition(" ")[2]: int(value) for what, value in rows.items() if what.startswith("count ")}
        aside = tuple(value for what, value in sorted(rows.items()) if what.startswith("aside "))
        return Loaded(day_of(rows.get("extracted_on")), counts, aside)

    def by_number(self, number: int, linked: int = 0) -> CharityRecord | None:
        found = self._find("number = ? AND linked = ?", (number, linked))
        return found[0] if found else None

    def linked_to(self, number: int) -> tuple[CharityRecord, ...]:
        return self._find("number = ? AND linked > 0", (number,))

    def by_company(self, company: str) -> tuple[CharityRecord, ...]:
        return self._find("company = ? AND linked = 0", (company,))

    def _find(self, where: str, values: tuple[Any, ...]) -> tuple[CharityRecord, ...]:
        connection = self._connection()
        if connection is None:
            return ()
        order = "removed_on IS NOT NULL, linked, registered_on DESC, organisation_number DESC"
        rows = connection.execute(
            f"SELECT * FROM charity WHERE {where} ORDER BY {order} LIMIT ?",  # noqa: S608 - `where` is one of our own
            (*values, MOST_FOUND),
        ).fetchall()
        return tuple(_record(connection, row) for row in rows)

    def _connection(self) -> sqlite3.Connection | None:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        place = (found.st_ino, found.st_mtime_ns)
        if getattr(self._local, "place", None) != place:
            if hasattr(self._local, "connection"):
                self._local.connection.close()
            connection = sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True)
            connection.row_factory = sqlite3.Row
            self._local.connection, self._local.place = connection, place
        opened: sqlite3.Connection = self._local.connection
        return opened


def _record(connection: sqlite3.Connection, row: sqlite3.Row) -> CharityRecord:
    own = (row["organisation_number"],)
    classes = connection.execute("SELECT kind, description FROM class WHERE organisation_number = ? LIMIT 100", own)
    areas = connection.execute("SELECT kind, description FROM area WHERE organisation_number = ? LIMIT 1000", own)
    people = dict(
        connection.execute("SELECT what, count FROM people WHERE organisation_number = ? ORDER BY until LIMIT 50", own)
    )
    plain = {name: row[name] for name in row.keys() if name not in FLAGS and name not in DAYS}  # noqa: SIM118
    return CharityRecord(
        **plain,
        **{name: bool(row[name]) for name in FLAGS},
        **{name: day_of(row[name]) for name in DAYS},
        employees=people.get("employees"),
        volunteers=people.get("volunteers"),
        classes=tuple(Classified(*each) for each in classes),
        areas=tuple(tuple(each) for each in areas),
    )
