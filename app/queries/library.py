"""The listing of an organisation's evidence library: searched, sorted, page by page, and what of it needs a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select

from app.domain.access import Action, Actor
from app.extensions import db
from app.models import AttachedEvidence, EvidenceItem, EvidenceVersion, LinkCheck
from app.queries.organisations import own_organisation

PAGE_SIZE = 30
SOON = timedelta(days=60)


class State(StrEnum):
    """What of a library is shown. Without one, all that is not archived."""

    USED = "used"
    UNUSED = "unused"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    DEAD = "dead"
    ARCHIVED = "archived"


class Sort(StrEnum):
    """In which order."""

    NEWEST = "newest"
    TITLE = "title"
    EXPIRY = "expiry"
    USED = "used"


@dataclass(frozen=True)
class ItemRow:
    """One piece of the library in its newest version. `used` counts the criteria behind which it stands."""

    item_id: int
    title: str
    kind: str
    archived: bool
    collected: bool
    version_id: int
    number: int
    filename: str
    size: int
    url: str
    issued_on: date | None
    expires_on: date | None
    expired: bool
    expiring: bool
    dead_since: date | None
    added_at: datetime
    used: int


@dataclass(frozen=True)
class Tally:
    """How much a library holds, archived pieces only in `everything` and `bytes_used`, which counts every version."""

    everything: int
    bytes_used: int
    unused: int
    expiring: int
    expired: int
    dead: int


@dataclass(frozen=True)
class Asked:
    """What of a library is asked for. `words` are looked for in title and file name, each of them."""

    words: str = ""
    kind: str = ""
    state: State | None = None
    sort: Sort = Sort.NEWEST
    page: int = 1


@dataclass(frozen=True)
class LibraryPage:
    """One page of a library. `total` counts what the search found."""

    organisation_id: int
    organisation: str
    asked: Asked
    rows: tuple[ItemRow, ...]
    total: int
    tally: Tally
    page: int
    pages: int


def library_page(organisation_id: int, actor: Actor, today: date, asked: Asked) -> LibraryPage:
    """The library, PAGE_SIZE to a page: four statements, whatever its size. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_LIBRARY)
    wanted = _asked_for(asked, today)
    total, tally = _counted(organisation.id, wanted, today)
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, asked.page), pages)
    rows = db.session.execute(
        _rows()
        .where(_newest_of(organisation.id), *wanted)
        .order_by(*_order(asked.sort))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return LibraryPage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        asked=asked,
        rows=tuple(_item_row(*row, today) for row in rows),
        total=total,
        tally=tally,
        page=page,
        pages=pages,
    )


USES = (
    select(func.count())
    .where(AttachedEvidence.item_id == EvidenceItem.id)
    .correlate(EvidenceItem)
    .scalar_subquery()
    .label("uses")
)
IS_USED = exists().where(AttachedEvidence.item_id == EvidenceItem.id).correlate(EvidenceItem)
KEPT = EvidenceItem.archived_at.is_(None)
IS_DEAD = and_(KEPT, LinkCheck.dead_since.is_not(None))


def _pieces(*columns: Any) -> Select[Any]:
    """A statement over pieces, each with its versions and what is known of their links."""
    return (
        select(*columns)
        .select_from(EvidenceItem)
        .join(EvidenceVersion, EvidenceVersion.item_id == EvidenceItem.id)
        .outerjoin(LinkCheck, LinkCheck.version_id == EvidenceVersion.id)
    )


def _rows() -> Select[Any]:
    return _pieces(EvidenceItem, EvidenceVersion, LinkCheck.dead_since, USES)


def _newest_of(*organisation_ids: int) -> ColumnElement[bool]:
    newest = (
        select(func.max(EvidenceVersion.number))
        .where(EvidenceVersion.item_id == EvidenceItem.id)
        .correlate(EvidenceItem)
        .scalar_subquery()
    )
    return and_(EvidenceItem.organisation_id.in_(organisation_ids), EvidenceVersion.number == newest)


def _is_expiring(today: date) -> ColumnElement[bool]:
    return and_(KEPT, EvidenceVersion.expires_on >= today, EvidenceVersion.expires_on <= today + SOON)


def _is_expired(today: date) -> ColumnElement[bool]:
    return and_(KEPT, EvidenceVersion.expires_on < today)


def _asked_for(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    states: dict[State | None, ColumnElement[bool]] = {
        None: KEPT,
        State.USED: and_(KEPT, IS_USED),
        State.UNUSED: and_(KEPT, ~IS_USED),
        State.EXPIRING: _is_expiring(today),
        State.EXPIRED: _is_expired(today),
        State.DEAD: IS_DEAD,
        State.ARCHIVED: EvidenceItem.archived_at.is_not(None),
    }
    wanted = [states[asked.state]]
    if asked.kind:
        wanted.append(EvidenceItem.kind == asked.kind)
    wanted += [
        EvidenceItem.title.icontains(word, autoescape=True) | EvidenceVersion.filename.icontains(word, autoescape=True)
        for word in asked.words.split()[:8]
    ]
    return wanted


def _order(sort: Sort) -> list[Any]:
    first: dict[Sort, list[Any]] = {
        Sort.NEWEST: [],
        Sort.TITLE: [func.lower(EvidenceItem.title)],
        Sort.EXPIRY: [EvidenceVersion.expires_on.is_(None), EvidenceVersion.expires_on],
        Sort.USED: [USES.desc()],
    }
    return [*first[sort], EvidenceItem.id.desc()]


def _counted(organisation_id: int, wanted: list[ColumnElement[bool]], today: date) -> tuple[int, Tally]:
    """(how many pieces are wanted, what the whole library holds): two statements."""

    def count(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    states = (and_(KEPT, ~IS_USED), _is_expiring(today), _is_expired(today), IS_DEAD)
    total, everything, *counted = db.session.execute(
        _pieces(count(and_(*wanted)), func.count(), *map(count, states)).where(_newest_of(organisation_id))
    ).one()
    used = db.session.scalar(
        select(func.sum(EvidenceVersion.size))
        .join(EvidenceItem, EvidenceItem.id == EvidenceVersion.item_id)
        .where(EvidenceItem.organisation_id == organisation_id)
    )
    return int(total), Tally(everything, int(used or 0), *(int(each) for each in counted))


def _item_row(item: EvidenceItem, version: EvidenceVersion, dead_since: date | None, used: int, today: date) -> ItemRow:
    runs_out = version.expires_on
    return ItemRow(
        item_id=item.id,
        title=item.title,
        kind=item.kind,
        archived=item.archived_at is not None,
        collected=item.collected,
        version_id=version.id,
        number=version.number,
        filename=version.filename,
        size=version.size,
        url=version.url,
        issued_on=version.issued_on,
        expires_on=runs_out,
        expired=runs_out is not None and runs_out < today,
        expiring=runs_out is not None and today <= runs_out <= today + SOON,
        dead_since=dead_since,
        added_at=version.added_at,
        used=used,
    )


def expiring(organisation_ids: Sequence[int], until: date, most: int = 20) -> tuple[tuple[int, ItemRow], ...]:
    """(organisation's id, piece) whose newest version has run out or does by `until`, soonest first, `most` in all."""
    rows = db.session.execute(
        _rows()
        .where(_newest_of(*organisation_ids), KEPT, EvidenceVersion.expires_on <= until)
        .order_by(EvidenceVersion.expires_on, EvidenceItem.id)
        .limit(most)
    ).all()
    return tuple((row[0].organisation_id, _item_row(*row, until)) for row in rows)


def with_dead_links(organisation_ids: Sequence[int], today: date, most: int = 20) -> tuple[tuple[int, ItemRow], ...]:
    """(organisation's id, piece) whose address can no longer be reached, longest first, `most` in all."""
    rows = db.session.execute(
        _rows()
        .where(_newest_of(*organisation_ids), IS_DEAD)
        .order_by(LinkCheck.dead_since, EvidenceItem.id)
        .limit(most)
    ).all()
    return tuple((row[0].organisation_id, _item_row(*row, today)) for row in rows)
