"""An assessor hands in a finished assessment with a recommendation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.deciding import GRANTING, RECOMMENDABLE
from app.domain.errors import Incomplete, Invalid
from app.domain.lifecycle import AssessmentMove
from app.domain.scoring.packed import pack
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, Assessment, Question, Score
from app.queries.frameworks import framework_of
from app.queries.outcomes import as_scores
from app.queries.passport_uses import standing_scores, used_in
from app.services.assessing import (
    asked_of,
    is_scored,
    open_for_scoring,
    record_on_assessment,
)
from app.services.case_managers import managers_of
from app.services.closing import close_assessing
from app.services.telling import tell
from app.services.transactions import transaction


@dataclass(frozen=True)
class Recommendation:
    """What an assessor recommends: an outcome of app.domain.deciding, the level where it is an award, and why."""

    outcome: str
    level: str | None
    words: str


def hand_in(assessment_id: int, recommendation: Recommendation, *, actor: Actor, now: datetime) -> None:
    """Hand in a finished assessment with its recommendation. When enough are in, the case is assessed.

    Raises NotFound, NotAllowed, Conflict, Invalid, and Incomplete naming the criteria without a finished score and the
    questions that still wait for a reply.
    """
    with transaction() as session:
        assessment = open_for_scoring(session, assessment_id, actor)
        _check_recommendation(assessment.application, recommendation)
        assessment.sheet = _check_finished(session, assessment, uk_day(now))
        assessment.make(AssessmentMove.HAND_IN)
        assessment.handed_in_at = now
        assessment.recommended = recommendation.outcome
        assessment.recommended_level = recommendation.level
        assessment.recommendation = recommendation.words.strip()
        close_assessing(session, assessment.application, actor, now)
        record_on_assessment(
            session,
            actor,
            "assessment.handed-in",
            assessment,
            now,
            recommended=recommendation.outcome,
            level=recommendation.level,
        )
        tell(
            session,
            managers_of(session, assessment.application, uk_day(now), assessment.assigned_by_id),
            "assessment_handed_in",
            now,
            topic=Topic.CASES,
            assessor=assessment.assessor.name,
            provider=assessment.application.organisation.name,
            scheme=assessment.application.edition.scheme.code,
            application_id=assessment.application_id,
        )


def _check_recommendation(application: Application, recommendation: Recommendation) -> None:
    errors: dict[str, str] = {}
    levels = {level.code for level in framework_of(application.edition).levels}
    if recommendation.outcome not in RECOMMENDABLE:
        errors["outcome"] = "Choose what you recommend."
    elif recommendation.outcome in GRANTING and recommendation.level not in levels:
        errors["level"] = "Choose the level that you recommend."
    if not recommendation.words.strip():
        errors["words"] = "Say why you recommend this. The panel and the provider will read it."
    if errors:
        raise Invalid(errors)


def _check_finished(session: Session, assessment: Assessment, today: date) -> bytes:
    """The finished scores, packed. Raises Incomplete."""
    scores = session.scalars(select(Score).where(Score.assessment_id == assessment.id)).all()
    passports = standing_scores(used_in(session, assessment.application, today))
    sure = framework_of(assessment.application.edition).assessment.confidence
    finished = {score.criterion_code for score in scores if is_scored(score, needs_confidence=sure)} | set(passports)
    missing = tuple(criterion.code for criterion in asked_of(assessment.application) if criterion.code not in finished)
    if missing:
        raise Incomplete(
            f"{len(missing)} of the criteria still need a score with a reason: {', '.join(missing[:5])}"
            f"{' and more' if len(missing) > 5 else ''}.",
            missing,
        )
    waiting = session.scalars(
        select(Question.criterion_code).where(
            Question.assessment_id == assessment.id, Question.replied_at.is_(None), Question.withdrawn_at.is_(None)
        )
    ).all()
    if waiting:
        raise Incomplete(
            f"The provider has not replied yet on {', '.join(waiting)}. Wait for the reply, or take the question back.",
            tuple(waiting),
        )
    given = as_scores(
        {score.criterion_code: score for score in scores}
    )  # all of them, as the case's outcome takes them
    return pack(framework_of(assessment.application.edition), {**given, **passports})
