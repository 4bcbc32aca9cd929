"""The cases that an assessor was asked to take, and what they may know before they declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, may_somewhere, require
from app.domain.errors import NotAllowed
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.extensions import db
from app.models import Application, Assessment, Question, Score
from app.queries.assessment_basics import (
    asked_of,
    own_assessment,
)
from app.queries.frameworks import framework_of
from app.queries.passport_uses import standing_counts
from app.queries.subjects import subject_of

MOST_ASSIGNMENTS = 200


@dataclass(frozen=True)
class AssignmentRow:
    """One case in an assessor's list. `late` compares the due date with today; `differs`: its scores are being settled."""

    assessment_id: int
    provider: str
    framework: str
    status: AssessmentStatus
    due_on: date | None
    late: bool
    handed_in_at: datetime | None
    scored: int
    asked: int
    replies: int
    differs: bool


def assignments(actor: Actor, today: date) -> tuple[AssignmentRow, ...]:
    """The actor's cases, open ones first, then by due date. Four statements, whatever the number."""
    _require_role(actor)
    found = (
        db.session.execute(
            select(Assessment)
            .join(Application, Application.id == Assessment.application_id)
            .where(Assessment.assessor_id == actor.user_id, Assessment.status != AssessmentStatus.REMOVED)
            .options(
                joinedload(Assessment.application).joinedload(Application.organisation),
                joinedload(Assessment.application).joinedload(Application.edition),
            )
            .order_by(Assessment.id.desc())
            .limit(MOST_ASSIGNMENTS)
        )
        .scalars()
        .all()
    )
    ids = [assessment.id for assessment in found]
    scored = _counts(
        select(Score.assessment_id, func.count())
        .where(
            Score.assessment_id.in_(ids),
            Score.point.is_not(None) | Score.not_applicable.is_(True) | Score.not_rated.is_(True),
            Score.reason != "",
        )
        .group_by(Score.assessment_id)
    )
    replies = _counts(
        select(Question.assessment_id, func.count())
        .where(Question.assessment_id.in_(ids), Question.replied_at.is_not(None))
        .group_by(Question.assessment_id)
    )
    passported = standing_counts(db.session(), [assessment.application for assessment in found], today)
    rows = [_assignment(assessment, scored, replies, passported, today) for assessment in found]
    order = [AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN, AssessmentStatus.DECLINED]
    return tuple(sorted(rows, key=lambda row: (order.index(row.status), row.due_on or date.max, row.provider)))


def _require_role(actor: Actor) -> None:
    """Raises NotAllowed to those who assess for no scheme."""
    if not may_somewhere(actor, Action.SEE_ASSESSMENTS):
        raise NotAllowed("Only assessors have assessments.")


def _counts(statement: Any) -> dict[int, int]:
    return {key: count for key, count in db.session.execute(statement).all()}


def _assignment(
    assessment: Assessment,
    scored: Mapping[int, int],
    replies: Mapping[int, int],
    passported: Mapping[int, int],
    today: date,
) -> AssignmentRow:
    application = assessment.application
    working = assessment.status in {AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN}
    return AssignmentRow(
        assessment_id=assessment.id,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        status=assessment.status,
        due_on=assessment.due_on,
        late=working and assessment.due_on is not None and assessment.due_on < today,
        handed_in_at=assessment.handed_in_at,
        scored=scored.get(assessment.id, 0),
        asked=sum(each.applies for each in asked_of(application)) - passported[application.id],
        replies=replies.get(assessment.id, 0),
        differs=(assessment.status, application.status) == (AssessmentStatus.HANDED_IN, ApplicationStatus.RECONCILING),
    )


@dataclass(frozen=True)
class DeclarationPage:
    """What an assessor may know before declaring: who is to be assessed, against what, by when."""

    assessment_id: int
    provider: str
    identifiers: tuple[str, ...]
    area_code: str
    framework: str
    bar: str
    due_on: date | None
    status: AssessmentStatus
    declared_at: datetime | None
    declaration: str


def declaration_page(assessment_id: int, actor: Actor) -> DeclarationPage:
    """The page on which interests are declared. Raises NotFound, NotAllowed."""
    assessment = own_assessment(assessment_id, actor)
    application = assessment.application
    if assessment.status is not AssessmentStatus.DECLINED:
        require(actor, Action.DECLARE_INTERESTS, subject_of(db.session(), application))
    framework = framework_of(application.edition)
    organisation = application.organisation
    numbers = [
        ("Charity", organisation.charity_number),
        ("Company", organisation.company_number),
        ("CQC", organisation.cqc_provider_id),
    ]
    return DeclarationPage(
        assessment_id=assessment.id,
        provider=organisation.name,
        identifiers=tuple(f"{name} {number}" for name, number in numbers if number),
        area_code=organisation.area_code,
        framework=f"{framework.title} {framework.edition}",
        bar=str(framework.assessment.conflict_bar),
        due_on=assessment.due_on,
        status=assessment.status,
        declared_at=assessment.declared_at,
        declaration=assessment.declaration,
    )
