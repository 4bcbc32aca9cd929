"""Every address that search engines should know, in parts of a bounded size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.models import FrameworkEdition, RegisterEntry
from app.queries.frameworks import framework_of
from app.queries.kept import Kept, register_state
from app.queries.register_documents import SHOWN

PART = 50_000
"""The most addresses that the protocol allows in one file (sitemaps.org)."""


@dataclass(frozen=True)
class Part:
    """A part of the register's addresses, from 1: when the last of its entries changed, and what tells its state."""

    number: int
    changed_at: datetime
    state: tuple[int, int]


@dataclass(frozen=True)
class StandardsPart:
    """A page of a published edition; `code` "" is the edition's own."""

    framework: str
    edition: str
    code: str
    published_at: datetime


_parts: Kept[tuple[Part, ...]] = Kept(1)


def register_parts() -> tuple[Part, ...]:
    """The parts in which there are entries. Worked out once for each state of the register."""
    return _parts.get("parts", register_state(), _read_parts)


def _read_parts() -> tuple[Part, ...]:
    number = (RegisterEntry.id - 1) // PART
    found = db.session.execute(
        select(number, func.max(RegisterEntry.updated_at), func.max(RegisterEntry.revision), func.count())
        .where(SHOWN)
        .group_by(number)
        .order_by(number)
    )
    return tuple(Part(part + 1, changed_at, (revision, count)) for part, changed_at, revision, count in found)


def register_addresses(part: int) -> list[tuple[str, datetime]]:
    """(name in the address, when it last changed) of a part's entries, in the order of id. At most PART."""
    first = (part - 1) * PART
    found = db.session.execute(
        select(RegisterEntry.slug, RegisterEntry.updated_at)
        .where(RegisterEntry.id > first, RegisterEntry.id <= first + PART, SHOWN)
        .order_by(RegisterEntry.id)
    )
    return [(slug, updated_at) for slug, updated_at in found]


def standards_addresses() -> list[StandardsPart]:
    """The pages of every published edition and its criteria, at most PART."""
    found: list[StandardsPart] = []
    for edition in db.session.scalars(select(FrameworkEdition).order_by(FrameworkEdition.id)):
        codes = ["", *(criterion.code for criterion in framework_of(edition).criteria)]
        found += [StandardsPart(edition.code, edition.edition, code, edition.loaded_at) for code in codes]
    return found[:PART]
