"""Telling those who watch a provider what the register says of it now: events as they come, and ends that draw near.

Each event is looked at once, in the order in which the register wrote it: a cursor moves on in the same transaction in
which the messages are owed. Publishing holds the schemes (app.services.register), so that no event with a lower number
is committed after one with a higher number was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.lifecycle import AwardStatus
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.domain.watching import (
    ABOUT_THE_AWARD,
    ALWAYS,
    EXPIRY_AHEAD,
    LATE_BY,
    Heard,
    expiry_stage,
    heard_as,
)
from app.extensions import db
from app.models import AlertCursor, ExpiryNotice, MailWatch, RegisterEntry, RegisterEvent, Scheme, Team, Watch
from app.services.alert_cursor import EVENTS, held_cursor
from app.services.owning import people_behind
from app.services.telling import tell_rather
from app.services.transactions import queue_mail, transaction

BATCH = 500
TOLD_AT_ONCE = 200
"""Messages after which a transaction ends and the next begins, so that none holds the database for long."""
MOST_WATCHERS = 5_000
MOST_EXPIRIES = 2_000
IN_FORCE = (AwardStatus.AWARDED, AwardStatus.CONDITIONAL, AwardStatus.PROVISIONAL, AwardStatus.SUSPENDED)


@dataclass(frozen=True)
class _News:
    """One thing to tell of an entry. `since` is when it happened: who began to watch later is not told."""

    heard: Heard
    template: str
    since: datetime
    values: dict[str, Any]


def tell_watchers(now: datetime) -> int:
    """Tell what happened since the last time. Returns how many messages are owed for it. One statement where nothing did."""
    told = 0
    while _waits():
        count, more = _tell_some(now)
        told += count
        if not more:
            break
    return told


def _waits() -> bool:
    """Whether the register wrote anything since; asked without holding anything, every few seconds."""
    newer = select(RegisterEvent.id).where(RegisterEvent.id > AlertCursor.position).limit(1)
    waits = db.session.execute(select(AlertCursor.name).where(AlertCursor.name == EVENTS, newer.exists())).first()
    db.session.rollback()
    return waits is not None


def _tell_some(now: datetime) -> tuple[int, bool]:
    """A batch of events in one transaction: how many messages, and whether more events may wait."""
    with transaction() as session:
        cursor = held_cursor(session)
        if cursor is None:
            return 0, False
        events = session.execute(
            select(RegisterEvent.id, RegisterEvent.entry_id)
            .where(RegisterEvent.id > cursor.position)
            .order_by(RegisterEvent.id)
            .limit(BATCH)
        ).all()
        watched = _watched(session, [entry_id for _, entry_id in events])
        told = 0
        for event_id, entry_id in events:
            cursor.position = event_id
            if entry_id in watched:
                told += _tell_event(session, session.get_one(RegisterEvent, event_id), now)
            if told >= TOLD_AT_ONCE:
                return told, True
        cursor.updated_at = now
        return told, len(events) == BATCH


def _watched(session: Session, entry_ids: Sequence[int]) -> set[int]:
    """Those of the entries that anybody watches. Two statements."""
    ids = list(dict.fromkeys(entry_ids))
    people = session.scalars(select(Watch.entry_id).where(Watch.entry_id.in_(ids), Watch.removed_at.is_(None)))
    return {*people, *session.scalars(select(MailWatch.entry_id).where(MailWatch.entry_id.in_(ids)))}


def _tell_event(session: Session, event: RegisterEvent, now: datetime) -> int:
    entry = session.get_one(RegisterEntry, event.entry_id)
    values = {"words": event.words, "number": event.number, "on": event.at, "heard": heard_as(event.kind).value}
    return _tell_all(session, entry, _News(heard_as(event.kind), "watch_news", event.at, values), now)


def _tell_all(session: Session, entry: RegisterEntry, news: _News, now: datetime) -> int:
    values = {"provider": entry.name, "path": f"/register/{entry.slug}", **news.values}
    topic = Topic.WATCHED_LOSS if news.heard in ALWAYS else Topic.WATCHED
    told = 0
    for watch in _watchers(session, entry, news):
        people = people_behind(session, watch)
        team = session.get_one(Team, watch.team_id).name if watch.team_id else ""
        tell_rather(session, people, news.template, now, topic=topic, rather=watch.way, team=team, **values)
        told += len(people)
    return told + _tell_by_mail(session, entry, news, values, now)


def _watchers(session: Session, entry: RegisterEntry, news: _News) -> list[Watch]:
    live = (Watch.entry_id == entry.id, Watch.removed_at.is_(None), Watch.paused.is_(False))
    found = session.scalars(
        select(Watch).where(*live, Watch.created_at <= news.since).order_by(Watch.id).limit(MOST_WATCHERS)
    )
    return [watch for watch in found if news.heard in ALWAYS or news.heard.value in watch.hears]


def _tell_by_mail(session: Session, entry: RegisterEntry, news: _News, values: dict[str, Any], now: datetime) -> int:
    """Those without an account hear what bears on the award, each with the address that ends it."""
    if news.heard not in ABOUT_THE_AWARD:
        return 0
    found = session.scalars(
        select(MailWatch)
        .where(MailWatch.entry_id == entry.id, MailWatch.confirmed_at <= news.since)
        .order_by(MailWatch.id)
        .limit(MOST_WATCHERS)
    ).all()
    for watch in found:
        stop = f"/watch/end/{watch.secret}"
        template = f"mail_{news.template}"
        queue_mail(session, watch.email, template, now, language=watch.language, stop=stop, **values)
    return len(found)


def tell_of_expiry(now: datetime) -> int:
    """Tell of watched awards that end soon or have ended, each at each of EXPIRY_AHEAD once. Returns messages owed.

    Looks at entries that somebody watches and whose last day is near, and at no others.
    """
    today = uk_day(now)
    return sum(_tell_end(entry_id, now, today) for entry_id in _ending(today))


def _ending(today: date) -> list[int]:
    told = select(ExpiryNotice.id).where(
        ExpiryNotice.entry_id == RegisterEntry.id, ExpiryNotice.expires_on == RegisterEntry.expires_on
    )
    near = RegisterEntry.expires_on.between(today - LATE_BY, today + timedelta(days=max(EXPIRY_AHEAD)))
    nobody_told = [
        (RegisterEntry.expires_on <= today + timedelta(days=stage)) & ~told.where(ExpiryNotice.days <= stage).exists()
        for stage in EXPIRY_AHEAD
    ]
    watched = select(Watch.entry_id).where(Watch.removed_at.is_(None)).union(select(MailWatch.entry_id))
    found = db.session.scalars(
        select(RegisterEntry.id)
        .where(near, or_(*nobody_told), RegisterEntry.status.in_(IN_FORCE), RegisterEntry.id.in_(watched))
        .order_by(RegisterEntry.id)
        .limit(MOST_EXPIRIES)
    ).all()
    db.session.rollback()
    return list(found)


def _tell_end(entry_id: int, now: datetime, today: date) -> int:
    with transaction() as session:
        entry = session.get_one(RegisterEntry, entry_id)
        session.get(
            Scheme, entry.scheme_id, with_for_update=True
        )  # two workers tell in turn, and the second sees it told
        known = session.scalars(
            select(ExpiryNotice.days).where(
                ExpiryNotice.entry_id == entry.id, ExpiryNotice.expires_on == entry.expires_on
            )
        ).all()
        stage = expiry_stage(entry.expires_on, today, known)
        if stage is None:
            return 0
        session.add(ExpiryNotice(entry_id=entry.id, expires_on=entry.expires_on, days=stage, told_at=now))
        values = {"until": entry.expires_on, "over": entry.expires_on < today}
        return _tell_all(session, entry, _News(Heard.EXPIRY, "watch_expiry", now, values), now)
