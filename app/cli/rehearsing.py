"""A rehearsal of the regular work: on a copy of the database, day by day, as it would come."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask, current_app
from sqlalchemy import func, select

from app.domain.uk_time import UK
from app.extensions import db
from app.models import AuditRow, Award
from app.queries.history import words_for
from app.services.daily import BEGINS_AT, OUTSIDE, REGULAR, Done, run_regular
from config import Settings

MOST_DAYS = 1_100
"""Three years: as long as most awards last."""
MOST_CHANGES = 500


class NoCopy(Exception):
    """The database cannot be copied from here; the sentence says what to do instead."""


@dataclass(frozen=True)
class RehearsedDay:
    """What the work of a day would do: each piece with its count or why it broke off, and what would become of awards."""

    day: date
    done: tuple[Done, ...]
    changes: tuple[str, ...]


def register(app: Flask) -> None:
    """This module has no command of its own: `flask daily --rehearse` uses it."""


def rehearsed(settings: Settings, first: date, last: date) -> Iterator[RehearsedDay]:
    """The days from `first` to `last`, each done on the copy before it is given. Raises NoCopy."""
    works = tuple((name, work) for name, work in REGULAR if name not in OUTSIDE)
    with _copy(settings) as app, app.app_context():
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            begins = datetime.combine(day, time(BEGINS_AT), UK)
            before = db.session.scalar(select(func.max(AuditRow.id))) or 0
            done = run_regular(begins, works, again=True)
            db.session.rollback()
            yield RehearsedDay(day, tuple(done), _changes(before))


def _changes(before: int) -> tuple[str, ...]:
    """What became of awards since the row `before`, in words."""
    found = db.session.execute(
        select(AuditRow.action, Award.number, Award.holder_name)
        .join(Award, Award.id == AuditRow.subject_id)
        .where(AuditRow.id > before, AuditRow.subject == Award.__tablename__)
        .order_by(AuditRow.id)
        .limit(MOST_CHANGES)
    ).all()
    db.session.rollback()
    return tuple(f"{words_for(action)}: {holder} ({number})" for action, number, holder in found)


@contextmanager
def _copy(settings: Settings) -> Iterator[Flask]:
    """The product on a copy of its database, with an empty store of files. Both go when the block ends."""
    if not settings.database.startswith("sqlite:///"):
        raise NoCopy(
            "On PostgreSQL make the copy yourself: restore a backup into a database of its own, set DATABASE_URL to it, "
            "and run `flask daily` there."
        )
    with TemporaryDirectory(prefix="rehearsal-") as folder:
        copied = Path(folder) / "copy.sqlite"
        with (
            closing(sqlite3.connect(settings.database.removeprefix("sqlite:///"))) as source,
            closing(sqlite3.connect(copied)) as target,
        ):
            source.backup(target)
        copy = replace(settings, database_url=f"sqlite:///{copied}", instance_dir=folder, smtp_host="")
        for name in ("places.sqlite", "charities.sqlite"):
            file = Path(settings.instance_dir) / name
            if file.exists():
                (Path(folder) / name).symlink_to(file.resolve())
        app: Flask = current_app.extensions["like this"](copy)
        try:
            yield app
        finally:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()
