"""Watching providers: begun, chosen, paused, taken away and put back, and private addresses for feed readers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.topics import Way
from app.domain.watching import ABOUT_THE_AWARD, Heard, wanted
from app.models import RegisterEntry, Watch, WatchFeed
from app.services.alert_cursor import begin_cursor
from app.services.owning import belongs, held_own, owner_of
from app.services.transactions import record, transaction

MOST = 500
TOKEN_BYTES = 24
USUAL = tuple(heard for heard in Heard if heard in ABOUT_THE_AWARD)


@dataclass(frozen=True)
class Wanted:
    """What one wants to hear of a provider, and whether at once or in the day's e-mail."""

    hears: tuple[str, ...] = USUAL
    way: str = Way.AT_ONCE.value


def watch(slug: str, chosen: Wanted, *, team_id: int | None, actor: Actor, now: datetime) -> int:
    """Watch the provider's entry, oneself or as a team. Returns the watch's id. One that was there before goes on as chosen.

    Raises NotFound, Invalid (`way`, `slug` where there are too many).
    """
    require(actor, Action.USE_LISTS)
    with transaction() as session:
        entry = session.scalars(select(RegisterEntry).where(RegisterEntry.slug == slug)).first()
        if entry is None:
            raise NotFound("There is no provider at this address. Search the register for its name.")
        own = owner_of(actor, team_id)
        begin_cursor(session, now)
        found = session.scalars(select(Watch).where(belongs(Watch, **own), Watch.entry_id == entry.id)).first()
        if found is None:
            _check_room(session, own)
            found = Watch(entry_id=entry.id, created_at=now, created_by_id=actor.user_id, **own)
            session.add(found)
        elif found.removed_at is not None or found.paused:
            found.removed_at, found.paused, found.created_at = None, False, now
        _choose(found, chosen)
        record(session, actor, "watch.begun", found, now, entry=slug, hears=found.hears, way=found.way.value)
        return found.id


def choose(watch_id: int, chosen: Wanted, version: int, *, actor: Actor, now: datetime) -> None:
    """Choose anew what to hear, and how. Raises NotFound, Invalid, Conflict where somebody of the team changed it."""
    with transaction() as session:
        found = held_own(session, Watch, watch_id, actor)
        if found.version != version:
            raise Conflict("Somebody of your team changed this watch meanwhile. Look at it again before you change it.")
        before = {"hears": found.hears, "way": found.way.value}
        _choose(found, chosen)
        found.version += 1
        record(session, actor, "watch.changed", found, now, before=before, hears=found.hears, way=found.way.value)


def pause(watch_id: int, paused: bool, *, actor: Actor, now: datetime) -> None:
    """Stop messages for a while, or let them come again. What happens meanwhile is not told later. Raises NotFound."""
    with transaction() as session:
        found = held_own(session, Watch, watch_id, actor)
        if found.paused is not paused:
            found.paused, found.version = paused, found.version + 1
            if not paused:
                found.created_at = now  # what happened meanwhile stands on the provider's page
            record(session, actor, "watch.paused" if paused else "watch.resumed", found, now)


def remove(watch_id: int, *, actor: Actor, now: datetime) -> None:
    """Stop watching; `put_back` undoes it. Raises NotFound."""
    with transaction() as session:
        found = held_own(session, Watch, watch_id, actor)
        if found.removed_at is None:
            found.removed_at, found.version = now, found.version + 1
            record(session, actor, "watch.ended", found, now)


def put_back(watch_id: int, *, actor: Actor, now: datetime) -> None:
    """Watch again as before. Raises NotFound, Invalid."""
    with transaction() as session:
        found = held_own(session, Watch, watch_id, actor)
        if found.removed_at is not None:
            _check_room(session, {"owner_id": found.owner_id, "team_id": found.team_id})
            found.removed_at, found.version = None, found.version + 1
            record(session, actor, "watch.begun", found, now, again=True)


def make_feed(*, team_id: int | None, actor: Actor, now: datetime) -> str:
    """Make a private address for feed readers and return its secret, shown once. The one before it ends. Raises NotFound."""
    require(actor, Action.USE_LISTS)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction() as session:
        own = owner_of(actor, team_id)
        for old in session.scalars(select(WatchFeed).where(belongs(WatchFeed, **own), WatchFeed.ended_at.is_(None))):
            old.ended_at = now
        hashed = sha256(token.encode()).hexdigest()
        feed = WatchFeed(token_hash=hashed, made_at=now, made_by_id=actor.user_id, **own)
        session.add(feed)
        record(session, actor, "watch.feed-opened", feed, now)
    return token


def end_feed(feed_id: int, *, actor: Actor, now: datetime) -> None:
    """End a private address. Raises NotFound."""
    with transaction() as session:
        feed = held_own(session, WatchFeed, feed_id, actor)
        if feed.ended_at is None:
            feed.ended_at = now
            record(session, actor, "watch.feed-ended", feed, now)


def _choose(found: Watch, chosen: Wanted) -> None:
    if chosen.way not in (Way.AT_ONCE, Way.DAILY):
        raise Invalid({"way": "Choose whether to hear at once or in the day’s e-mail."})
    found.hears = _in_order(wanted(chosen.hears))
    found.way = Way(chosen.way)


def _in_order(heard: Iterable[Heard]) -> list[str]:
    chosen = set(heard)
    return [each.value for each in Heard if each in chosen]


def _check_room(session: Session, own: dict[str, Any]) -> None:
    live = (belongs(Watch, **own), Watch.removed_at.is_(None))
    if (session.scalar(select(func.count(Watch.id)).where(*live)) or 0) >= MOST:
        raise Invalid({"slug": f"You watch {MOST} providers already. Stop watching one first."})
