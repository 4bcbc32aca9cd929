"""Every address that search engines should know, in parts of a bounded size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.models import FrameworkEdition, RegisterEntry
from app.queries.frameworks import framework_of
from app.queries.kept_parts import KeptParts
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


def register_parts() -> tuple[Part, ...]:
    """The parts in which there are entries. One statement; what has changed is read again, and no more."""
    return tuple(parts.get().values())


def _read_parts(which: ColumnElement[bool]) -> dict[int, Part]:
    """From the index of revisions, which holds the ids too; then the moments of the newest."""
    asked = select(parts.number, func.max(RegisterEntry.revision), func.count()).where(which).group_by(parts.number)
    found = {part: (revision, count) for part, revision, count in db.session.execute(asked)}
    newest = select(RegisterEntry.revision, RegisterEntry.updated_at).where(
        RegisterEntry.revision.in_([revision for revision, _ in found.values()])
    )
    changed = {revision: updated_at for revision, updated_at in db.session.execute(newest)}
    return {part: Part(part + 1, changed[state[0]], state) for part, state in found.items()}


parts: KeptParts[Part] = KeptParts(RegisterEntry.id, PART, _read_parts, first=1)


def register_addresses(part: int) -> list[tuple[str, datetime]]:
    """(name in the address, when it last changed) of a part's entries, in the order of id. At most PART."""
    found = db.session.execute(
        select(RegisterEntry.slug, RegisterEntry.updated_at)
        .where(parts.within(part - 1), SHOWN)
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
