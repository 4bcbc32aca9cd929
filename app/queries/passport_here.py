"""What certificates of other bodies do on one criterion of an application, as its provider reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.framework import Criterion
from app.queries.passports import Answered
from app.queries.self_assessments import SelfAssessment


@dataclass(frozen=True)
class PassportHere:
    """One certificate on one criterion. `state` is answered, own (it would, but the provider answers), waiting or fallen.

    `worth` is the point that it counts as, in words; `fell` why it does not count any more.
    """

    state: str
    by: str = ""
    until: date | None = None
    worth: str = ""
    number: str = ""
    passport_id: int | None = None
    fell: str = ""


def passport_here(work: SelfAssessment, criterion: Criterion) -> PassportHere | None:
    """What a certificate does on one criterion; None where none does anything."""
    here = work.passports
    for state, found in (("answered", here.answered), ("own", here.own), ("waiting", here.waiting)):
        if criterion.code in found:
            return _in_words(state, criterion, found[criterion.code])
    fell = here.fallen.get(criterion.code)
    return PassportHere("fallen", fell=fell) if fell else None


def _in_words(state: str, criterion: Criterion, answered: Answered) -> PassportHere:
    score = answered.score
    return PassportHere(
        state=state,
        by=score.by,
        until=score.until,
        worth=criterion.scale.shown(criterion.scale.best if score.point is None else score.point),
        number=answered.holding.number,
        passport_id=answered.holding.passport_id,
    )
