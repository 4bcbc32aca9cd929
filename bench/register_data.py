"""A register of any size, from a seed: invented providers at real postcodes, written straight into the tables.

Measuring needs rows, not their history: what matters is that they look like the real ones to the search.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, select

from app.domain.lifecycle import ApplicationStatus, AwardStatus
from app.extensions import db
from app.models import Application, Award, FrameworkEdition, Organisation, RegisterEntry, RegisterEvent, Scheme, User
from app.queries.lists import CLIENT_GROUPS, SERVICES, items

PLACES = (
    "Harbour Bridge Meadow Valley Orchard Beacon Castle Market River Chapel Forest Station Mill Abbey Garden".split()
)
WORKS = "Friends Trust Project Centre Collective Circle Partnership Network Alliance Society Support Together".split()
WAYS = (
    "visits at home|a weekly group|a telephone line|one-to-one support|lunch and company|advice by appointment".split(
        "|"
    )
)
BATCH = 2_000
LEVELS = ("bronze", "silver", "gold")


def make(count: int, seed: int, places: Path, today: date) -> None:
    """Add `count` providers with a current, suspended or ended award each to the register."""
    random = Random(seed)
    edition = db.session.scalars(select(FrameworkEdition).order_by(FrameworkEdition.id)).first()
    if edition is None:
        raise RuntimeError("Load the standards first: there is no framework edition.")
    points = _points(places, count, seed)
    start = _start()
    with db.engine.connect().execution_options(writes=True) as connection, connection.begin():
        user_id = connection.scalar(select(User.id).limit(1)) or connection.execute(insert(User), _user()).lastrowid
        for begin in range(0, count, BATCH):
            numbers = range(begin, min(begin + BATCH, count))
            rows = [_rows(start + n, random, points[n], edition, user_id, today) for n in numbers]
            for table in (Organisation, Application, Award, RegisterEntry, RegisterEvent):
                connection.execute(insert(table), [row[table] for row in rows])
        connection.execute(Scheme.__table__.update().values(next_serial=Scheme.next_serial + count))
    db.session.rollback()  # a session that read before sees the new rows from here on


def _start() -> int:
    """Ids and revisions from here on are free."""
    highest = [
        db.session.scalar(select(db.func.max(column))) or 0
        for column in (
            Organisation.id,
            Application.id,
            Award.id,
            RegisterEntry.id,
            RegisterEvent.id,
            RegisterEntry.revision,
        )
    ]
    return max(highest) + 1


def _user() -> dict[str, Any]:
    now = datetime.now(UTC)
    return {"email": "bench@example.org", "name": "Bench", "password_hash": "!", "session_key": "!", "created_at": now}


def _points(places: Path, count: int, seed: int) -> list[tuple[str, int, int, str]]:
    """Postcodes in use, spread over the whole country, the same for the same seed."""
    connection = sqlite3.connect(f"file:{places}?mode=ro", uri=True)
    found = connection.execute(
        "SELECT code, easting, northing, area FROM postcode WHERE easting IS NOT NULL AND area <> '' AND code LIKE '%A%'"
    ).fetchall()
    connection.close()
    return Random(seed).sample(found, count)


def _rows(
    number: int, random: Random, point: tuple[str, int, int, str], edition: FrameworkEdition, user_id: int, today: date
) -> dict[type, dict[str, Any]]:
    postcode, easting, northing, area = point
    now = datetime.now(UTC)
    services = random.sample([item.code for item in items(SERVICES)], random.randint(1, 4))
    groups = random.sample([item.code for item in items(CLIENT_GROUPS)], random.randint(1, 3))
    titles = {item.code: str(item.title).lower() for item in items(SERVICES)}
    name = f"{random.choice(PLACES)} {random.choice(PLACES)} {random.choice(WORKS)} {number}"
    summary = f"{titles[services[0]].capitalize()}: {random.choice(WAYS)}."
    profile: dict[str, Any] = {
        "name": name,
        "kind": "charity",
        "summary": summary,
        "description": f"We offer {', '.join(titles[code] for code in services)} with {random.choice(WAYS)}.",
        "postcode": f"{postcode[:-3]} {postcode[-3:]}",
        "easting": easting,
        "northing": northing,
        "area_code": area,
        "areas": [area],
        "services": services,
        "client_groups": groups,
        "invented": True,
    }
    granted = today - timedelta(days=random.randint(1, 1_000))
    status = random.choices(
        [AwardStatus.AWARDED, AwardStatus.CONDITIONAL, AwardStatus.SUSPENDED, AwardStatus.WITHDRAWN], [90, 5, 3, 2]
    )[0]
    level = random.choice(LEVELS)
    standing: dict[str, Any] = {
        "level": level,
        "level_title": level.capitalize(),
        "level_colour": level,
        "status": status,
        "status_on": granted,
        "granted_on": granted,
        "expires_on": granted + timedelta(days=1_095),
    }
    ids = {"organisation_id": number, "scheme_id": edition.scheme_id}
    text = f"BEN-26-{number:08}-00"
    organisation = {"id": number, "website": "", "email": "", "phone": "", "address": "", "address_private": False}
    return {
        Organisation: {**organisation, "facts": {}, "created_at": now, "updated_at": now, "version": 1, **profile},
        Application: {
            "id": number,
            **ids,
            "edition_id": edition.id,
            "status": ApplicationStatus.AWARDED,
            "target": level,
            "facts": {},
            "started_at": now,
            "started_by_id": user_id,
            "status_at": now,
            "declared_by": "",
            "note": "",
        },
        Award: {
            "id": number,
            **ids,
            "application_id": number,
            "edition_id": edition.id,
            "number": text,
            "holder_name": name,
            "scope": [],
            "status_reason": "",
            "conditions": "",
            "created_at": now,
            "certificate_key": "",
            "certificate_sha256": "",
            **standing,
        },
        RegisterEntry: {
            "id": number,
            **ids,
            "award_id": number,
            "slug": f"bench-{number}",
            "identifiers": {},
            "contact": {},
            "revision": number,
            "updated_at": now,
            **profile,
            **standing,
        },
        RegisterEvent: {
            "id": number,
            "entry_id": number,
            "at": now,
            "kind": "awarded",
            "number": text,
            "level_title": standing["level_title"],
            "status": status,
            "words": "",
        },
    }
