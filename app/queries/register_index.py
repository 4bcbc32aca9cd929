"""The register's index in this worker, kept up to date with the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from app.backends.search_synonyms import Synonyms
from app.backends.searching import OFFER, Document
from app.domain.lifecycle import AwardStatus, status_on
from app.domain.offers import STALE_AFTER
from app.extensions import db
from app.models import RegisterEntry, Scheme
from app.queries.lists import CLIENT_GROUPS, SERVICES, items, titles

if TYPE_CHECKING:
    from app.backends.search import BitmapIndex

OVERLAP = 50
"""Revisions read again at each refresh: on PostgreSQL a transaction may commit after one that took a later number."""

MOST_WASTED = 5_000
BATCH = 2_000

COLUMNS = (
    RegisterEntry.id,
    RegisterEntry.name,
    RegisterEntry.summary,
    RegisterEntry.description,
    RegisterEntry.services,
    RegisterEntry.client_groups,
    RegisterEntry.areas,
    RegisterEntry.area_code,
    RegisterEntry.level,
    Scheme.code,
    RegisterEntry.status,
    RegisterEntry.expires_on,
    RegisterEntry.easting,
    RegisterEntry.northing,
    RegisterEntry.granted_on,
    RegisterEntry.size,
    RegisterEntry.languages,
    RegisterEntry.access,
    RegisterEntry.offers,
    RegisterEntry.revision,
)


class _Kept:
    """An index with what it was read from."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.start_afresh()

    def start_afresh(self) -> None:
        from app.backends.search import BitmapIndex  # here, since numpy takes its time to import

        self.index = BitmapIndex(_synonyms(), _status)
        self.revision = 0
        self.seen: dict[int, int] = {}


_STATE = select(func.max(RegisterEntry.revision), func.count(RegisterEntry.id))
_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_kept_lock = Lock()


def forget(engine: Engine) -> None:
    """Reads everything again at the next search: for when the tables were emptied or brought back from elsewhere."""
    with _kept_lock:
        _kept.pop(engine, None)


def current_index() -> BitmapIndex:
    """The index, with every change that was committed before this call. One statement where nothing has changed."""
    kept = _kept_for(db.engine)
    index = kept.index
    newest, count = db.session.execute(_STATE).one()
    if (newest or 0, count) != (kept.revision, len(index)):
        # A connection of its own, opened once it is this thread's turn: the session may look at an older moment than
        # the one from which another thread has just refreshed the index, and would take it for a register that shrank.
        with kept.lock, db.engine.connect() as connection:
            _refresh(kept, connection)
            index = kept.index
    return index


def _kept_for(engine: Engine) -> _Kept:
    with _kept_lock:
        if engine not in _kept:
            _kept[engine] = _Kept()
        return _kept[engine]


def _refresh(kept: _Kept, connection: Connection) -> None:
    newest, count = connection.execute(_STATE).one()
    if (newest or 0) < kept.revision or kept.index.wasted > MOST_WASTED:
        kept.start_afresh()
    _read_since(kept, connection, kept.revision - OVERLAP)
    if len(kept.index) != count:  # a register never loses an entry, but a demonstration is made afresh
        kept.start_afresh()
        _read_since(kept, connection, -1)
    kept.revision = newest or 0


def _read_since(kept: _Kept, connection: Connection, revision: int) -> None:
    rows = connection.execute(
        select(*COLUMNS)
        .join(Scheme, Scheme.id == RegisterEntry.scheme_id)
        .where(RegisterEntry.revision > revision)
        .order_by(RegisterEntry.revision, RegisterEntry.id),
        execution_options={"yield_per": BATCH},
    )
    for batch in rows.partitions():
        new = [row for row in batch if kept.seen.get(row.id) != row.revision]
        kept.index.put(_document(row) for row in new)
        kept.seen.update((row.id, row.revision) for row in new)


def _document(row: Sequence[object]) -> Document:
    (
        entry,
        name,
        summary,
        description,
        services,
        groups,
        areas,
        area,
        level,
        scheme,
        status,
        expires,
        east,
        north,
        granted,
        size,
        languages,
        access,
        offers,
        _,
    ) = row
    named = [titles(SERVICES).get(code, "") for code in services] + [
        titles(CLIENT_GROUPS).get(code, "") for code in groups
    ]
    return Document(
        entry_id=entry,
        texts={"name": name, "services": " ".join(named), "summary": summary, "description": description},
        facets={
            "service": tuple(services),
            "group": tuple(groups),
            "area": tuple({*areas, area} - {""}),
            "level": (level,),
            "scheme": (scheme,),
            "size": (size,) if size else (),
            "language": tuple(languages),
            "access": tuple(access),
        },
        easting=east,
        northing=north,
        status=status,
        expires_on=expires,
        granted_on=granted,
        until=_until(offers),
    )


def _until(offers: Sequence[Mapping[str, str]]) -> dict[str, list[tuple[str, date]]]:
    """What was said about capacity, of any service and of each, through the last day on which it counts."""
    said = [(each["service"], each["taking"], date.fromisoformat(each["said_on"]) + STALE_AFTER) for each in offers]
    latest: dict[str, date] = {}
    for _, taking, last in said:
        latest[taking] = max(last, latest.get(taking, last))
    return {
        "availability": sorted(latest.items()),
        OFFER: [(f"{service}:{taking}", last) for service, taking, last in said],
    }


def _status(stored: str, expires_on: date, today: date) -> str:
    return status_on(AwardStatus(stored), expires_on, today).value


def _synonyms() -> Synonyms:
    return Synonyms.of("service", [(item.code, str(item.title), item.also) for item in items(SERVICES)])
