"""Searches of the register that somebody keeps under a name: saved, changed, paused, deleted and put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.backends.asked import as_values
from app.backends.id_sets import packed
from app.backends.searching import Query
from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, Invalid
from app.domain.watching import Pace
from app.models import SavedSearch
from app.queries.matching import matching_ids, register_revision
from app.services.owning import belongs, held_own, owner_of
from app.services.transactions import record, transaction

MOST = 100
LONGEST_NAME, LONGEST_QUERY = 80, 2_000


@dataclass(frozen=True)
class Alert:
    """What one wants to hear of a search, under which name. `version` is that of the search as its page showed it."""

    name: str
    on_new: bool = True
    on_gone: bool = False
    pace: str = Pace.DAILY.value
    version: int = 1


@dataclass(frozen=True)
class Kept:
    """A search as it is kept: the end of its address, and what it asks of the register's index."""

    address: str
    query: Query


def save_search(kept: Kept, alert: Alert, *, team_id: int | None, actor: Actor, now: datetime, today: date) -> int:
    """Keep a search and what fits it now, of which nothing is told. Returns its id.

    Raises NotFound, Invalid (`name`, `pace`).
    """
    require(actor, Action.USE_LISTS)
    name = _checked(alert)
    if len(kept.address) > LONGEST_QUERY:
        raise Invalid({"name": "This search has too many choices to be kept. Take some away."})
    revision = register_revision()
    ids = matching_ids(kept.query, today)
    with transaction() as session:
        own = owner_of(actor, team_id)
        _check_room(session, own)
        found = SavedSearch(
            name=name,
            query=kept.address,
            asks=as_values(kept.query),
            on_new=alert.on_new,
            on_gone=alert.on_gone,
            pace=Pace(alert.pace),
            matched=packed(ids),
            total=len(ids),
            seen_revision=revision,
            seen_on=today,
            told_on=today,
            looked_at=now,
            created_at=now,
            created_by_id=actor.user_id,
            **own,
        )
        session.add(found)
        record(session, actor, "search.saved", found, now, name=name, query=kept.address)
        return found.id


def change_search(search_id: int, alert: Alert, *, actor: Actor, now: datetime) -> None:
    """Change its name and what is told. Raises NotFound, Invalid, Conflict where somebody of the team changed it."""
    name = _checked(alert)
    with transaction() as session:
        found = held_own(session, SavedSearch, search_id, actor)
        if found.version != alert.version:
            raise Conflict(
                "Somebody of your team changed this search meanwhile. Look at it again before you change it."
            )
        found.name, found.on_new, found.on_gone = name, alert.on_new, alert.on_gone
        found.pace, found.version = Pace(alert.pace), found.version + 1
        record(session, actor, "search.changed", found, now, name=name, pace=found.pace.value)


def pause_search(search_id: int, paused: bool, *, actor: Actor, now: datetime) -> None:
    """Stop its messages, or let it go on: what came meanwhile is told then. Raises NotFound."""
    with transaction() as session:
        found = held_own(session, SavedSearch, search_id, actor)
        if found.paused is not paused:
            found.paused, found.version = paused, found.version + 1
            record(session, actor, "search.paused" if paused else "search.resumed", found, now)


def remove_search(search_id: int, *, actor: Actor, now: datetime) -> None:
    """Delete it; `put_back_search` undoes it for a month. Raises NotFound."""
    with transaction() as session:
        found = held_own(session, SavedSearch, search_id, actor)
        if found.removed_at is None:
            found.removed_at, found.version = now, found.version + 1
            record(session, actor, "search.deleted", found, now, name=found.name)


def put_back_search(search_id: int, *, actor: Actor, now: datetime) -> None:
    """Undo a deletion. Raises NotFound, Invalid."""
    with transaction() as session:
        found = held_own(session, SavedSearch, search_id, actor)
        if found.removed_at is not None:
            _check_room(session, {"owner_id": found.owner_id, "team_id": found.team_id})
            found.removed_at, found.version = None, found.version + 1
            record(session, actor, "search.saved", found, now, again=True)


def note_looked_at(search_id: int, *, actor: Actor, now: datetime) -> str:
    """What was found up to now counts as seen. Returns the end of the search's address. Raises NotFound."""
    with transaction() as session:
        found = held_own(session, SavedSearch, search_id, actor)
        found.looked_at = now
        address: str = found.query
        return address


def _checked(alert: Alert) -> str:
    name = " ".join(alert.name.split())
    errors = {}
    if not name:
        errors["name"] = "Give it a name, such as Home care in Lancaster."
    elif len(name) > LONGEST_NAME:
        errors["name"] = f"Keep the name under {LONGEST_NAME} characters. It has {len(name)}."
    if alert.pace not in set(Pace):
        errors["pace"] = "Choose when you want to hear of it."
    if errors:
        raise Invalid(errors)
    return name


def _check_room(session: Session, own: dict[str, Any]) -> None:
    live = (belongs(SavedSearch, **own), SavedSearch.removed_at.is_(None))
    if (session.scalar(select(func.count(SavedSearch.id)).where(*live)) or 0) >= MOST:
        raise Invalid({"name": f"You keep {MOST} searches already. Delete one first."})
