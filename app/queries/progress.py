"""How far self-assessments are, counted for several at once and without reading what is attached."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.passports import named
from app.domain.self_assessment import NO_CLAIM, Claim, Progress
from app.models import Answer, Application
from app.queries.frameworks import asked_under, framework_of
from app.queries.passports import held_by
from app.queries.self_assessments import facts_for

ENOUGH = 200
"""Of each reason only its beginning is read: that there is one is all that counts."""


@dataclass(frozen=True, slots=True)
class HowFar:
    """`done` of `total` criteria are answered; `again` of those that were carried over must be looked at again."""

    done: int
    total: int
    again: int


def how_far(session: Session, applications: Sequence[Application], today: date) -> dict[int, HowFar]:
    """How far each of these is, by id. Two statements at most, whatever their number and size; none for none.

    What a passport answers today is done.
    """
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
    passported = _passported(session, applications, today)
    return {each.id: _of(each, claims.get(each.id, {}), passported.get(each.id, frozenset())) for each in applications}


def _passported(session: Session, applications: Sequence[Application], today: date) -> dict[int, Set[str]]:
    """The criteria that passports answer. One statement, none where no framework names any."""
    naming = {each.id: framework for each in applications if named(framework := framework_of(each.edition))}
    held = held_by(session, [each for each in applications if each.id in naming], today) if naming else {}
    return {key: each.answering(naming[key], today).keys() - each.own for key, each in held.items()}


def _of(application: Application, claims: dict[str, tuple[Claim, bool]], passported: Set[str]) -> HowFar:
    framework = framework_of(application.edition)
    asked = [each for each in asked_under(framework, facts_for(application), application.target) if each.applies]
    codes = [code for each in asked if (code := each.criterion.code) not in passported]
    found = [claims.get(code, (NO_CLAIM, False)) for code in codes]
    return HowFar(
        done=len(asked) - len(codes) + sum(claim.progress is Progress.DONE for claim, _ in found),
        total=len(asked),
        again=sum(again for _, again in found),
    )
