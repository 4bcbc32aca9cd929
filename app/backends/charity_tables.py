"""The tables of the Charity Commission's public extract, read into a file to look charities up in."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from app.backends.extract_files import BrokenFile, Progress, Record, Source, sources

BATCH = 5_000
SCHEMA = """
CREATE TABLE charity (
  organisation_number INTEGER PRIMARY KEY, number INTEGER NOT NULL, linked INTEGER NOT NULL, name TEXT NOT NULL,
  kind TEXT, status TEXT, registered_on TEXT, removed_on TEXT, company TEXT, income INTEGER, income_to TEXT,
  activities TEXT, web TEXT, email TEXT, phone TEXT, address TEXT, postcode TEXT, insolvent INTEGER,
  in_administration INTEGER, cio INTEGER, extracted_on TEXT);
CREATE TABLE class (organisation_number INTEGER, kind TEXT, description TEXT);
CREATE TABLE area (organisation_number INTEGER, kind TEXT, description TEXT);
CREATE TABLE people (organisation_number INTEGER, what TEXT, count INTEGER, until TEXT);
CREATE TABLE loaded (what TEXT PRIMARY KEY, value TEXT);
"""
INDEXES = """
CREATE INDEX charity_number ON charity (number, linked);
CREATE INDEX charity_company ON charity (company) WHERE company <> '';
CREATE INDEX class_organisation ON class (organisation_number);
CREATE INDEX area_organisation ON area (organisation_number);
CREATE INDEX people_organisation ON people (organisation_number);
"""


@dataclass(frozen=True)
class Loaded:
    """What is loaded: the day of the extract, how many records of each table, and which tables were left aside."""

    extracted_on: date | None
    counts: dict[str, int] = field(default_factory=dict)
    left_aside: tuple[str, ...] = ()


def build(path: Path, files: list[Path], progress: Progress = lambda done, of: None) -> Loaded:
    """Write the register at `path` from the extract's files, whole or not at all. Raises BrokenFile.

    Tables are known by their columns, whatever their files are called. Those that the product has no use for are left aside.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".new")
    unfinished.unlink(missing_ok=True)
    connection = sqlite3.connect(unfinished, isolation_level=None)
    try:
        connection.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA} BEGIN;")
        loaded = _fill(connection, sources(files, progress))
        _note(connection, loaded)
        connection.execute("COMMIT")
        connection.executescript(INDEXES)
    except BaseException:
        connection.close()
        unfinished.unlink(missing_ok=True)
        raise
    connection.close()
    unfinished.replace(path)
    return loaded


def _fill(connection: sqlite3.Connection, tables: Iterable[Source]) -> Loaded:
    counts: Counter[str] = Counter()
    aside: list[str] = []
    newest: date | None = None
    for source in tables:
        first = next(source.records, None)
        if first is None:
            raise BrokenFile(f"{source.name} holds no records. Download it again.")
        table = _table_of(first)
        if table is None:
            aside.append(source.name)
            continue
        newest = max(filter(None, (newest, day_of(first.get("date_of_extract")))), default=None)
        counts[table] += _store(connection, table, first, source)
    if not counts["charities"]:
        raise BrokenFile(
            "The table of charities is missing. Name its file (publicextract.charity) together with the others."
        )
    return Loaded(newest, dict(counts), tuple(aside))


def _table_of(record: Record) -> str | None:
    """Which table a record is of, by its columns; None for one that is not used. Raises BrokenFile for no table at all."""
    columns = set(record)
    for table, (needed, _, _) in TABLES.items():
        if needed <= columns:
            return table
    if "organisation_number" not in columns:
        raise BrokenFile("This is no table of the Charity Commission’s register: it has no organisation_number.")
    return None


def _store(connection: sqlite3.Connection, table: str, first: Record, source: Source) -> int:
    _, statement, row_of = TABLES[table]
    count, batch = 0, []
    for record in _with_first(first, source.records):
        try:
            row = row_of(record)
        except (KeyError, ValueError, TypeError) as error:
            raise BrokenFile(f"{source.name}: record {count + len(batch) + 1:,} cannot be read ({error}).") from error
        if row is not None:
            batch.append(row)
        if len(batch) >= BATCH:
            connection.executemany(statement, batch)
            count, batch = count + len(batch), []
    connection.executemany(statement, batch)
    return count + len(batch)


def _with_first(first: Record, rest: Iterator[Record]) -> Iterator[Record]:
    yield first
    yield from rest


def _note(connection: sqlite3.Connection, loaded: Loaded) -> None:
    rows = [(f"count {table}", str(count)) for table, count in loaded.counts.items()]
    rows += [(f"aside {number:02}", name) for number, name in enumerate(loaded.left_aside)]
    rows += [("extracted_on", loaded.extracted_on.isoformat())] if loaded.extracted_on else []
    connection.executemany("INSERT INTO loaded VALUES (?, ?)", rows)


def _charity(record: Record) -> tuple[Any, ...] | None:
    name = _text(record["charity_name"])
    if not name:
        return None
    lines = (_text(record.get(f"charity_contact_address{line}")) for line in range(1, 6))
    return (
        _whole(record["organisation_number"]),
        _whole(record["registered_charity_number"]),
        _whole(record.get("linked_charity_number")) or 0,
        name,
        _text(record.get("charity_type")),
        _text(record.get("charity_registration_status")),
        _day_text(record.get("date_of_registration")),
        _day_text(record.get("date_of_removal")),
        _company(record.get("charity_company_registration_number")),
        _whole(record.get("latest_income")),
        _day_text(record.get("latest_acc_fin_period_end_date")),
        _text(record.get("charity_activities")),
        _text(record.get("charity_contact_web")),
        _text(record.get("charity_contact_email")),
        _text(record.get("charity_contact_phone")),
        ", ".join(line for line in lines if line),
        _text(record.get("charity_contact_postcode")),
        _flag(record.get("charity_insolvent")),
        _flag(record.get("charity_in_administration")),
        _flag(record.get("charity_is_cio")),
        _day_text(record.get("date_of_extract")),
    )


def _class(record: Record) -> tuple[Any, ...]:
    kind, words = _text(record["classification_type"]), _text(record["classification_description"])
    return _whole(record["organisation_number"]), kind, words


def _area(record: Record) -> tuple[Any, ...]:
    kind, words = _text(record["geographic_area_type"]), _text(record["geographic_area_description"])
    return _whole(record["organisation_number"]), kind, words


def _people(what: str, column: str) -> Any:
    def row(record: Record) -> tuple[Any, ...] | None:
        count = _whole(record.get(column))
        if count is None or count < 0:
            return None
        until = _day_text(record.get("fin_period_end_date")) or ""
        return _whole(record["organisation_number"]), what, count, until

    return row


PEOPLE = "INSERT INTO people VALUES (?, ?, ?, ?)"
# table -> the columns by which it is known, the statement that stores a row, and what makes the row
TABLES: dict[str, tuple[frozenset[str], str, Any]] = {
    "charities": (
        frozenset("organisation_number registered_charity_number charity_name charity_registration_status".split()),
        f"INSERT OR REPLACE INTO charity VALUES ({', '.join('?' * 21)})",  # noqa: S608 - nothing but question marks
        _charity,
    ),
    "classifications": (
        frozenset({"organisation_number", "classification_description"}),
        "INSERT INTO class VALUES (?, ?, ?)",
        _class,
    ),
    "areas": (
        frozenset({"organisation_number", "geographic_area_description", "geographic_area_type"}),
        "INSERT INTO area VALUES (?, ?, ?)",
        _area,
    ),
    "volunteers": (
        frozenset({"organisation_number", "count_volunteers"}),
        PEOPLE,
        _people("volunteers", "count_volunteers"),
    ),
    "employees": (
        frozenset({"organisation_number", "count_employees"}),
        PEOPLE,
        _people("employees", "count_employees"),
    ),
}


def _text(value: Any) -> str:
    return " ".join(str(value).split()) if value not in (None, "NULL") else ""


def _whole(value: Any) -> int | None:
    text = _text(value)
    return round(float(text)) if text else None


def _flag(value: Any) -> int:
    return int(value is True or _text(value).casefold() in {"1", "true", "t", "yes"})


def _day_text(value: Any) -> str | None:
    day = day_of(value)
    return day.isoformat() if day else None


def day_of(value: Any) -> date | None:
    """The day at the start of a text such as 2026-11-01T00:00:00; None where there is none."""
    text = _text(value)[:10]
    return date.fromisoformat(text) if text else None


def _company(value: Any) -> str:
    """A company number in our form; the register has many without their zeros."""
    text = "".join(each for each in _text(value).upper() if each.isalnum())
    if not text.strip("0"):
        return ""
    return text.zfill(8) if text.isdigit() else text
