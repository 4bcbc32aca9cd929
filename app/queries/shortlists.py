"""Shortlists as their own people see them, and as whoever has a link reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Subject, require
from app.domain.choosing import MOST_LISTS, VERDICT_WORDS, Verdict
from app.domain.errors import NotFound
from app.domain.lifecycle import CURRENT, AwardStatus
from app.extensions import db
from app.models import LockedList, Shortlist, ShortlistItem, ShortlistShare, Team
from app.queries.chosen_providers import Provider, providers_by_id
from app.queries.invitations import token_hash
from app.queries.register_rows import STATUS_TITLES

NOT_THERE = "There is no such page, or it is not open to you."
LINK_ENDED = "This link no longer opens anything. Ask whoever sent it to you for a new one."


@dataclass(frozen=True)
class ListRow:
    """One list among others. `team` is "" for one's own; `deleted` says that it can still be brought back."""

    list_id: int
    name: str
    team_id: int | None
    team: str
    providers: int
    updated_at: datetime
    deleted: bool


@dataclass(frozen=True)
class ItemRow:
    """A provider on a list, as the register shows it today. `since` tells what changed since it was put there."""

    item_id: int
    provider: Provider
    note: str
    verdict: Verdict
    version: int
    added_on: datetime
    since: str

    @property
    def verdict_words(self) -> str:
        return VERDICT_WORDS[self.verdict]


@dataclass(frozen=True)
class LockedRow:
    """One snapshot of a list."""

    token: str
    name: str
    as_of: date
    made_at: datetime
    providers: int


@dataclass(frozen=True)
class ShareRow:
    """One link of a list."""

    share_id: int
    words: str
    with_notes: bool
    ends_on: date | None
    made_at: datetime
    open: bool


@dataclass(frozen=True)
class ListPage:
    """A list. `removed` were taken off and can be put back, `changed` stand differently than when they were put there."""

    list_id: int
    name: str
    purpose: str
    criteria: str
    team_id: int | None
    team: str
    version: int
    updated_at: datetime
    deleted: bool
    items: tuple[ItemRow, ...]
    removed: tuple[tuple[int, str], ...]
    locked: tuple[LockedRow, ...]
    links: int

    @property
    def changed(self) -> tuple[ItemRow, ...]:
        return tuple(item for item in self.items if item.since)

    @property
    def providers(self) -> tuple[Provider, ...]:
        return tuple(item.provider for item in self.items)


def own_lists(actor: Actor, *, deleted: bool = False) -> tuple[ListRow, ...]:
    """One's own lists and those of one's teams, what changed last first. One statement."""
    count = (
        select(func.count(ShortlistItem.id))
        .where(ShortlistItem.shortlist_id == Shortlist.id, ShortlistItem.removed_at.is_(None))
        .correlate(Shortlist)
        .scalar_subquery()
    )
    gone = Shortlist.deleted_at.is_not(None) if deleted else Shortlist.deleted_at.is_(None)
    found = db.session.execute(
        select(Shortlist, Team.name, count)
        .outerjoin(Team, Team.id == Shortlist.team_id)
        .where(_mine(actor), gone)
        .order_by(Shortlist.updated_at.desc(), Shortlist.id.desc())
        .limit(MOST_LISTS * 3)
    )
    return tuple(
        ListRow(row.id, row.name, row.team_id, team or "", number, row.updated_at, row.deleted_at is not None)
        for row, team, number in found
    )


def _mine(actor: Actor) -> ColumnElement[bool]:
    return or_(Shortlist.owner_id == actor.user_id, Shortlist.team_id.in_(actor.teams))


def own_locked(actor: Actor) -> tuple[LockedRow, ...]:
    """What was locked by oneself or one's teams, the latest first. One statement."""
    mine = or_(LockedList.owner_id == actor.user_id, LockedList.team_id.in_(actor.teams))
    return _locked(mine)


def _locked(condition: ColumnElement[bool]) -> tuple[LockedRow, ...]:
    columns = (LockedList.token, LockedList.name, LockedList.as_of, LockedList.made_at, LockedList.providers)
    found = db.session.execute(select(*columns).where(condition).order_by(LockedList.id.desc()).limit(50))
    return tuple(LockedRow(*row) for row in found)


def list_page(list_id: int, actor: Actor, today: date) -> ListPage:
    """A list of one's own or of one's team, also one that was deleted lately. Seven statements. Raises NotFound."""
    shortlist = db.session.get(Shortlist, list_id)
    if shortlist is None:
        raise NotFound(NOT_THERE)
    require(actor, Action.KEEP_LIST, Subject(owner_id=shortlist.owner_id, team_id=shortlist.team_id))
    links = select(func.count()).where(ShortlistShare.shortlist_id == list_id, ShortlistShare.ended_at.is_(None))
    return _page(shortlist, today, _locked(LockedList.list_number == list_id), links=db.session.scalar(links) or 0)


def _page(shortlist: Shortlist, today: date, locked: tuple[LockedRow, ...], links: int) -> ListPage:
    rows = db.session.scalars(
        select(ShortlistItem).where(ShortlistItem.shortlist_id == shortlist.id).order_by(ShortlistItem.position)
    ).all()
    providers = providers_by_id([row.entry_id for row in rows], today)
    return ListPage(
        list_id=shortlist.id,
        name=shortlist.name,
        purpose=shortlist.purpose,
        criteria=shortlist.criteria,
        team_id=shortlist.team_id,
        team=shortlist.team.name if shortlist.team else "",
        version=shortlist.version,
        updated_at=shortlist.updated_at,
        deleted=shortlist.deleted_at is not None,
        items=tuple(_item(row, providers[row.entry_id]) for row in rows if row.removed_at is None),
        removed=tuple((row.id, providers[row.entry_id].name) for row in _lately_removed(rows)),
        locked=locked,
        links=links,
    )


def _lately_removed(rows: Sequence[ShortlistItem]) -> list[ShortlistItem]:
    gone = [row for row in rows if row.removed_at is not None]
    return sorted(gone, key=lambda row: row.removed_at or row.added_at, reverse=True)[:20]


def _item(row: ShortlistItem, provider: Provider) -> ItemRow:
    return ItemRow(
        item_id=row.id,
        provider=provider,
        note=row.note,
        verdict=row.verdict,
        version=row.version,
        added_on=row.added_at,
        since=_since(row.status_then, provider),
    )


def _since(then: AwardStatus, provider: Provider) -> str:
    """What is different since it was put on the list, where that matters to whoever buys; else ""."""
    now = provider.entry.standing
    if now.approved and then in CURRENT:
        return ""
    if now.status is then:
        return f"{now.words}. It was so when it was put on the list."
    return f"{now.words}. When it was put on the list it was: {STATUS_TITLES[then].lower()}."


def shares_of(list_id: int, actor: Actor, today: date) -> tuple[ShareRow, ...]:
    """The links of a list, the latest first. Raises NotFound."""
    shortlist = db.session.get(Shortlist, list_id)
    if shortlist is None or shortlist.deleted_at is not None:
        raise NotFound(NOT_THERE)
    require(actor, Action.KEEP_LIST, Subject(owner_id=shortlist.owner_id, team_id=shortlist.team_id))
    rows = db.session.scalars(
        select(ShortlistShare)
        .where(ShortlistShare.shortlist_id == list_id)
        .options(joinedload(ShortlistShare.shortlist))
        .order_by(ShortlistShare.id.desc())
        .limit(100)
    )
    return tuple(
        ShareRow(row.id, row.words, row.with_notes, row.ends_on, row.made_at, row.is_open(today)) for row in rows
    )


def shared_list(token: str, today: date) -> tuple[ListPage, bool]:
    """The list that a link opens, and whether its notes may be shown. Raises NotFound, alike whyever it opens nothing."""
    share = db.session.scalars(
        select(ShortlistShare)
        .where(ShortlistShare.token_hash == token_hash(token))
        .options(joinedload(ShortlistShare.shortlist).joinedload(Shortlist.team))
    ).first()
    if share is None or not share.is_open(today):
        raise NotFound(LINK_ENDED)
    return _page(share.shortlist, today, (), links=0), share.with_notes
