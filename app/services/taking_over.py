"""What a newcomer takes over from an assessor who left the case: the requests to the provider, and scores if handed over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.models import Assessment, ProviderRequest, Question, Score


def pass_requests_on(session: Session, before: Assessment, newcomer: Assessment) -> int:
    """Let the newcomer go on with what the other asked the provider, replied to or not. Returns how many questions."""
    questions = select(func.count(Question.id)).where(Question.assessment_id == before.id)
    count = session.scalar(questions) or 0
    for kind in (Question, ProviderRequest):
        session.execute(update(kind).where(kind.assessment_id == before.id).values(assessment_id=newcomer.id))
    return count


def take_over_scores(session: Session, newcomer: Assessment, now: datetime) -> int:
    """Copy the scores that the manager handed over, each with the one it came from. Returns how many were copied.

    What the newcomer has scored already stays. The other's scores stay on record as they were.
    """
    if newcomer.taken_over_from_id is None:
        return 0
    own = set(session.scalars(select(Score.criterion_code).where(Score.assessment_id == newcomer.id)))
    given = session.scalars(select(Score).where(Score.assessment_id == newcomer.taken_over_from_id)).all()
    fresh = [score for score in given if score.criterion_code not in own]
    for score in fresh:
        session.add(
            Score(
                assessment_id=newcomer.id,
                criterion_code=score.criterion_code,
                point=score.point,
                not_applicable=score.not_applicable,
                not_rated=score.not_rated,
                reason=score.reason,
                confidence=score.confidence,
                version=1,
                updated_at=now,
                taken_from_id=score.id,
            )
        )
    return len(fresh)
