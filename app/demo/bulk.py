"""Rows by the hundred thousand, straight into tables: COPY on PostgreSQL, many at a time on SQLite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import JSON, Column, Connection, Table, func, insert, select, text

Convert = Callable[[Any], Any]
_encode = json.JSONEncoder(separators=(",", ":")).encode


def _converting(column: Column[Any], connection: Connection) -> Convert | None:
    """What makes a value of ours one for the database; None where it goes as it is."""
    if isinstance(column.type, JSON):
        return lambda value: _encode(value) if value else "{}" if isinstance(value, dict) else "[]"
    return column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)


def _default(column: Column[Any]) -> Any:
    if column.default is None:
        return None
    argument = column.default.arg  # type: ignore[attr-defined]
    return argument(None) if callable(argument) else argument


def _as_it_goes(value: Any) -> Any:
    return value


class Bulk:
    """Writes rows of one table, given as dictionaries of its columns. What a row leaves out is the column's default."""

    def __init__(self, table: Table, connection: Connection) -> None:
        self.table, self.connection = table, connection
        self._columns = [self._column(each) for each in table.columns]

    def _column(self, column: Column[Any]) -> tuple[str, Convert, Any]:
        convert = _converting(column, self.connection) or _as_it_goes
        return column.key, convert, convert(_default(column))

    def write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        values = [
            tuple(convert(row[key]) if key in row else default for key, convert, default in self._columns)
            for row in rows
        ]
        if self.connection.dialect.name == "postgresql":
            self._copy(values)
        elif values:
            marks = ", ".join("?" * len(self._columns))
            self.connection.exec_driver_sql(f"INSERT INTO {self._name} ({self._names}) VALUES ({marks})", values)  # noqa: S608

    @property
    def _name(self) -> str:
        return self.connection.dialect.identifier_preparer.format_table(self.table)

    @property
    def _names(self) -> str:
        quote = self.connection.dialect.identifier_preparer.quote
        return ", ".join(quote(each.name) for each in self.table.columns)

    def _copy(self, values: list[tuple[Any, ...]]) -> None:
        cursor = self.connection.connection.cursor()
        with cursor, cursor.copy(f"COPY {self._name} ({self._names}) FROM STDIN") as copy:  # type: ignore[attr-defined]
            for each in values:
                copy.write_row(each)


def next_id(connection: Connection, table: Table) -> int:
    """An id from which on all are free."""
    return (connection.scalar(select(func.max(table.c.id))) or 0) + 1


def catch_up(connection: Connection, table: Table) -> None:
    """Let the database number on after ids that were given here."""
    if connection.dialect.name == "postgresql":
        highest = f"(SELECT coalesce(max(id), 1) FROM {table.name})"  # noqa: S608
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {highest})"))


def insert_one(connection: Connection, table: Table, row: Mapping[str, Any]) -> int:
    """Insert a row and return its id."""
    return int(connection.execute(insert(table).values(**row).returning(table.c.id)).scalar_one())
