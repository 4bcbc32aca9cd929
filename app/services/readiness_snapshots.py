"""Keeping how ready applications are: once a day where something changed, and on the day they are handed in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.lifecycle import EDITABLE
from app.domain.snapshots import as_data, snapshot_of
from app.domain.uk_time import uk_day
from app.models import Application, AuditRow, Organisation, ReadinessSnapshot
from app.queries.readiness_page import readiness_of
from app.queries.self_assessments import self_assessment_of
from app.services.transactions import transaction

BATCH = 20
MOST_AT_ONCE = 2_000


def take_readiness_snapshots(now: datetime, most: int = MOST_AT_ONCE) -> int:
    """Keep how ready every open application is in which something was done since it was last looked at.

    Gives how many were looked at, `most` at the most; the others' turn comes with the next call. Calling it again does
    nothing twice: what was looked at is left until something is done in it again.
    """
    looked_at = after = 0
    while looked_at < most:
        with transaction() as session:
            applications = _due(session, after, min(BATCH, most - looked_at))
            for application in applications:
                keep_snapshot(session, application, now)
                looked_at, after = looked_at + 1, application.id
        if not applications:
            break
    return looked_at


def _due(session: Session, after: int, most: int) -> list[Application]:
    """Open applications with an id above `after`, in which something was done since they were last looked at.

    What was done in that very moment counts: it may have been saved just after the look.
    """
    last = (
        select(func.max(ReadinessSnapshot.looked_at))
        .where(ReadinessSnapshot.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    done = exists().where(AuditRow.application_id == Application.id, AuditRow.at >= last)
    return list(
        session.scalars(
            select(Application)
            .join(Organisation, Organisation.id == Application.organisation_id)
            .where(
                Application.id > after,
                Application.status.in_(EDITABLE),
                or_(last.is_(None), done, Organisation.updated_at >= last),
            )
            .options(joinedload(Application.organisation), joinedload(Application.edition))
            .order_by(Application.id)
            .limit(most)
        )
    )


def keep_snapshot(session: Session, application: Application, now: datetime, *, submitted: bool = False) -> None:
    """Keep how ready an application is now, unless nothing changed since the last time. Part of a use-case.

    A day has one snapshot, that of its end; one of a day on which it was handed in stays as it was then.
    """
    today = uk_day(now)
    work = self_assessment_of(session, application, today=today)
    figures = as_data(snapshot_of(readiness_of(work), today))
    last = _last(session, application.id)
    if last is None or (last.taken_on < today and (submitted or last.figures != figures)):
        last = ReadinessSnapshot(application_id=application.id, taken_on=today, figures=figures, submitted=submitted)
        session.add(last)
    elif _may_change(last, today, submitted=submitted):
        last.figures, last.submitted = figures, last.submitted or submitted
    last.looked_at = now


def _may_change(last: ReadinessSnapshot, today: date, *, submitted: bool) -> bool:
    return last.taken_on == today and (submitted or not last.submitted)


def _last(session: Session, application_id: int) -> ReadinessSnapshot | None:
    return session.scalars(
        select(ReadinessSnapshot)
        .where(ReadinessSnapshot.application_id == application_id)
        .order_by(ReadinessSnapshot.taken_on.desc())
        .limit(1)
    ).first()
