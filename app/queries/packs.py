"""Pre-qualification packs as the people of their organisation see them: what is in them, who has codes, who opened them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Subject, may, require
from app.domain.errors import NotFound
from app.domain.pack import ENDS_SOON, Did, Opens
from app.extensions import db
from app.models import Pack, PackOpening, PackPiece, PackShare, User
from app.queries.organisations import own_organisation
from app.queries.pack_contents import Contents, contents_of
from app.queries.pack_results import Offer, offers_for

MOST_PACKS = 50
MOST_SHARES = 100
PER_PAGE = 50
LATEST = 8


@dataclass(frozen=True)
class PackRow:
    """One pack in the list. `open_codes` are those that open it today."""

    pack_id: int
    name: str
    pieces: int
    updated_at: datetime
    open_codes: int
    last_opened_at: datetime | None


@dataclass(frozen=True)
class PacksPage:
    """The packs of an organisation, the newest first."""

    organisation_id: int
    organisation: str
    rows: tuple[PackRow, ...]
    full: bool


@dataclass(frozen=True)
class ShareRow:
    """One code. `open` says whether it opens the pack today; `ended_by` is who ended it before its day."""

    share_id: int
    recipient: str
    note: str
    opens: Opens
    made_at: datetime
    made_by: str
    ends_on: date
    open: bool
    ends_soon: bool
    ended_at: datetime | None
    ended_by: str
    openings: int
    last_opened_at: datetime | None


@dataclass(frozen=True)
class OpeningRow:
    """One line of the log: who did what when, by which code."""

    at: datetime
    did: Did
    name: str
    organisation: str
    signed_in: bool
    what: str
    recipient: str
    share_id: int


@dataclass(frozen=True)
class PackPage:
    """One pack to work on. `offers` are the awards that could be shown. `may_share` holds for leads."""

    organisation_id: int
    organisation: str
    pack_id: int
    name: str
    words: str
    parts: tuple[str, ...]
    asks_name: bool
    version: int
    contents: Contents
    offers: tuple[Offer, ...]
    shares: tuple[ShareRow, ...]
    openings: tuple[OpeningRow, ...]
    may_share: bool

    @property
    def open_shares(self) -> tuple[ShareRow, ...]:
        return tuple(row for row in self.shares if row.open)

    @property
    def ended_shares(self) -> tuple[ShareRow, ...]:
        return tuple(row for row in self.shares if not row.open)


def own_pack(organisation_id: int, pack_id: int, actor: Actor, action: Action = Action.MAKE_PACK) -> Pack:
    """The pack, for the people of its organisation. Raises NotFound, NotAllowed."""
    require(actor, action, Subject(organisation_id=organisation_id))
    pack = db.session.get(Pack, pack_id, options=[joinedload(Pack.organisation)])
    if pack is None or pack.organisation_id != organisation_id or pack.deleted_at is not None:
        raise NotFound("There is no such page, or it is not open to you.")
    return pack


def is_open_on(today: date) -> ColumnElement[bool]:
    """That a code opens its pack on that day, as a condition on PackShare; of packs that are not deleted."""
    return PackShare.ended_at.is_(None) & (PackShare.ends_on >= today)


def packs_page(organisation_id: int, actor: Actor, today: date) -> PacksPage:
    """The list. Three statements. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.MAKE_PACK)
    pieces = _count(PackPiece, PackPiece.pack_id == Pack.id)
    codes = _count(PackShare, (PackShare.pack_id == Pack.id) & is_open_on(today))
    last = select(func.max(PackOpening.at)).where(PackOpening.pack_id == Pack.id).correlate(Pack).scalar_subquery()
    found = db.session.execute(
        select(Pack, pieces, codes, last)
        .where(Pack.organisation_id == organisation.id, Pack.deleted_at.is_(None))
        .order_by(Pack.id.desc())
        .limit(MOST_PACKS)
    ).all()
    rows = tuple(PackRow(pack.id, pack.name, count, pack.updated_at, open_, at) for pack, count, open_, at in found)
    return PacksPage(organisation.id, organisation.name, rows, full=len(rows) >= MOST_PACKS)


def _count(of: type[PackPiece | PackShare], where: ColumnElement[bool]):
    return select(func.count()).select_from(of).where(where).correlate(Pack).scalar_subquery()


def pack_page(organisation_id: int, pack_id: int, actor: Actor, today: date) -> PackPage:
    """One pack with everything about it. Raises NotFound, NotAllowed."""
    pack = own_pack(organisation_id, pack_id, actor)
    return PackPage(
        organisation_id=organisation_id,
        organisation=pack.organisation.name,
        pack_id=pack.id,
        name=pack.name,
        words=pack.words,
        parts=tuple(pack.parts),
        asks_name=pack.asks_name,
        version=pack.version,
        contents=contents_of(pack, today),
        offers=offers_for(pack, today),
        shares=_shares(pack.id, today),
        openings=_openings(pack.id, LATEST, 0),
        may_share=may(actor, Action.SHARE_PACK, Subject(organisation_id=organisation_id)),
    )


def _shares(pack_id: int, today: date) -> tuple[ShareRow, ...]:
    made, ended = User.__table__.alias("made"), User.__table__.alias("ended")
    opened = select(func.count()).where(PackOpening.share_id == PackShare.id).correlate(PackShare).scalar_subquery()
    last = select(func.max(PackOpening.at)).where(PackOpening.share_id == PackShare.id).correlate(PackShare)
    found = db.session.execute(
        select(PackShare, made.c.name, ended.c.name, opened, last.scalar_subquery())
        .join(made, made.c.id == PackShare.made_by_id)
        .outerjoin(ended, ended.c.id == PackShare.ended_by_id)
        .where(PackShare.pack_id == pack_id)
        .order_by(PackShare.id.desc())
        .limit(MOST_SHARES)
    ).all()
    return tuple(
        ShareRow(
            share_id=share.id,
            recipient=share.recipient,
            note=share.note,
            opens=share.opens,
            made_at=share.made_at,
            made_by=made_by,
            ends_on=share.ends_on,
            open=share.ended_at is None and today <= share.ends_on,
            ends_soon=share.ended_at is None and today <= share.ends_on <= today + ENDS_SOON,
            ended_at=share.ended_at,
            ended_by=ended_by or "",
            openings=count,
            last_opened_at=at,
        )
        for share, made_by, ended_by, count, at in found
    )


def _openings(pack_id: int, most: int, start: int) -> tuple[OpeningRow, ...]:
    found = db.session.execute(
        select(PackOpening, PackShare.recipient)
        .join(PackShare, PackShare.id == PackOpening.share_id)
        .where(PackOpening.pack_id == pack_id)
        .order_by(PackOpening.id.desc())
        .limit(most)
        .offset(start)
    ).all()
    return tuple(
        OpeningRow(
            at=row.at,
            did=row.did,
            name=row.name,
            organisation=row.organisation,
            signed_in=row.user_id is not None,
            what=row.what,
            recipient=recipient,
            share_id=row.share_id,
        )
        for row, recipient in found
    )


@dataclass(frozen=True)
class LogPage:
    """One page of who opened a pack, the latest first."""

    organisation_id: int
    pack_id: int
    name: str
    rows: tuple[OpeningRow, ...]
    total: int
    page: int
    pages: int


def log_page(organisation_id: int, pack_id: int, actor: Actor, page: int = 1) -> LogPage:
    """Who opened a pack. Raises NotFound, NotAllowed."""
    pack = own_pack(organisation_id, pack_id, actor)
    total = db.session.scalar(select(func.count()).where(PackOpening.pack_id == pack.id)) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(1, page), pages)
    rows = _openings(pack.id, PER_PAGE, (page - 1) * PER_PAGE)
    return LogPage(organisation_id, pack.id, pack.name, rows, total, page, pages)
