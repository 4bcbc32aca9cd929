"""Telling the manager when an assessor who was asked to take a case has not answered in time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.domain.lifecycle import ENDED, AssessmentStatus
from app.domain.roles import NOBODY
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, Assessment
from app.services.case_managers import managers_of
from app.services.casework import edition_words, record_on
from app.services.telling import tell
from app.services.transactions import locked, transaction

BATCH = 200


def remind_of_answers(now: datetime) -> int:
    """Tell the managers, once for each assessor, of answers that did not come by their day. Returns how many.

    Running it twice on a day tells nothing twice, and days without a run are made up for.
    """
    told = 0
    while found := _waiting(now):
        told += sum(_tell(assessment_id, application_id, now) for assessment_id, application_id in found)
        if len(found) < BATCH:
            break
    return told


def _waiting(now: datetime) -> list[tuple[int, int]]:
    with transaction() as session:
        rows = session.execute(
            select(Assessment.id, Assessment.application_id)
            .join(Application, Application.id == Assessment.application_id)
            .where(
                Assessment.status == AssessmentStatus.ASSIGNED,
                Assessment.answer_by < uk_day(now),
                Assessment.unanswered_on.is_(None),
                Application.status.not_in(ENDED),
            )
            .order_by(Assessment.id)
            .limit(BATCH)
        )
        return [(assessment_id, application_id) for assessment_id, application_id in rows]


def _tell(assessment_id: int, application_id: int, now: datetime) -> int:
    """One of them, in a transaction of its own, unless the answer has come meanwhile."""
    with transaction() as session:
        application = locked(session, Application, application_id)
        assessment = locked(session, Assessment, assessment_id)
        if assessment.status is not AssessmentStatus.ASSIGNED or assessment.unanswered_on is not None:
            return 0
        assessment.unanswered_on = uk_day(now)
        record_on(
            session,
            NOBODY,
            "assessment.unanswered",
            assessment,
            application,
            now,
            assessor=assessment.assessor.name,
            answer_by=str(assessment.answer_by),
        )
        tell(
            session,
            managers_of(session, application, uk_day(now), assessment.assigned_by_id),
            "assessor_silent",
            now,
            topic=Topic.CASES,
            assessor=assessment.assessor.name,
            provider=application.organisation.name,
            framework=edition_words(application),
            answer_by=assessment.answer_by,
            scheme=application.edition.scheme.code,
            application_id=application.id,
        )
        return 1
