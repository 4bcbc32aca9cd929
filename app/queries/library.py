"""The listing of an organisation's evidence library: searched, page by page, and what of it runs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, and_, func, select

from app.domain.access import Action, Actor
from app.extensions import db
from app.models import AttachedEvidence, EvidenceItem, EvidenceVersion
from app.queries.organisations import own_organisation

PAGE_SIZE = 30


@dataclass(frozen=True)
class ItemRow:
    """One piece of the library in its newest version. `used` counts the criteria behind which it stands."""

    item_id: int
    title: str
    kind: str
    archived: bool
    version_id: int
    number: int
    filename: str
    size: int
    url: str
    issued_on: date | None
    expires_on: date | None
    expired: bool
    added_at: datetime
    used: int


@dataclass(frozen=True)
class LibraryPage:
    """One page of a library. `total` counts what the search found, `everything` all that is there."""

    organisation_id: int
    organisation: str
    words: str
    kind: str
    archived: bool
    rows: tuple[ItemRow, ...]
    total: int
    everything: int
    page: int
    pages: int


def library_page(
    organisation_id: int,
    actor: Actor,
    today: date,
    *,
    words: str = "",
    kind: str = "",
    archived: bool = False,
    page: int = 1,
) -> LibraryPage:
    """The library, newest first, PAGE_SIZE to a page. `words` are looked for in title and file name.

    Raises NotFound, NotAllowed.
    """
    organisation = own_organisation(organisation_id, actor, Action.SEE_LIBRARY)
    found = _search(_newest(organisation.id), words, kind, archived)
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        found.order_by(EvidenceItem.id.desc()).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
    ).all()
    return LibraryPage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        words=words,
        kind=kind,
        archived=archived,
        rows=tuple(_item_row(item, version, used, today) for item, version, used in rows),
        total=total,
        everything=db.session.scalar(
            select(func.count()).select_from(EvidenceItem).where(EvidenceItem.organisation_id == organisation.id)
        )
        or 0,
        page=page,
        pages=pages,
    )


def _newest(organisation_id: int) -> Select[tuple[EvidenceItem, EvidenceVersion, int]]:
    newest = (
        select(func.max(EvidenceVersion.number))
        .where(EvidenceVersion.item_id == EvidenceItem.id)
        .correlate(EvidenceItem)
        .scalar_subquery()
    )
    used = (
        select(func.count())
        .where(AttachedEvidence.item_id == EvidenceItem.id)
        .correlate(EvidenceItem)
        .scalar_subquery()
    )
    return (
        select(EvidenceItem, EvidenceVersion, used.label("used"))
        .join(EvidenceVersion, and_(EvidenceVersion.item_id == EvidenceItem.id, EvidenceVersion.number == newest))
        .where(EvidenceItem.organisation_id == organisation_id)
    )


def _search(
    statement: Select[tuple[EvidenceItem, EvidenceVersion, int]], words: str, kind: str, archived: bool
) -> Select[tuple[EvidenceItem, EvidenceVersion, int]]:
    statement = statement.where(
        EvidenceItem.archived_at.is_not(None) if archived else EvidenceItem.archived_at.is_(None)
    )
    if kind:
        statement = statement.where(EvidenceItem.kind == kind)
    for word in words.split()[:8]:
        statement = statement.where(
            EvidenceItem.title.icontains(word, autoescape=True)
            | EvidenceVersion.filename.icontains(word, autoescape=True)
        )
    return statement


def _item_row(item: EvidenceItem, version: EvidenceVersion, used: int, today: date) -> ItemRow:
    return ItemRow(
        item_id=item.id,
        title=item.title,
        kind=item.kind,
        archived=item.archived_at is not None,
        version_id=version.id,
        number=version.number,
        filename=version.filename,
        size=version.size,
        url=version.url,
        issued_on=version.issued_on,
        expires_on=version.expires_on,
        expired=version.expires_on is not None and version.expires_on < today,
        added_at=version.added_at,
        used=used,
    )


def expiring(organisation_ids: Sequence[int], until: date, most: int = 20) -> tuple[tuple[int, ItemRow], ...]:
    """(organisation's id, piece) whose newest version has run out or does by `until`, soonest first."""
    found: list[tuple[int, ItemRow]] = []
    for organisation_id in organisation_ids:
        statement = _search(_newest(organisation_id), "", "", archived=False)
        rows = db.session.execute(
            statement.where(EvidenceVersion.expires_on <= until).order_by(EvidenceVersion.expires_on).limit(most)
        ).all()
        found += [(organisation_id, _item_row(item, version, used, until)) for item, version, used in rows]
    return tuple(found)
