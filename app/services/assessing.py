"""What the use-cases of an assessor share: the own open assessment, held, and the audit rows about it. Not use-cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.applicability import counting
from app.domain.errors import Conflict, NotAllowed
from app.domain.framework import Criterion
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.models import Application, Assessment, Score
from app.queries.frameworks import framework_of
from app.queries.subjects import subject_of
from app.services.transactions import locked, record


def held(session: Session, assessment_id: int) -> tuple[Assessment, Application]:
    """The assessment and its application, both held, the case first as every use-case of it does. Raises NotFound.

    Two assessors who hand in at once take turns, so that the second sees the first and the case moves on.
    """
    found = session.get(Assessment, assessment_id)
    application = locked(session, Application, found.application_id if found else 0)
    return locked(session, Assessment, assessment_id), application


def check_own(assessment: Assessment, actor: Actor) -> None:
    if assessment.assessor_id != actor.user_id:
        raise NotAllowed("This is another assessor's work.")


def record_on_assessment(
    session: Session, actor: Actor, action: str, assessment: Assessment, now: datetime, **detail: object
) -> None:
    application = assessment.application
    record(
        session,
        actor,
        action,
        assessment,
        now,
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        **detail,
    )


def open_for_scoring(session: Session, assessment_id: int, actor: Actor) -> Assessment:
    """The actor's own open assessment, held. Raises NotFound, NotAllowed, Conflict once it is handed in."""
    assessment, application = held(session, assessment_id)
    require(actor, Action.ASSESS, subject_of(session, application))
    check_own(assessment, actor)
    if assessment.status is not AssessmentStatus.OPEN:
        raise Conflict("You have handed this assessment in, so its scores cannot change.")
    if application.status is not ApplicationStatus.IN_ASSESSMENT:
        raise Conflict("This application is no longer being assessed, so its scores cannot change.")
    return assessment


def asked_criterion(application: Application, code: str) -> Criterion:
    framework = framework_of(application.edition)
    criterion = framework.criterion(code)
    if criterion not in counting(framework, application.facts, application.target):
        raise NotAllowed(f"{code} is not asked of this provider, so it takes no score.")
    return criterion


def asked_of(application: Application) -> tuple[Criterion, ...]:
    return counting(framework_of(application.edition), application.facts, application.target)


def is_scored(score: Score, *, needs_confidence: bool = False) -> bool:
    """Whether a score is finished: a point, not applicable or not rated, a reason, and how sure where that is asked."""
    given = score.point is not None or score.not_applicable or score.not_rated
    return given and bool(score.reason) and (score.confidence is not None or not needs_confidence)
