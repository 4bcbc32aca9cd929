"""Whether the database answers and has the tables that this version needs."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.extensions import db

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


class NotMigrated(RuntimeError):
    """The database is at another revision than this version of the product."""


@lru_cache(maxsize=1)
def wanted_revision() -> str | None:
    """The newest migration of this version."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def database_answers() -> None:
    """Raises SQLAlchemyError where it does not."""
    db.session.execute(text("SELECT 1"))


def migrations_current() -> None:
    """Raises NotMigrated where the database is at another revision."""
    revision = MigrationContext.configure(db.session.connection()).get_current_revision()
    if revision != wanted_revision():
        raise NotMigrated(f"The database is at {revision}, this version needs {wanted_revision()}: run the migrations.")
