"""Telling holders ahead of the last day of each condition, and both sides once it has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import NOBODY
from app.domain.award_conditions import OVERDUE, STAGES, to_tell
from app.domain.lifecycle import STANDING, ConditionStatus, status_on
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Award, AwardCondition
from app.services.casework import mail_leads, record_on
from app.services.telling import officers_of, tell
from app.services.transactions import locked, transaction

BATCH = 100


def remind_of_conditions(now: datetime) -> int:
    """Remind of every open condition that reached 60, 30, 14, 7 or 1 days before its last day, or is overdue.

    Each stage is told once. One that was missed is made up for by the one after it, so that days off lose nothing. Of
    what is overdue the scheme's managers hear too. Returns how many were told of.
    """
    today = uk_day(now)
    told = after = 0
    while True:
        with transaction() as session:
            found = _next(session, today, after)
            told += sum(_remind(session, each, today, now) for each in found)
            if len(found) < BATCH:
                return told
            after = found[-1].id


def _next(session: Session, today: date, after: int) -> Sequence[AwardCondition]:
    return session.scalars(
        select(AwardCondition)
        .join(Award, Award.id == AwardCondition.award_id)
        .where(
            AwardCondition.id > after,
            AwardCondition.status == ConditionStatus.OPEN,
            AwardCondition.due_on <= today + timedelta(days=STAGES[0]),
            AwardCondition.told_days.is_(None) | (AwardCondition.told_days != OVERDUE),
            Award.status.in_(STANDING),
        )
        .options(joinedload(AwardCondition.award).joinedload(Award.application))
        .order_by(AwardCondition.id)
        .limit(BATCH)
    ).all()


def _remind(session: Session, found: AwardCondition, today: date, now: datetime) -> bool:
    condition = locked(session, AwardCondition, found.id)
    award = condition.award
    stage = to_tell(condition.due_on, condition.told_days, today)
    open_still = condition.status is ConditionStatus.OPEN
    if stage is None or not open_still or status_on(award.status, award.expires_on, today) not in STANDING:
        return False
    before, condition.told_days = condition.told_days, stage
    values: dict[str, Any] = {
        "number": condition.number,
        "text": condition.text,
        "due_on": condition.due_on,
        "overdue": stage == OVERDUE,
        "award_id": award.id,
    }
    mail_leads(session, award.application, "condition_due", now, **values)
    if stage == OVERDUE:
        tell(
            session,
            officers_of(session, award.scheme_id),
            "condition_overdue",
            now,
            topic=Topic.CASES,
            provider=award.holder_name,
            scheme=award.scheme.code,
            application_id=award.application_id,
            **values,
        )
    record_on(session, NOBODY, "condition.reminded", condition, award.application, now, before=before, after=stage)
    return True
