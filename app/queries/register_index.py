"""The register's index in this worker, kept up to date with the database."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, Row, func, select

from app.extensions import db
from app.models import RegisterChange, RegisterEntry
from app.queries import register_postgres
from app.queries.commits import UntilCommit
from app.queries.plain import PlainQuery
from app.queries.register_documents import HIDDEN, ROWS, document_of, shown, status_of
from app.queries.register_file import file_of, fingerprint, fitting
from app.queries.search_words import synonyms, titled

if TYPE_CHECKING:
    from app.backends.postgres_search import PostgresIndex
    from app.backends.search import BitmapIndex
    from app.backends.search_store import Sections

OVERLAP = 50
"""Revisions read again at each refresh: on PostgreSQL a transaction may commit after one that took a later number."""

BATCH = 2_000
WRITTEN_FROM = 5_000  # entries, from which on starting is quicker with a file
CHANGES_WORTH_WRITING = 1_000
"""So many changes since the file was written make it worth writing again at the next start."""

MOST_WASTED = 4  # at the next start, more than a fourth of wasted places make the index worth building from nothing

_STATE = select(
    select(func.max(RegisterEntry.revision)).scalar_subquery(),
    select(RegisterChange.stamp).order_by(RegisterChange.id.desc()).limit(1).scalar_subquery(),
)
"""What tells whether anything has changed: two looks at the end of an index, however many entries there are."""
_STATE_NOW = PlainQuery(_STATE)


@dataclass
class _Kept:
    """An index with what it was read from. `change` is the last row of `register_change` that was heeded."""

    index: BitmapIndex
    revision: int = 0
    change: tuple[int, str | None] = (0, None)
    changed: int = 0  # entries read since the index was written or built
    state: tuple[int, str | None] = (0, None)  # what _STATE said when all of it was read

    def __post_init__(self) -> None:
        self.lock = Lock()
        self.recent: dict[int, int] = {}  # entry to revision, of those that are read again


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_kept_lock = Lock()


def forget(engine: Engine) -> None:
    """Reads everything again at the next search: for when the tables were emptied or brought back from elsewhere."""
    with _kept_lock:
        _kept.pop(engine, None)


def current_index() -> BitmapIndex | PostgresIndex:
    """The index, with every change that was committed before this call. One statement where nothing has changed."""
    engine = db.engine
    if register_postgres.chosen(engine):
        return register_postgres.postgres_index(engine)
    kept = _kept.get(engine) or _first(engine)
    if state_now() != kept.state:
        # A connection of its own, opened once it is this thread's turn: the session may look at an older moment than
        # the one from which another thread has just refreshed the index.
        with kept.lock, engine.connect() as connection:
            if not _refresh(kept, connection):
                kept = _read(engine, connection)
                _kept[engine] = kept
    return kept.index


def state_now() -> tuple[int, str | None]:
    """What changes with every change of the register, as of what is committed: the highest revision, and a stamp."""
    return _state_now()


def _read_state() -> tuple[int, str | None]:
    newest, stamp = _STATE_NOW.first() or (0, None)
    return newest or 0, stamp


_state_now = UntilCommit(_read_state)


def write_index(engine: Engine, afresh: bool = False) -> int:
    """Write the index to its file, with every change until now; `afresh` builds it from the rows alone. How many entries."""
    from app.backends.search_store import entries_of, save

    if register_postgres.chosen(engine):
        return register_postgres.catch_up(engine, afresh)
    path = file_of(engine)
    if path is None:
        raise RuntimeError("There is no folder for the index of the register.")
    with engine.connect() as connection:
        kept = None if afresh else _from_file(engine, connection)
        if kept is None or kept.index.wasted * MOST_WASTED > len(kept.index):
            sections = _sections(connection)
        elif not kept.changed:
            return len(kept.index)
        else:
            sections = kept.index.sections(**_facts(connection, kept.revision, kept.change, kept.recent))
        save(path, sections)
    return entries_of(sections)


def worth_writing(engine: Engine) -> bool:
    """Whether starting would be quicker with an index that is written now."""
    if register_postgres.chosen(engine):
        return True
    if file_of(engine) is None:
        return False
    with engine.connect() as connection:
        sections = fitting(engine, connection)
        newest, _ = connection.execute(_STATE).one()
        if sections is None:
            return bool(connection.scalar(select(func.count(RegisterEntry.id))) >= WRITTEN_FROM)
    return bool((newest or 0) - sections.facts["revision"] >= CHANGES_WORTH_WRITING)


def _first(engine: Engine) -> _Kept:
    with _kept_lock:
        kept = _kept.get(engine)
        if kept is None:
            with engine.connect() as connection:
                kept = _kept[engine] = _read(engine, connection)
    return kept


def _read(engine: Engine, connection: Connection) -> _Kept:
    """The index from its file and what has changed since; from nothing where there is no file that fits."""
    return _from_file(engine, connection) or _built(connection)


def _from_file(engine: Engine, connection: Connection) -> _Kept | None:
    sections = fitting(engine, connection)
    if sections is None:
        return None
    kept = _of_sections(connection, sections)
    if not _refresh(kept, connection):
        return None
    whole = connection.scalar(select(func.count(RegisterEntry.id))) - connection.scalar(HIDDEN)
    return kept if len(kept.index) == whole else None


def _of_sections(connection: Connection, sections: Sections) -> _Kept:
    number, stamp = sections.facts["change"]
    kept = _Kept(_index(connection, sections), sections.facts["revision"], (number, stamp))
    kept.recent = {entry: revision for entry, revision in sections.facts["recent"]}
    return kept


def _built(connection: Connection) -> _Kept:
    kept = _of_sections(connection, _sections(connection))
    _refresh(kept, connection)  # what was committed while the rows were read
    return kept


def _sections(connection: Connection) -> Sections:
    """From the rows of the database, in the order of their ids, as of a moment before the first was read."""
    from app.backends.search_build import Building

    building = Building()
    newest, _ = connection.execute(_STATE).one()
    revision, change = newest or 0, _last_change(connection)
    recent: dict[int, int] = {}
    rows = connection.execute(ROWS.order_by(RegisterEntry.id), execution_options={"yield_per": BATCH})
    with _without_collector():
        for batch in rows.partitions():
            building.add([document_of(row) for row in batch if shown(row)])
            recent.update((row.id, row.revision) for row in batch if row.revision > revision - OVERLAP)
    return building.sections(**_facts(connection, revision, change, recent))


@contextmanager
def _without_collector() -> Iterator[None]:
    """What is read makes no circles, and to look for some among all that it makes takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _index(connection: Connection, sections: Any) -> BitmapIndex:
    from app.backends.search import BitmapIndex  # here, since numpy takes its time to import

    return BitmapIndex(synonyms(connection), status_of, titled(), sections)


def _last_change(connection: Connection) -> tuple[int, str | None]:
    last = select(RegisterChange.id, RegisterChange.stamp).order_by(RegisterChange.id.desc()).limit(1)
    row = connection.execute(last).first()
    return (row.id, row.stamp) if row else (0, None)


def _facts(
    connection: Connection, revision: int, change: tuple[int, str | None], recent: Mapping[int, int]
) -> dict[str, Any]:
    """What the file is told by later: by what, of which database, and as of when it was written."""
    last = connection.execute(
        select(RegisterEntry.id, RegisterEntry.revision, RegisterEntry.updated_at)
        .where(RegisterEntry.revision == revision)
        .limit(1)
    ).first()
    return {
        "fingerprint": fingerprint(),
        "revision": revision,
        "change": change,
        "recent": list(recent.items()),
        "last": (last.id, last.revision, last.updated_at.isoformat()) if last else (None, None, None),
    }


def _refresh(kept: _Kept, connection: Connection) -> bool:
    """Read what has changed. False where the database is not the one that the index was read from, or an older copy."""
    newest, stamp = connection.execute(_STATE).one()
    if (newest or 0) < kept.revision and stamp == kept.change[1] and kept.state[0] != (newest or 0):
        return False
    if stamp != kept.change[1] and not _heed_changes(kept, connection):
        return False
    rows = connection.execute(
        ROWS.where(RegisterEntry.revision > kept.revision - OVERLAP).order_by(RegisterEntry.revision, RegisterEntry.id),
        execution_options={"yield_per": BATCH},
    )
    for batch in rows.partitions():
        _put(kept, batch)
    kept.revision = max(kept.revision, newest or 0)
    kept.recent = {entry: revision for entry, revision in kept.recent.items() if revision > kept.revision - OVERLAP}
    kept.state = (newest or 0, stamp)
    return True


def _put(kept: _Kept, rows: Iterable[Row[Any]]) -> None:
    new = [row for row in rows if kept.recent.get(row.id) != row.revision]
    kept.index.remove(row.id for row in new if not shown(row))
    kept.index.put(document_of(row) for row in new if shown(row))
    kept.recent.update((row.id, row.revision) for row in new)
    kept.changed += len(new)


def _heed_changes(kept: _Kept, connection: Connection) -> bool:
    """Take in other words and removals. False where the rows that were heeded before are not there any more."""
    number, stamp = kept.change
    rows = connection.execute(
        select(RegisterChange.id, RegisterChange.stamp, RegisterChange.kind, RegisterChange.entry_id)
        .where(RegisterChange.id >= number)
        .order_by(RegisterChange.id)
    ).all()
    if stamp is not None and (not rows or (rows[0].id, rows[0].stamp) != (number, stamp)):
        return False
    rows = [row for row in rows if row.id > number]
    if not rows or any(row.kind == "made" for row in rows):
        return False
    if any(row.kind == "words" for row in rows):
        kept.index.synonyms = synonyms(connection)
    kept.index.remove(row.entry_id for row in rows if row.kind == "removed")
    kept.change = (rows[-1].id, rows[-1].stamp)
    return True
