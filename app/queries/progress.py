"""How far self-assessments are, counted for several at once and without reading what is attached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.self_assessment import NO_CLAIM, Claim, Progress
from app.models import Answer, Application
from app.queries.frameworks import asked_under, framework_of
from app.queries.self_assessments import facts_for

ENOUGH = 200
"""Of each reason only its beginning is read: that there is one is all that counts."""


@dataclass(frozen=True, slots=True)
class HowFar:
    """`done` of `total` criteria are answered; `again` of those that were carried over must be looked at again."""

    done: int
    total: int
    again: int


def how_far(session: Session, applications: Sequence[Application]) -> dict[int, HowFar]:
    """How far each of these is, by id. One statement, whatever their number and size; none for none."""
    if not applications:
        return {}
    beginning = func.substr(func.trim(Answer.reason), 1, ENOUGH)
    found = session.execute(
        select(
            Answer.application_id,
            Answer.criterion_code,
            Answer.point,
            Answer.not_applicable,
            beginning,
            Answer.review != "",
        ).where(Answer.application_id.in_([each.id for each in applications]))
    ).all()
    claims: dict[int, dict[str, tuple[Claim, bool]]] = {}
    for application_id, code, point, left_out, reason, again in found:
        claims.setdefault(application_id, {})[code] = Claim(point, left_out, reason), bool(again)
    return {each.id: _of(each, claims.get(each.id, {})) for each in applications}


def _of(application: Application, claims: dict[str, tuple[Claim, bool]]) -> HowFar:
    framework = framework_of(application.edition)
    asked = [each for each in asked_under(framework, facts_for(application), application.target) if each.applies]
    found = [claims.get(each.criterion.code, (NO_CLAIM, False)) for each in asked]
    return HowFar(
        done=sum(claim.progress is Progress.DONE for claim, _ in found),
        total=len(asked),
        again=sum(again for _, again in found),
    )
