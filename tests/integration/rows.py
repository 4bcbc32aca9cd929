"""All rows of the tests' database: taken away after a test, and kept where they are dear to build, to be put back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Table, inspect, text

from app.extensions import Base, db
from app.models.append_only import APPEND_ONLY, guard, unguard
from app.queries import register_index
from app.queries.kept import forget_all
from app.web.public.entries import forget_pages
from app.web.public.statistics import forget_figures

KEPT = "kept"
"""The schema that holds kept rows on PostgreSQL: none of the product's, so that no test takes its tables for the product's."""


def emptied() -> None:
    """Take every row away, and what the process remembers of them. Tables that are empty already are not touched."""
    db.session.remove()
    with db.engine.connect() as connection:
        filled = _filled(connection)
    if filled:
        with _writing(filled) as connection:
            for table in reversed(filled):
                connection.exec_driver_sql(f"DELETE FROM {_quoted(table)}")
    forget_pages()
    forget_figures()
    forget_all()
    current_app.extensions["kept answers"].forget()
    register_index.forget(db.engine)  # the next register begins at revision 1 again


def _filled(connection: Connection) -> list[Table]:
    """The tables that have rows, those first that others refer to."""
    tables = Base.metadata.sorted_tables
    asked = " UNION ALL ".join(
        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {_quoted(table)})" for number, table in enumerate(tables)
    )
    return [tables[number] for (number,) in sorted(connection.exec_driver_sql(asked).all())]


def _quoted(table: Table) -> str:
    return db.engine.dialect.identifier_preparer.format_table(table)


@contextmanager
def _writing(tables: Sequence[Table]) -> Iterator[Connection]:
    """A transaction that may take rows of `tables` away and put rows in, in whichever order."""
    guarded = [table.name for table in tables if table.name in APPEND_ONLY]
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers, no foreign keys
            yield connection
        else:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
            unguard(connection, guarded)
            yield connection
            guard(connection, guarded)


class Kept:
    """The rows that the database holds now, and `things` that stand for some of them: rows, or dataclasses of rows."""

    def __init__(self, things: Any) -> None:
        db.session.commit()
        self._things = _by_identity(things)
        with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
            self._tables = _filled(connection)
            self._rows = [_kept(connection, table) for table in self._tables]

    def put_back(self) -> Any:
        """Make the database hold these rows and no others. Returns `things` with their rows read anew."""
        emptied()
        with _writing(self._tables) as connection:
            for table, rows in zip(self._tables, self._rows, strict=True):
                _put_back(connection, table, rows)
        return _read(self._things)


Rows = Sequence[tuple[Any, ...]]


def _kept(connection: Connection, table: Table) -> Rows:
    """The rows as the driver gives them on SQLite; on PostgreSQL, where it gives back others than it takes, a copy."""
    name = _quoted(table)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {KEPT}")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {KEPT}.{name}")
        connection.exec_driver_sql(f"CREATE TABLE {KEPT}.{name} AS TABLE {name}")
        return ()
    return [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}").all()]


def _put_back(connection: Connection, table: Table, rows: Rows) -> None:
    name = _quoted(table)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"INSERT INTO {name} TABLE {KEPT}.{name}")
    else:
        places = ", ".join("?" * len(rows[0]))
        connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({places})", list(rows))


@dataclass(frozen=True)
class _Row:
    kind: type[Base]
    identity: tuple[Any, ...]


def _by_identity(thing: Any) -> Any:
    """`thing` with each row in it by its kind and its key: a row itself cannot outlive its session."""
    return _each(thing, lambda row: _Row(type(row), inspect(row).identity) if isinstance(row, Base) else row)


def _read(thing: Any) -> Any:
    return _each(thing, lambda row: db.session.get_one(row.kind, row.identity) if isinstance(row, _Row) else row)


def _each(thing: Any, turn: Any) -> Any:
    if isinstance(thing, tuple):
        return tuple(_each(inner, turn) for inner in thing)
    if isinstance(thing, dict):
        return {key: _each(inner, turn) for key, inner in thing.items()}
    if is_dataclass(thing) and not isinstance(thing, (type, _Row)):
        return replace(thing, **{field.name: _each(getattr(thing, field.name), turn) for field in fields(thing)})
    return turn(thing)
