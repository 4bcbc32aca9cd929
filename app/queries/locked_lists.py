"""Locked lists as they are shown, and whether a file that somebody holds is one of them, unchanged."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.locked_lists import fingerprints, read
from app.extensions import db
from app.models import LockedList


@dataclass(frozen=True)
class Locked:
    """One locked list. `text` is the file, byte for byte in UTF-8, and `content` the same as plain data."""

    token: str
    name: str
    as_of: date
    made_at: datetime
    sha256: str
    text: str
    content: dict[str, Any]


@dataclass(frozen=True)
class Checked:
    """What is known of a file: `locked` where it is one of ours; `unchanged` only where it says exactly the same."""

    locked: Locked | None
    unchanged: bool


def locked_list(token: str) -> Locked:
    """The list behind an address. One statement. Raises NotFound."""
    found = db.session.scalars(select(LockedList).where(LockedList.token == token)).first()
    if found is None:
        raise NotFound("There is no locked list at this address. It may be mistyped or cut off.")
    return _locked(found)


def check_file(data: bytes) -> Checked:
    """Whether these bytes are a list that was locked here, or the fingerprint of one. Two statements at most."""
    found = db.session.scalars(select(LockedList).where(LockedList.sha256.in_(fingerprints(data)))).first()
    if found is not None:
        return Checked(_locked(found), unchanged=True)
    content = read(data.decode("utf-8-sig", errors="replace").strip())
    token = str(content.get("page", "")).rpartition("/")[2] if content else ""
    named = db.session.scalars(select(LockedList).where(LockedList.token == token)).first() if token else None
    return Checked(_locked(named) if named else None, unchanged=False)


def _locked(row: LockedList) -> Locked:
    return Locked(row.token, row.name, row.as_of, row.made_at, row.sha256, row.content, json.loads(row.content))
