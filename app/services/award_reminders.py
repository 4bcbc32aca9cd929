"""Telling holders ahead that an award runs out: when its renewal opens, two months before, a week before, and after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import NOBODY, Role
from app.domain.award_dates import renewal_window
from app.domain.lifecycle import AwardStatus
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, AuditRow, Award, FrameworkEdition
from app.queries.frameworks import framework_of
from app.services.casework import record_on
from app.services.telling import people_of, tell
from app.services.transactions import transaction

REMINDED = "award.reminded"
LIVE = (AwardStatus.AWARDED, AwardStatus.CONDITIONAL, AwardStatus.PROVISIONAL)
TWO_MONTHS, A_WEEK, A_MONTH = timedelta(days=61), timedelta(days=7), timedelta(days=31)
LONGEST_AHEAD = timedelta(days=3 * 366)  # no scheme opens renewal sooner
BATCH = 100


def remind_of_awards(now: datetime) -> int:
    """Tell the leads of each award that is at one of its stages, once at each. Returns how many awards were told of.

    Who is at work on the next one already, or has handed it in, is not told that renewal is open. A stage that was missed
    is made up for by the one after it; running it twice on a day tells nothing twice.
    """
    today = uk_day(now)
    told, after = 0, 0
    while True:
        with transaction() as session:
            awards = _next(session, today, after)
            told += sum(_remind(session, award, today, now) for award in awards)
            if len(awards) < BATCH:
                return told
            after = awards[-1].id


def _next(session: Session, today: date, after: int) -> Sequence[Award]:
    return session.scalars(
        select(Award)
        .where(
            Award.id > after,
            Award.status.in_(LIVE),
            Award.expires_on >= today - A_MONTH,
            Award.expires_on <= today + LONGEST_AHEAD,
        )
        .options(joinedload(Award.edition), joinedload(Award.application), joinedload(Award.organisation))
        .order_by(Award.id)
        .limit(BATCH)
    ).all()


def stage_of(expires_on: date, opens_on: date, today: date) -> str:
    """Which stage an award is at: opens, two-months, week, ended; empty before its renewal opens."""
    if today > expires_on:
        return "ended"
    if today >= expires_on - A_WEEK:
        return "week"
    if today >= expires_on - TWO_MONTHS:
        return "two-months"
    return "opens" if today >= opens_on else ""


def _remind(session: Session, award: Award, today: date, now: datetime) -> bool:
    terms = framework_of(award.edition).award.for_level(award.level)
    opens_on, closes_on = renewal_window(award.expires_on, terms)
    stage = stage_of(award.expires_on, opens_on, today)
    if not stage or _told(session, award.id, stage) or (stage == "opens" and _begun(session, award)):
        return False
    tell(
        session,
        people_of(session, award.organisation_id, Role.LEAD),
        "award_runs_out",
        now,
        topic=Topic.DECISIONS,
        provider=award.organisation.name,
        framework=f"{award.edition.title} {award.edition.edition}",
        level=award.level_title,
        stage=stage,
        expires_on=award.expires_on,
        closes_on=closes_on,
        organisation_id=award.organisation_id,
    )
    record_on(session, NOBODY, REMINDED, award, award.application, now, stage=stage)
    return True


def _told(session: Session, award_id: int, stage: str) -> bool:
    rows = session.scalars(
        select(AuditRow).where(
            AuditRow.subject == Award.__tablename__, AuditRow.subject_id == award_id, AuditRow.action == REMINDED
        )
    )
    return any(row.detail.get("stage") == stage for row in rows)


def _begun(session: Session, award: Award) -> bool:
    """Whether the organisation has begun another application under the same framework since."""
    later = (
        select(Application.id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(
            Application.organisation_id == award.organisation_id,
            Application.id > award.application_id,
            FrameworkEdition.code == award.edition.code,
        )
    )
    return session.scalars(later.limit(1)).first() is not None
