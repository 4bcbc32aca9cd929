"""A register of any size, from a seed: invented providers at real postcodes, written straight into the tables.

The same seed, count and moment give the same providers on either engine. They are numbered after what is there, so that
they also stand beside the demonstration. What is measured on them needs rows, not cases: their applications are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count as counting
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, select, update

from app.certificates import level_colour
from app.demo.bulk import Bulk, catch_up, insert_one, next_id
from app.demo.register_places import Point, draw_points, neighbours
from app.demo.register_provider import Maker, slug_stem
from app.demo.register_rows import Event, Mark, Numbers, Rows, award_rows, offer_rows, organisation_row
from app.extensions import Base, db
from app.models import FrameworkEdition, RegisterEntry, Scheme, User
from app.queries.frameworks import framework_of

BATCH = 2_000
BATCHES_AT_ONCE = 20  # in one transaction: a broken run leaves whole providers, and the log on the disk stays small
SPAN = timedelta(days=1_180)  # awards are this old at the most, so that some have expired
TABLES = ("organisation", "application", "award", "register_entry", "service_offer", "register_event")
SHARES = (0.65, 0.9)
"""Up to which share of providers each scheme goes, the last one to the end."""


def make(count: int, seed: int, places: Path, now: datetime, told: Callable[[int], None] = lambda _: None) -> None:
    """Add `count` providers with an award each, a few of them with two, to the register.

    `told` hears how many are written, now and then. Raises RuntimeError where no standards are loaded.
    """
    marks = _marks()
    points = draw_points(places, count, seed)
    maker = Maker(Random(seed), neighbours(places), now)
    done = 0
    with db.engine.connect().execution_options(writes=True) as connection:
        with connection.begin():
            run = _Run(maker, marks, _numbers(connection, marks), _user(connection, now), now, _slugs(connection))
        batches = run.batches(points)
        while done < count:
            with connection.begin():
                tables = {name: Bulk(Base.metadata.tables[name], connection) for name in TABLES}
                for _ in range(BATCHES_AT_ONCE):
                    rows = next(batches, Rows())
                    for name, found in rows.tables():
                        tables[name].write(found)
                    done += len(rows.organisation)
                _keep_numbers(connection, run.numbers)
            told(done)
    db.session.rollback()  # a session that read before sees the new rows from here on


def _marks() -> list[Mark]:
    """The newest edition of each scheme that takes applications and has levels."""
    found: dict[int, Mark] = {}
    rows = db.session.scalars(
        select(FrameworkEdition).where(FrameworkEdition.open.is_(True)).order_by(FrameworkEdition.id).limit(200)
    )
    for edition in rows:
        details = edition.scheme.details
        levels = framework_of(edition).levels
        if not levels:
            continue
        initials = "".join(word[0] for word in edition.scheme.code.split("-") if word[:1].isalpha())
        found[edition.scheme_id] = Mark(
            edition.scheme_id,
            edition.id,
            str(details.get("prefix") or initials or "T").upper()[:4],
            tuple((each.code, str(each.title), level_colour(each.code, each.rank + 1, len(levels))) for each in levels),
        )
    db.session.rollback()
    if not found:
        raise RuntimeError("Load the standards first: no scheme takes applications.")
    return [found[key] for key in sorted(found)]


def _numbers(connection: Connection, marks: list[Mark]) -> Numbers:
    ids = {name: next_id(connection, Base.metadata.tables[name]) for name in TABLES}
    serials: dict[int, int] = {
        scheme: serial for scheme, serial in connection.execute(select(Scheme.id, Scheme.next_serial))
    }
    newest = connection.scalar(select(db.func.max(RegisterEntry.revision))) or 0
    return Numbers(ids, {mark.scheme_id: serials[mark.scheme_id] for mark in marks}, newest + 1)


def _keep_numbers(connection: Connection, numbers: Numbers) -> None:
    for scheme, serial in numbers.serials.items():
        connection.execute(update(Scheme).where(Scheme.id == scheme).values(next_serial=serial))
    for name in TABLES:
        catch_up(connection, Base.metadata.tables[name])


def _user(connection: Connection, now: datetime) -> int:
    """Somebody in whose name they were made: nobody can sign in as that one."""
    row: dict[str, Any] = {"email": "register@demo.example.org", "name": "Made for measuring", "password_hash": "!"}
    known = connection.scalar(select(User.id).where(User.email == row["email"]))
    return known or insert_one(connection, Base.metadata.tables["user"], {**row, "session_key": "!", "created_at": now})


def _slugs(connection: Connection) -> dict[str, int]:
    return dict.fromkeys(connection.scalars(select(RegisterEntry.slug)), 1)


@dataclass
class _Run:
    """One making of many. Changes of awards wait in `later` until their time has come, so that the log is in order."""

    maker: Maker
    marks: list[Mark]
    numbers: Numbers
    user: int
    now: datetime
    slugs: dict[str, int]
    later: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=counting)

    def batches(self, points: list[Point]) -> Iterator[Rows]:
        start, step = self.now - SPAN, SPAN / (len(points) + 1)
        for begin in range(0, len(points), BATCH):
            rows = Rows()
            for place in range(begin, min(begin + BATCH, len(points))):
                self._add(rows, points[place], start + step * place)
            if begin + BATCH >= len(points):
                self._tell(rows, self.now)
            yield rows

    def _add(self, rows: Rows, point: Point, at: datetime) -> None:
        drawn = self.maker.draw(point)
        slug = self._slug(drawn.profile["name"])
        street = f"{self.maker.writer.street()}, {self.maker.writer.at['place']}"
        organisation = organisation_row(drawn, point, slug, self.numbers.take("organisation"), at, street)
        rows.organisation.append(organisation)
        rows.service_offer.extend(offer_rows(drawn, organisation["id"], self.user, self.numbers))
        for mark in self._held(drawn.scheme, drawn.second):
            own = slug if mark is self._held(drawn.scheme, False)[0] else self._slug(drawn.profile["name"])
            for event in award_rows(rows, drawn, organisation, mark, own, self.user, at, self.numbers, self.now):
                heappush(self.later, (event.at, next(self._order), event))
        self._tell(rows, at)

    def _held(self, lot: float, second: bool) -> list[Mark]:
        first = min(sum(lot >= share for share in SHARES), len(self.marks) - 1)
        others = self.marks[:first] + self.marks[first + 1 :]
        return [self.marks[first], *(others[:1] if second else ())]

    def _tell(self, rows: Rows, until: datetime) -> None:
        while self.later and self.later[0][0] <= until:
            _, _, event = heappop(self.later)
            rows.register_event.append({"id": self.numbers.take("register_event"), **event.row})

    def _slug(self, name: str) -> str:
        stem = slug_stem(name)
        taken = self.slugs.get(stem, 0)
        slug = stem if not taken else f"{stem}-{taken + 1}"
        while taken and slug in self.slugs:
            taken += 1
            slug = f"{stem}-{taken + 1}"
        self.slugs[stem] = taken + 1
        self.slugs.setdefault(slug, 1)
        return slug
