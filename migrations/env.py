"""Runs migrations on the application's own engine, one transaction for each run."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Enum

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


def run() -> None:
    with db.engine.connect().execution_options(writes=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            render_item=render_item,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Offline migration is not offered: run `flask db upgrade` against the database itself.")
current_app.logger.debug("Migrating %s", db.engine.url.render_as_string(hide_password=True))
run()
