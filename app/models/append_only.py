"""Guards in the database itself: rows of these tables are written once, and neither changed nor taken away.

Only what of an audit row tells of a person may be emptied, and everything else of it must stay as it is. A migration that
changes one of the tables takes its guards down first and sets them up again.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, text

KEPT = (
    "id",
    "at",
    "actor_id",
    "action",
    "subject",
    "subject_id",
    "organisation_id",
    "scheme_id",
    "application_id",
    "content_sha256",
    "hash",
)
APPEND_ONLY = ("audit_row", "audit_seal", "register_event", "locked_list")


def guard(connection: Connection, tables: Sequence[str] = APPEND_ONLY) -> None:
    """Set the guards of these tables up."""
    for statement in _statements(connection.dialect.name, tables):
        connection.execute(text(statement))


def unguard(connection: Connection, tables: Sequence[str] = APPEND_ONLY) -> None:
    """Take the guards down, as before a table is made anew. The chain of the trail still tells what was done meanwhile."""
    for table in tables:
        for name in ("update", "delete", "replace"):
            on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{name}{on}"))


def _statements(dialect: str, tables: Sequence[str]) -> tuple[str, ...]:
    if dialect == "postgresql":
        return (_REFUSE, *(each for table in tables for each in _postgresql(table)))
    return tuple(each for table in tables for each in _sqlite(table))


def _sqlite(table: str) -> tuple[str, ...]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    changed = f" WHEN NOT ({_erasing('IS')})" if table == "audit_row" else ""
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}{changed} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        # INSERT OR REPLACE takes a row away without a word to the trigger on DELETE.
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN NEW.id IN (SELECT id FROM {table}) {refuse}",  # noqa: S608
    )


_REFUSE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def _postgresql(table: str) -> tuple[str, ...]:
    changed = f" WHEN (NOT ({_erasing('IS NOT DISTINCT FROM', '::text')}))" if table == "audit_row" else ""
    refuse = "EXECUTE FUNCTION refuse_change()"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW{changed} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_no_replace BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    )


def _erasing(same: str, as_text: str = "") -> str:
    """Whether an update empties what tells of a person, and leaves everything else as it is."""
    kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in KEPT)
    return f"NEW.actor_name = '' AND NEW.salt = '' AND NEW.detail{as_text} = '{{}}' AND {kept}"
