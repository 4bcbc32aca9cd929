"""What every page of an assessor reads: the own assessment, its scores, the claims, the questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, require
from app.domain.applicability import Asked
from app.domain.confidence import Confidence
from app.domain.errors import NotFound
from app.domain.framework import Criterion, Fact, FactKind, Framework
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.scoring import NotApplicable, NotRated, Scored
from app.domain.scoring import Score as GivenScore
from app.extensions import db
from app.models import Answer, Application, Assessment, FrameworkEdition, Question, Score
from app.queries.frameworks import asked_under, framework_of
from app.queries.subjects import subject_of


def asked_of(application: Application) -> tuple[Asked, ...]:
    """Every criterion of the application's edition, asked of its provider or not."""
    return asked_under(framework_of(application.edition), application.facts, application.target)


def own_assessment(assessment_id: int, actor: Actor) -> Assessment:
    assessment = db.session.get(
        Assessment,
        assessment_id,
        options=[
            joinedload(Assessment.application).joinedload(Application.organisation),
            joinedload(Assessment.application).joinedload(Application.edition).joinedload(FrameworkEdition.scheme),
        ],
    )
    if assessment is None or assessment.assessor_id != actor.user_id or assessment.status is AssessmentStatus.REMOVED:
        raise NotFound("There is no such page, or it is not open to you.")
    return assessment


def status_of(assessment_id: int, actor: Actor) -> AssessmentStatus:
    """Where the actor's own assessment stands. Raises NotFound."""
    return own_assessment(assessment_id, actor).status


def readable_assessment(assessment_id: int, actor: Actor) -> Assessment:
    assessment = own_assessment(assessment_id, actor)
    require(actor, Action.ASSESS, subject_of(db.session(), assessment.application))
    return assessment


def editable(assessment: Assessment) -> bool:
    assessing = assessment.application.status is ApplicationStatus.IN_ASSESSMENT
    return assessment.status is AssessmentStatus.OPEN and assessing


@dataclass(frozen=True, slots=True)
class Given:
    """An answer or a score as it is stored."""

    criterion_code: str
    point: int | None
    not_applicable: bool
    reason: str
    version: int
    updated_at: datetime
    not_rated: bool = False  # only of scores: a provider answers, or leaves open
    confidence: Confidence | None = None  # only of scores


def _given(kind: type[Answer] | type[Score]) -> Select[*tuple[Any, ...]]:
    columns = (kind.criterion_code, kind.point, kind.not_applicable, kind.reason, kind.version, kind.updated_at)
    return select(*columns, Score.not_rated, Score.confidence) if kind is Score else select(*columns)


def scores_of(assessment_id: int) -> dict[str, Given]:
    found = db.session.execute(_given(Score).where(Score.assessment_id == assessment_id))
    return {row.criterion_code: Given(*row) for row in found}


def answers_of(application_id: int) -> dict[str, Given]:
    found = db.session.execute(_given(Answer).where(Answer.application_id == application_id))
    return {row.criterion_code: Given(*row) for row in found}


def answer_on(application_id: int, code: str) -> Given | None:
    """The answer on one criterion; None where there is none."""
    here = (Answer.application_id == application_id, Answer.criterion_code == code)
    found = db.session.execute(_given(Answer).where(*here)).first()
    return Given(*found) if found else None


def questions_of(assessment_id: int) -> Sequence[Question]:
    return db.session.scalars(
        select(Question)
        .where(Question.assessment_id == assessment_id, Question.withdrawn_at.is_(None))
        .order_by(Question.id)
    ).all()


def as_given(rows: Mapping[str, Given]) -> dict[str, GivenScore]:
    """Scores or answers as the rules take them; those without a point are left out."""
    given: dict[str, GivenScore] = {}
    for code, row in rows.items():
        if row.not_applicable:
            given[code] = NotApplicable(row.reason)
        elif row.not_rated:
            given[code] = NotRated(row.reason)
        elif row.point is not None:
            given[code] = Scored(row.point)
    return given


def label_of(criterion: Criterion, row: Given | None) -> str | None:
    """An answer or a score in words, such as "2 In place"; None where there is none."""
    if row is None:
        return None
    if row.not_applicable:
        return "Not applicable"
    if row.not_rated:
        return "Not rated"
    return None if row.point is None else criterion.scale.shown(row.point)


def facts_in_words(framework: Framework, facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The provider's facts under the titles that the framework gives them."""
    return tuple(
        (str(fact.title), _in_words(fact, facts[code]))
        for code, fact in framework.facts.items()
        if fact.list is None and facts.get(code) not in (None, "")
    )


def _in_words(fact: Fact, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if fact.kind is FactKind.MONEY:
        return f"£{value:,}"
    titles = {code: str(title) for code, title in fact.choices}
    if isinstance(value, list):
        return ", ".join(titles.get(code, str(code)) for code in value)
    return f"{value:,}" if isinstance(value, int) else titles.get(value, str(value))
