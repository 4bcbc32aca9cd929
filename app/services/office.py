"""What a scheme's manager does about the assessors of one case, often of many at once: reminding them, moving their day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import Conflict
from app.domain.lifecycle import AssessmentStatus
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, Assessment, AuditRow
from app.services.casework import check_day, edition_words, managed, record_on
from app.services.telling import tell
from app.services.transactions import transaction

WORKING = (AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN)
REMINDED = "assessment.reminded"


def remind_assessors(application_id: int, *, actor: Actor, now: datetime, today: date) -> int:
    """Remind the assessors of a case who are past their day. Returns how many were.

    Raises NotFound, NotAllowed, and Conflict where none is late, or all of them were reminded today already.
    """
    with transaction() as session:
        application = managed(session, application_id, actor, today)
        late = [each for each in working_on(session, application.id) if is_late(each, today)]
        if not late:
            raise Conflict("No assessor of this case is late.")
        told = reminded_on(session, [each.id for each in late], today)
        waiting = [each for each in late if each.id not in told]
        if not waiting:
            raise Conflict("The assessors who are late were reminded today already.")
        for each in waiting:
            record_on(session, actor, REMINDED, each, application, now, assessor=each.assessor.name)
            _tell(session, application, each, "assessment_reminder", now)
        return len(waiting)


def move_due_date(application_id: int, due_on: date | None, *, actor: Actor, now: datetime, today: date) -> int:
    """Give the assessors who work on a case another day to finish by. Returns how many got one.

    Raises NotFound, NotAllowed, Invalid (`due_on`), and Conflict where nobody works on it or all have that day already.
    """
    check_day(due_on, today, "due_on")
    with transaction() as session:
        application = managed(session, application_id, actor, today)
        working = working_on(session, application.id)
        moved = [each for each in working if each.due_on != due_on]
        if not working:
            raise Conflict("Nobody is assessing this case.")
        if not moved:
            raise Conflict("Its assessors have that day already.")
        for each in moved:
            before, each.due_on = each.due_on, due_on
            record_on(
                session,
                actor,
                "assessment.due-date-moved",
                each,
                application,
                now,
                assessor=each.assessor.name,
                before={"due_on": before.isoformat() if before else ""},
                after={"due_on": due_on.isoformat() if due_on else ""},
            )
            _tell(session, application, each, "assessment_due_moved", now, before=before)
        return len(moved)


def working_on(session: Session, application_id: int) -> Sequence[Assessment]:
    """The assessments of a case that are not handed in yet."""
    return session.scalars(
        select(Assessment)
        .where(Assessment.application_id == application_id, Assessment.status.in_(WORKING))
        .order_by(Assessment.id)
    ).all()


def is_late(assessment: Assessment, today: date) -> bool:
    return assessment.due_on is not None and assessment.due_on < today


def reminded_on(session: Session, assessment_ids: Sequence[int], day: date) -> set[int]:
    """Those of the assessments whose assessor was reminded on that day."""
    found = session.execute(
        select(AuditRow.subject_id, AuditRow.at).where(
            AuditRow.action == REMINDED,
            AuditRow.subject == Assessment.__tablename__,
            AuditRow.subject_id.in_(assessment_ids),
        )
    )
    return {subject_id for subject_id, at in found if subject_id is not None and uk_day(at) == day}


def _tell(
    session: Session, application: Application, assessment: Assessment, template: str, now: datetime, **values: Any
) -> None:
    tell(
        session,
        [assessment.assessor],
        template,
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        framework=edition_words(application),
        due_on=assessment.due_on,
        assessment_id=assessment.id,
        **values,
    )
