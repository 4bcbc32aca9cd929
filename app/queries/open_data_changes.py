"""What changed on the register, in bounded pages: events after one, and entries after a revision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select

from app.domain.open_data import TABLES
from app.domain.open_data.records import Record, Row
from app.domain.uk_time import UK
from app.extensions import db
from app.models import RegisterEvent
from app.queries.open_data import EVENT_COLUMNS, event_row, reading

MOST = 5_000
USUAL = 1_000
REVISION = TABLES[0].position("revision")
LOOK_AT = 100
"""Events of the first moments of a day that are looked at for the lowest number: machines' clocks differ a little."""


@dataclass(frozen=True)
class ChangesPage:
    """Changes in the order in which they happened. `last` is the number of the last one; None where there is none."""

    rows: tuple[Row, ...]
    more: bool

    @property
    def last(self) -> int | None:
        return int(str(self.rows[-1][0])) if self.rows else None


@dataclass(frozen=True)
class EntriesPage:
    """Entries as they stand now, in the order in which they last changed."""

    records: tuple[Record, ...]
    more: bool
    last: int | None


def changes(after: int, since: date | None, limit: int = USUAL) -> ChangesPage:
    """The changes with a number above `after`, from the day `since` on where it is given. Two statements."""
    if since is not None:
        first = _first_of(since)
        if first is None:
            return ChangesPage((), more=False)
        after = max(after, first - 1)
    found = db.session.execute(
        EVENT_COLUMNS.where(RegisterEvent.id > after).order_by(RegisterEvent.id).limit(limit + 1)
    ).all()
    return ChangesPage(tuple(event_row(row) for row in found[:limit]), more=len(found) > limit)


def _first_of(day: date) -> int | None:
    begins = datetime.combine(day, time(), UK)
    found = db.session.scalars(
        select(RegisterEvent.id)
        .where(RegisterEvent.at >= begins)
        .order_by(RegisterEvent.at, RegisterEvent.id)
        .limit(LOOK_AT)
    ).all()
    return min(found, default=None)


def entries_since(revision: int, today: date, base_url: str, limit: int = USUAL) -> EntriesPage:
    """The entries that changed after a revision of the register, each once."""
    with reading(today, base_url) as register:
        found = register.records_since(revision, limit + 1)
    page = tuple(found[:limit])
    return EntriesPage(page, len(found) > limit, int(str(page[-1].entry[REVISION])) if page else None)
