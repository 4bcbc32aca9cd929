"""One entry with all that belongs to it, as a row for spreadsheets and as one object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.offers import Taking
from app.domain.open_data.columns import Value
from app.domain.open_data.tables import ENTRIES, FLAT, TABLES

Row = tuple[Value, ...]
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
LISTS = tuple(table for table in TABLES if table.name not in {"entries", "events"})
_TAKEN = tuple(ENTRIES.position(name) for name in FLAT.names if name in ENTRIES.names)


@dataclass(frozen=True, slots=True)
class Record:
    """An entry's row, and its rows in each table that refers to it; those begin with the entry's number."""

    entry: Row
    lists: Mapping[str, Sequence[Row]]


def flat_row(record: Record) -> Row:
    """The row of FLAT."""
    in_words = [_joined(record.lists[name]) for name in ("services", "client_groups", "areas", "languages", "access")]
    room = _joined([row for row in record.lists["offers"] if row[3] == Taking.NOW.value and row[-1]])
    return (*(_harmless(record.entry[position]) for position in _TAKEN), *in_words, room)


def _joined(rows: Sequence[Row]) -> str | None:
    """The titles of rows of codes, with semicolons between them."""
    return "; ".join(str(row[2]) for row in rows) or None


def _harmless(value: Value) -> Value:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def as_object(record: Record) -> dict[str, object]:
    """The entry as one JSON object with its lists within it; what is not said is left out."""
    found: dict[str, object] = _said(ENTRIES.names, record.entry)
    for table in LISTS:
        found[table.name] = [_said(table.names[1:], row[1:]) for row in record.lists[table.name]]
    return found


def _said(names: Sequence[str], row: Sequence[Value]) -> dict[str, object]:
    return {name: in_json(value) for name, value in zip(names, row, strict=True) if value is not None}


def in_json(value: Value) -> str | int | bool | None:
    """A value as JSON has it: days and moments in ISO 8601, moments in UTC."""
    if isinstance(value, datetime):
        return in_utc(value)
    return value.isoformat() if isinstance(value, date) else value


def in_utc(moment: datetime) -> str:
    """A moment in UTC to the second, such as 2026-11-22T15:00:00Z."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
