"""The audit trail as a chain: read in order, a batch at a time, and checked against its seals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.audit_chain import GENESIS, Break, Content, Link, breaks, facts_of
from app.extensions import db
from app.models import AuditRow, AuditSeal

BATCH = 2_000
SEALS_PER_PAGE = 31


@dataclass(frozen=True)
class Seal:
    """Where the chain ended: the id of its last row, and the hash there. None of it can be made up later."""

    row_id: int
    hash: str

    def __str__(self) -> str:
        return f"{self.row_id}:{self.hash}"


@dataclass(frozen=True)
class Verified:
    """What checking the whole trail found: how many rows, how many of them erased, and where it does not hold."""

    rows: int
    erased: int
    seals: int
    breaks: tuple[Break, ...]


def row_facts(row: AuditRow) -> dict[str, Any]:
    """What of a row its hash covers beside its content."""
    return facts_of(
        row.at,
        row.action,
        row.subject,
        row.subject_id,
        row.actor_id,
        organisation_id=row.organisation_id,
        scheme_id=row.scheme_id,
        application_id=row.application_id,
    )


def link_of(row: AuditRow) -> Link:
    """A row as the chain holds it. Without a salt its content was erased."""
    content = Content(row.salt, row.actor_name, row.detail) if row.salt else None
    return Link(row.id, row_facts(row), row.content_sha256, row.hash, content)


def end_of_chain(session: Session) -> Seal | None:
    """The seal of the trail as it is now; None while it is empty. One statement."""
    found = session.execute(select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)).first()
    return Seal(*found) if found else None


def rows_in_order(session: Session, after: int = 0, to: int | None = None) -> Iterator[AuditRow]:
    """The rows with ids above `after`, up to and with `to`. One statement for every 2,000; the session forgets them again."""
    while True:
        wanted = select(AuditRow).where(AuditRow.id > after).order_by(AuditRow.id).limit(BATCH)
        found = session.scalars(wanted if to is None else wanted.where(AuditRow.id <= to)).all()
        if not found:
            return
        after = found[-1].id
        yield from found
        session.expunge_all()


def verify(session: Session, kept: tuple[Seal, ...] = ()) -> Verified:
    """Check the whole trail: each row against its hash, all rows against the seals on file and those that somebody kept.

    Rows that were cut off at the end are told by a seal alone: keep one outside.
    """
    seals = [Seal(each.row_id, each.hash) for each in session.scalars(select(AuditSeal).order_by(AuditSeal.id))]
    wanted = {seal.row_id: set[str]() for seal in (*seals, *kept)}
    for seal in (*seals, *kept):
        wanted[seal.row_id].add(seal.hash)
    counts = {"rows": 0, "erased": 0}
    found: list[Break] = []

    def links() -> Iterator[Link]:
        for row in rows_in_order(session):
            counts["rows"] += 1
            counts["erased"] += not row.salt
            if wanted.pop(row.id, {row.hash}) != {row.hash}:
                found.append(Break(row.id, "it is not the row that was sealed here"))
            yield link_of(row)

    found += breaks(links(), GENESIS)
    found += [Break(row_id, "it was sealed, and is gone") for row_id in sorted(wanted)]
    return Verified(counts["rows"], counts["erased"], len(seals), tuple(sorted(found, key=lambda each: each.row_id)))


@dataclass(frozen=True)
class SealRow:
    """One day's seal as it is published."""

    day: date
    row_id: int
    hash: str


@dataclass(frozen=True)
class SealsPage:
    """One page of the seals, newest first."""

    rows: tuple[SealRow, ...]
    found: int
    page: int
    pages: int


def published_seals(page: int) -> SealsPage:
    """One page of the seals. Two statements."""
    found = db.session.scalar(select(func.count(AuditSeal.id))) or 0
    pages = max(1, -(-found // SEALS_PER_PAGE))
    page = min(max(page, 1), pages)
    rows = db.session.scalars(
        select(AuditSeal).order_by(AuditSeal.day.desc()).limit(SEALS_PER_PAGE).offset((page - 1) * SEALS_PER_PAGE)
    )
    return SealsPage(tuple(SealRow(row.day, row.row_id, row.hash) for row in rows), found, page, pages)


def all_seals() -> Iterator[SealRow]:
    """Every seal from the first on, a day each. One statement."""
    for row in db.session.scalars(select(AuditSeal).order_by(AuditSeal.day).execution_options(yield_per=BATCH)):
        yield SealRow(row.day, row.row_id, row.hash)
