"""What the scores of a case give, and which levels can be granted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.framework import Criterion, Framework, Level
from app.domain.lifecycle import AssessmentStatus
from app.domain.scoring import NotApplicable, NotRated, Outcome, Scored, outcome_so_far
from app.domain.scoring import Score as GivenScore
from app.models import Application, Assessment, Score
from app.queries.frameworks import framework_of
from app.queries.passport_uses import Used, standing_scores, used_in


def handed_in(session: Session, application_id: int) -> list[Assessment]:
    """The assessments handed in on a case, the latest last, with their assessors."""
    return list(
        session.scalars(
            select(Assessment)
            .where(Assessment.application_id == application_id, Assessment.status == AssessmentStatus.HANDED_IN)
            .options(joinedload(Assessment.assessor))
            .order_by(Assessment.handed_in_at, Assessment.id)
        )
    )


def case_outcome(session: Session, application: Application, today: date) -> Outcome | None:
    """What the scores of the assessment handed in last give, under the pinned edition and the facts at submission.

    Passports count while they stand; of a decided case, those that stood then. None while nobody has handed in. Four
    statements at most.
    """
    done = handed_in(session, application.id)
    if not done:
        return None
    return outcome_from(application, scores_of(session, done[-1:]), used_in(session, application, today))


def outcome_from(
    application: Application, scores: Mapping[int, Mapping[str, Score]], used: Mapping[str, Used]
) -> Outcome:
    """The outcome of the first of these assessments, with what the passports of the case give today."""
    latest = next(iter(scores.values()), {})
    given = {**as_scores(latest), **standing_scores(used)}
    return outcome_so_far(framework_of(application.edition), given, application.facts, target=application.target)


def as_scores(rows: Mapping[str, Score]) -> dict[str, GivenScore]:
    """Stored scores as the rules take them."""
    given: dict[str, GivenScore] = {}
    for code, row in rows.items():
        if row.not_applicable:
            given[code] = NotApplicable(row.reason)
        elif row.not_rated:
            given[code] = NotRated(row.reason)
        elif row.point is not None:
            given[code] = Scored(row.point)
    return given


def scores_of(session: Session, assessments: list[Assessment]) -> dict[int, dict[str, Score]]:
    """Scores by assessment and criterion, in the order of `assessments`."""
    found: dict[int, dict[str, Score]] = {assessment.id: {} for assessment in assessments}
    for score in session.scalars(select(Score).where(Score.assessment_id.in_(found))):
        found[score.assessment_id][score.criterion_code] = score
    return found


def levels_open(framework: Framework, target: str | None) -> tuple[Level, ...]:
    """The levels that can be granted: up to the one applied for, since no criterion above it was asked."""
    top = framework.level(target).rank if target else len(framework.levels) - 1
    return framework.levels[: top + 1]


def level_title(framework: Framework, code: str | None) -> str:
    """The title of a level's code; empty for None."""
    return str(framework.level(code).title) if code else ""


def required_words(framework: Framework, criterion: Criterion) -> tuple[tuple[str, str], ...]:
    """(level, words of the point that it requires here), leaving out levels that require no more than the one before."""
    found: list[tuple[str, str]] = []
    for level in framework.levels:
        point = criterion.required.get(level.code)
        if point is None or point not in criterion.scale.values:
            continue
        words = criterion.scale.shown(point)
        if not found or found[-1][1] != words:
            found.append((str(level.title), words))
    return tuple(found)
