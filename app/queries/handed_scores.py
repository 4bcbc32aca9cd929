"""Whose score an assessor began from, where a manager handed scores over from somebody who left the case."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from app.models import Assessment, Score, User


def giver_of(session: Session, assessment: Assessment, code: str) -> str:
    """The name of who first gave the score of a criterion; empty where it is the assessor's own. One statement at most."""
    if assessment.taken_over_from_id is None:
        return ""
    first = aliased(Score)
    name = session.scalar(
        select(User.name)
        .join(Assessment, Assessment.assessor_id == User.id)
        .join(first, first.assessment_id == Assessment.id)
        .join(Score, Score.taken_from_id == first.id)
        .where(Score.assessment_id == assessment.id, Score.criterion_code == code)
    )
    return name or ""
