"""Locked lists as they are shown, and whether a file that somebody holds is one of them, unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.locked_lists import (
    canonical,
    fingerprints,
    is_without_addresses,
    read,
    with_address,
    without_addresses,
)
from app.extensions import db
from app.models import LockedList, RegisterEntry


@dataclass(frozen=True)
class Locked:
    """One locked list. `text` is the file, byte for byte in UTF-8, and `content` the same as plain data.

    Both are without the postcodes of those who publish none any more, whose names are `hidden`. `sha256` stays that of the
    list as it was locked.
    """

    token: str
    name: str
    as_of: date
    made_at: datetime
    sha256: str
    text: str
    content: dict[str, Any]
    hidden: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """What is known of a file: `locked` where it is one of ours; `unchanged` only where it says exactly the same.

    With `bare` it is unchanged but for addresses that were left out, because they are no longer published.
    """

    locked: Locked | None
    unchanged: bool
    bare: bool = False


def locked_list(token: str) -> Locked:
    """The list behind an address. Two statements. Raises NotFound."""
    found = db.session.scalars(select(LockedList).where(LockedList.token == token)).first()
    if found is None:
        raise NotFound("There is no locked list at this address. It may be mistyped or cut off.")
    return _locked(found)


def check_file(data: bytes) -> Checked:
    """Whether these bytes are a list that was locked here, or the fingerprint of one. Three statements at most."""
    found = db.session.scalars(select(LockedList).where(LockedList.sha256.in_(fingerprints(data)))).first()
    if found is not None:
        return Checked(_locked(found), unchanged=True)
    content = read(data.decode("utf-8-sig", errors="replace").strip())
    token = str(content.get("page", "")).rpartition("/")[2] if content else ""
    named = db.session.scalars(select(LockedList).where(LockedList.token == token)).first() if token else None
    if named is None or content is None:
        return Checked(None, unchanged=False)
    bare = is_without_addresses(content, json.loads(named.content))
    return Checked(_locked(named), unchanged=bare, bare=bare)


def _locked(row: LockedList) -> Locked:
    content = json.loads(row.content)
    private = with_address(content) - _published(with_address(content))
    if not private:
        return Locked(row.token, row.name, row.as_of, row.made_at, row.sha256, row.content, content)
    hidden = tuple(each["name"] for each in content["providers"] if each["page"] in private)
    content = without_addresses(content, private)
    return Locked(row.token, row.name, row.as_of, row.made_at, row.sha256, canonical(content), content, hidden)


def _published(pages: Iterable[str]) -> frozenset[str]:
    """Those of `pages` whose provider publishes an address today. One that is not found counts as private."""
    by_slug = {page.rpartition("/")[2]: page for page in pages}
    if not by_slug:
        return frozenset()
    wanted = select(RegisterEntry.slug).where(RegisterEntry.slug.in_(by_slug), RegisterEntry.postcode != "")
    return frozenset(by_slug[slug] for slug in db.session.scalars(wanted))
