"""Runs migrations on the application's own engine, one transaction for each run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum

import app.models  # noqa: F401  (the tables must be known before they are compared)
from app.extensions import Base, db


def render_item(kind, item, autogen_context):
    """Our column kinds are written as what they are in the database, so that a migration never imports the app."""
    if kind != "type":
        return False
    if type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Enum):
        values = ", ".join(repr(value) for value in item.enums)
        return f"sa.Enum({values}, name={item.name!r}, native_enum=False, create_constraint=True, length={item.length})"
    return False


@contextmanager
def references_unchecked(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, and will not drop the old one while rows refer to it and are checked.

    They are all checked before the end instead, so that a migration which breaks one saves nothing.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection  # nothing has begun yet: within a transaction the switch does nothing
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(10)
        if broken:
            raise RuntimeError(f"This migration leaves rows that refer to nothing: {broken}")


def run() -> None:
    connecting = db.engine.connect().execution_options(writes=True)
    with connecting as connection, references_unchecked(connection):
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
            transactional_ddl=True,  # SQLite's as well, since it is we who begin its transactions
        )
        with context.begin_transaction():
            context.run_migrations()
            check_references(connection)


if context.is_offline_mode():
    raise SystemExit("Offline migration is not offered: run `flask db upgrade` against the database itself.")
current_app.logger.debug("Migrating %s", db.engine.url.render_as_string(hide_password=True))
run()
