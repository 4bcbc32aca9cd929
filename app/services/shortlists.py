"""Keeping shortlists: beginning one, saying what it is for, deleting it and bringing it back, for oneself or as a team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.choosing import (
    LONGEST_CRITERIA,
    LONGEST_PURPOSE,
    MOST_LISTS,
    checked_list_name,
    checked_words,
)
from app.domain.errors import Conflict, Invalid, NotFound
from app.models import Shortlist, ShortlistItem, ShortlistShare, Team
from app.services.transactions import locked, record, transaction

GONE = "This list was deleted."
FULL = f"There can be {MOST_LISTS} lists. Delete one that is no longer needed first."
KEPT_AFTER_DELETING = timedelta(days=30)


class ListChanged(Conflict):
    """Somebody else of the team changed it after the page was made. Nothing was overwritten."""


@dataclass(frozen=True)
class Described:
    """What a list is called and for. `criteria` is the end of a search's address, or words about the search."""

    name: str
    purpose: str = ""
    criteria: str = ""

    def checked(self) -> Described:
        """The same, as it is kept. Raises Invalid on a field's name."""
        return Described(
            checked_list_name(self.name),
            checked_words(self.purpose, LONGEST_PURPOSE, "purpose"),
            checked_words(self.criteria, LONGEST_CRITERIA, "criteria"),
        )


def own_list(session: Session, list_id: int, actor: Actor, *, deleted: bool = False) -> Shortlist:
    """The list, held, for a change by whose it is. Raises NotFound to everybody else, and for one that was deleted."""
    shortlist = locked(session, Shortlist, list_id)
    require(actor, Action.KEEP_LIST, Subject(owner_id=shortlist.owner_id, team_id=shortlist.team_id))
    if (shortlist.deleted_at is not None) is not deleted:
        raise NotFound(GONE)
    return shortlist


def note(session: Session, shortlist: Shortlist, action: str, actor: Actor, now: datetime, **detail: Any) -> None:
    """The audit row of what was done to a list. What is written on it stays out of the trail."""
    shortlist.updated_at = now
    record(session, actor, action, shortlist, now, team=shortlist.team_id, **detail)


def make_list(described: Described, team_id: int | None, *, actor: Actor, now: datetime) -> int:
    """Begin a list of one's own, or of a team that one belongs to. Returns its id. Raises NotFound, Invalid."""
    described = described.checked()
    with transaction() as session:
        shortlist = new_list(session, described, team_id, actor, now)
        return shortlist.id


def new_list(session: Session, described: Described, team_id: int | None, actor: Actor, now: datetime) -> Shortlist:
    """A list, with its audit row. Raises NotFound, and Invalid where there are too many or one of that name."""
    owner_id = None if team_id else actor.user_id
    require(actor, Action.KEEP_LIST, Subject(owner_id=owner_id, team_id=team_id))
    if team_id:
        locked(session, Team, team_id)
    shortlist = Shortlist(
        owner_id=owner_id,
        team_id=team_id,
        name=described.name,
        purpose=described.purpose,
        criteria=described.criteria,
        created_at=now,
        created_by_id=actor.user_id or 0,
        updated_at=now,
    )
    _check_name(session, shortlist, described.name, new=True)
    session.add(shortlist)
    session.flush()
    note(session, shortlist, "shortlist.made", actor, now)
    return shortlist


def whose(shortlist: Shortlist) -> ColumnElement[bool]:
    """The lists that belong to the same person or team."""
    if shortlist.team_id is not None:
        return Shortlist.team_id == shortlist.team_id
    return Shortlist.owner_id == shortlist.owner_id


def _check_name(session: Session, shortlist: Shortlist, name: str, *, new: bool = False) -> None:
    same = select(Shortlist.id, func.lower(Shortlist.name)).where(whose(shortlist), Shortlist.deleted_at.is_(None))
    others = {key: each for key, each in session.execute(same.limit(MOST_LISTS)) if key != shortlist.id}
    if new and len(others) >= MOST_LISTS:
        raise Invalid({"name": FULL})
    if name.lower() in others.values():
        raise Invalid({"name": "There is a list of that name already. Choose another name."})


def describe_list(list_id: int, described: Described, version: int, *, actor: Actor, now: datetime) -> None:
    """Change what a list is called and for. Raises NotFound, Invalid, and ListChanged where somebody was faster."""
    described = described.checked()
    with transaction() as session:
        shortlist = own_list(session, list_id, actor)
        if (shortlist.name, shortlist.purpose, shortlist.criteria) == (
            described.name,
            described.purpose,
            described.criteria,
        ):
            return
        if shortlist.version != version:
            raise ListChanged("Somebody changed this list while you were writing. What you typed is still here.")
        _check_name(session, shortlist, described.name)
        shortlist.name, shortlist.purpose, shortlist.criteria = described.name, described.purpose, described.criteria
        shortlist.version += 1
        note(session, shortlist, "shortlist.described", actor, now)


def delete_list(list_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete a list; its links end at once. It can be brought back for 30 days. Raises NotFound."""
    with transaction() as session:
        shortlist = own_list(session, list_id, actor)
        shortlist.deleted_at = now
        note(session, shortlist, "shortlist.deleted", actor, now)


def restore_list(list_id: int, *, actor: Actor, now: datetime) -> None:
    """Bring a deleted list back, with its links. Raises NotFound, and Invalid where there are too many by now."""
    with transaction() as session:
        shortlist = own_list(session, list_id, actor, deleted=True)
        _check_name(session, shortlist, shortlist.name)
        shortlist.deleted_at = None
        note(session, shortlist, "shortlist.restored", actor, now)


def forget_deleted_lists(now: datetime) -> int:
    """Take away for good what was deleted 30 days ago, with its notes and links. Returns how many lists."""
    with transaction() as session:
        old = session.scalars(
            select(Shortlist.id).where(Shortlist.deleted_at < now - KEPT_AFTER_DELETING).limit(1_000)
        ).all()
        for table in (ShortlistItem, ShortlistShare):
            session.execute(delete(table).where(table.shortlist_id.in_(old)))
        session.execute(delete(Shortlist).where(Shortlist.id.in_(old)))
        return len(old)
