"""Telling approved providers of needs that fit them, once each, and closing needs whose last day has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import NOBODY
from app.domain.needs import NeedMove, NeedStatus
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import Need, NeedAnswer, NeedChange, NeedTold, RegisterEntry
from app.queries.lists import SERVICES, title
from app.queries.matching import matching_ids, register_revision
from app.queries.needs import fitting
from app.services.owning import people_behind
from app.services.telling import people_of, tell
from app.services.transactions import locked, record, transaction

BATCH = 100
MOST_NEEDS = 500
CHUNK = 500


def tell_providers(now: datetime) -> int:
    """Tell those who fit an open need and were not told of it, also where they came to fit later. Returns how many.

    A need is looked at again only where the register has changed since, or what it asks for.
    """
    today, revision = uk_day(now), register_revision()
    found = db.session.scalars(
        select(Need.id)
        .where(Need.status == NeedStatus.PUBLISHED, Need.answer_by >= today, Need.told_revision != revision)
        .order_by(Need.id)
        .limit(MOST_NEEDS)
    ).all()
    db.session.rollback()
    return sum(_tell_all(need_id, revision, now, today) for need_id in found)


def _tell_all(need_id: int, revision: int, now: datetime, today: date) -> int:
    need = db.session.get_one(Need, need_id)
    waiting = _not_told(need, today)
    version = need.version
    db.session.rollback()
    told = 0
    for first in range(0, len(waiting), BATCH):
        told += _tell_some(need_id, waiting[first : first + BATCH], now)
    with transaction() as session:
        need = locked(session, Need, need_id)
        if need.version == version:  # what it asks for may have changed meanwhile: then it is looked at again
            need.told_revision = revision
    return told


def _not_told(need: Need, today: date) -> list[int]:
    """The organisations that fit and were not told, by id."""
    ids = matching_ids(fitting(need.services, need.areas), today)
    found: set[int] = set()
    for first in range(0, len(ids), CHUNK):
        chunk = RegisterEntry.id.in_(list(ids[first : first + CHUNK]))
        found.update(db.session.scalars(select(RegisterEntry.organisation_id).where(chunk)))
    told = db.session.scalars(select(NeedTold.organisation_id).where(NeedTold.need_id == need.id))
    return sorted(found - set(told))


def _tell_some(need_id: int, organisation_ids: Sequence[int], now: datetime) -> int:
    with transaction() as session:
        need = locked(session, Need, need_id)
        if need.status is not NeedStatus.PUBLISHED:
            return 0
        known = set(
            session.scalars(
                select(NeedTold.organisation_id).where(
                    NeedTold.need_id == need_id, NeedTold.organisation_id.in_(organisation_ids)
                )
            )
        )
        fresh = [each for each in organisation_ids if each not in known]
        session.add_all(NeedTold(need_id=need_id, organisation_id=each, told_at=now) for each in fresh)
        for organisation_id in fresh:
            tell(
                session,
                people_of(session, organisation_id),
                "need_published",
                now,
                topic=Topic.NEEDS,
                title=need.title,
                asks=need.organisation,
                services=", ".join(title(SERVICES, code) for code in need.services),
                answer_by=need.answer_by,
                path=f"/needs/{need.id}",
            )
        return len(fresh)


def close_needs(now: datetime) -> int:
    """Close what nobody can answer any more, and send its owner who is interested. Returns how many."""
    today = uk_day(now)
    found = db.session.scalars(
        select(Need.id)
        .where(Need.status == NeedStatus.PUBLISHED, Need.answer_by < today)
        .order_by(Need.id)
        .limit(MOST_NEEDS)
    ).all()
    db.session.rollback()
    return sum(_close(need_id, now, today) for need_id in found)


def _close(need_id: int, now: datetime, today: date) -> int:
    with transaction() as session:
        need = locked(session, Need, need_id)
        if need.status is not NeedStatus.PUBLISHED or need.answer_by is None or need.answer_by >= today:
            return 0
        need.make(NeedMove.RUN_OUT, now)
        need.summed_up_at = now
        session.add(NeedChange(need_id=need.id, at=now, words="Closed: the last day to answer has passed."))
        record(session, NOBODY, "need.closed", need, now, by_date=True)
        _sum_up(session, need, now)
        return 1


def _sum_up(session: Session, need: Need, now: datetime) -> None:
    answers = session.execute(
        select(RegisterEntry.name, NeedAnswer.people, NeedAnswer.from_on)
        .join(RegisterEntry, RegisterEntry.id == NeedAnswer.entry_id)
        .where(NeedAnswer.need_id == need.id, NeedAnswer.taken_back_at.is_(None))
        .order_by(func.lower(RegisterEntry.name))
        .limit(BATCH)
    ).all()
    tell(
        session,
        people_behind(session, need),
        "need_closed",
        now,
        topic=Topic.NEEDS,
        title=need.title,
        answers=[tuple(answer) for answer in answers],
        path=f"/needs/{need.id}",
    )
