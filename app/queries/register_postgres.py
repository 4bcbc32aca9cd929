"""The register's search in PostgreSQL, kept up to date with the entries: the way of it is that of the index in memory.

Each search first compares the highest revision with the one that was read last. Whoever finds it behind reads what has
changed, one at a time; the others wait for that. So an entry that somebody else wrote, in bulk or by hand, is found by the
next search as well, and nothing has to remember to say so.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, text

from app.backends.postgres_search import PostgresIndex, put
from app.extensions import db
from app.models import RegisterEntry
from app.queries.register_documents import ROWS, document_of, shown, status_of
from app.queries.search_words import synonyms, titled

OVERLAP = 50
"""Revisions looked at again: a transaction may commit after one that took a later number."""

BATCH = 2_000
TURN = 72_103_316  # the number of the advisory lock under which the tables are brought up to date
CHOSEN = "postgres"

_STATE = text("""
SELECT coalesce((SELECT max(revision) FROM register_entry), 0) AS newest,
  coalesce((SELECT stamp FROM register_change ORDER BY id DESC LIMIT 1), '') AS stamp, known.revision, known.stamp AS known_stamp
FROM register_search.state known
""")
_GONE = text(
    "DELETE FROM register_search.entry e WHERE NOT EXISTS (SELECT FROM register_entry r WHERE r.id = e.entry_id)"
)
_TAKEN_OUT = text("DELETE FROM register_search.entry WHERE entry_id = ANY(:ids)")
_EMPTY = text("TRUNCATE register_search.entry, register_search.word")
_KNOWN = text("SELECT entry_id, revision FROM register_search.entry WHERE revision > :revision")
_UP_TO_DATE = text("UPDATE register_search.state SET revision = :revision, stamp = :stamp")

_kept: WeakKeyDictionary[Engine, tuple[str, PostgresIndex]] = WeakKeyDictionary()


def chosen(engine: Engine) -> bool:
    """Whether this installation searches in PostgreSQL."""
    return engine.get_execution_options().get("register_search") == CHOSEN


def postgres_index(engine: Engine) -> PostgresIndex:
    """The index, with every change that was committed before this call. One statement where nothing has changed."""
    newest, stamp, revision, known_stamp = db.session.execute(_STATE).one()
    if (newest, stamp) != (revision, known_stamp):
        catch_up(engine)
    kept = _kept.get(engine)
    if kept is None or kept[0] != stamp:
        with engine.connect() as connection:
            kept = _kept[engine] = stamp, PostgresIndex(engine, synonyms(connection), status_of, titled())
    return kept[1]


def catch_up(engine: Engine, afresh: bool = False) -> int:
    """Read what has changed into the tables of the search; `afresh` reads everything. Returns how many entries were read."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
        newest, stamp, revision, known_stamp = connection.execute(_STATE).one()
        if afresh or not revision or newest < revision:  # or other tables than those that were read, such as a backup's
            connection.execute(_EMPTY)
            revision = 0
        elif stamp != known_stamp:
            connection.execute(_GONE)
        count = _read_since(connection, revision - OVERLAP)
        connection.execute(_UP_TO_DATE, {"revision": newest, "stamp": stamp})
    return count


def _read_since(connection: Connection, revision: int) -> int:
    known = dict(connection.execute(_KNOWN, {"revision": revision}).all())
    rows = connection.execute(
        ROWS.where(RegisterEntry.revision > revision).order_by(RegisterEntry.revision, RegisterEntry.id),
        execution_options={"yield_per": BATCH},
    )
    count = 0
    for batch in rows.partitions():
        new = [row for row in batch if known.get(row.id) != row.revision]
        put(connection, [(document_of(row), row.revision) for row in new if shown(row)])
        connection.execute(_TAKEN_OUT, {"ids": [row.id for row in new if not shown(row)]})
        count += len(new)
    return count
