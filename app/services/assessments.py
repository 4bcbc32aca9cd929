"""What an assessor does with a case: declare interests, and score with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.confidence import Confidence
from app.domain.errors import Conflict, Invalid, NotAllowed, check_length
from app.domain.framework import Criterion
from app.domain.lifecycle import ApplicationMove, ApplicationStatus, AssessmentMove
from app.domain.score_check import wrong_score
from app.domain.uk_time import uk_day
from app.models import Application, Assessment, Score
from app.queries.candidates import known_tie
from app.queries.frameworks import framework_of
from app.queries.passport_uses import standing_scores, used_in
from app.queries.subjects import subject_of
from app.services.assessing import (
    asked_criterion,
    asked_of,
    check_own,
    held,
    is_scored,
    open_for_scoring,
    record_on_assessment,
)
from app.services.standing_aside import stand_aside
from app.services.taking_over import take_over_scores
from app.services.transactions import transaction

LONGEST = 10_000


@dataclass(frozen=True)
class GivenScore:
    """What an assessor enters on a criterion: a point of its scale, not applicable or not rated, and the reason.

    `version` is that of the score which the form was made from; 0 where there was none. `confidence` says how sure they
    are; None where they did not say.
    """

    point: int | None
    not_applicable: bool
    reason: str
    version: int
    not_rated: bool = False
    confidence: Confidence | None = None


@dataclass(frozen=True)
class SavedScore:
    """What came of saving: the new version, and how many of the asked criteria are scored."""

    version: int
    saved_at: datetime
    scored: int
    asked: int


def declare_interests(
    assessment_id: int, *, conflict: bool, words: str, nature: str = "", actor: Actor, now: datetime
) -> None:
    """Declare before seeing the case. A conflict closes it for good and tells the scheme.

    `words` is what the assessor says; `nature` names the tie that is kept for later cases. Raises NotFound, NotAllowed,
    Invalid, IllegalMove.
    """
    if conflict and not words.strip():
        raise Invalid({"words": "Say what the interest is, so that the scheme can record it."})
    check_length(words, LONGEST, "words")
    with transaction() as session:
        assessment, application = held(session, assessment_id)
        require(actor, Action.DECLARE_INTERESTS, subject_of(session, application))
        check_own(assessment, actor)
        if conflict:
            stand_aside(session, assessment, application, words, actor, now, nature=nature)
        else:
            _open(session, assessment, application, words, now)
        record_on_assessment(
            session, actor, "assessment.declined" if conflict else "assessment.opened", assessment, now
        )


def _open(session: Session, assessment: Assessment, application: Application, words: str, now: datetime) -> None:
    """Open the case to an assessor who declared that nothing bars them, unless a tie of theirs is known. Raises Invalid."""
    if why := known_tie(session, application, assessment.assessor_id, uk_day(now)):
        raise Invalid(
            {"conflict": f"Our records say otherwise. {why} Declare the interest, or ask the scheme about it."}
        )
    assessment.make(AssessmentMove.DECLARE_NO_CONFLICT)
    assessment.declared_at, assessment.declaration = now, words.strip()
    take_over_scores(session, assessment, now)
    if application.status is ApplicationStatus.SUBMITTED:
        application.make(ApplicationMove.START_ASSESSMENT, now)


def record_score(
    assessment_id: int, code: str, given: GivenScore, *, actor: Actor, now: datetime, partial: bool = False
) -> SavedScore:
    """Keep a score with its reason. With `partial` (autosave) either of the two may still be missing.

    Raises NotFound, NotAllowed, Invalid, and Conflict when the score has changed since `given.version`.
    """
    with transaction() as session:
        assessment = open_for_scoring(session, assessment_id, actor)
        criterion = asked_criterion(assessment.application, code)
        passports = standing_scores(used_in(session, assessment.application, uk_day(now)))
        _refuse_answered(code, passports)
        needs_confidence = framework_of(assessment.application.edition).assessment.confidence
        _check(criterion, given, partial=partial, needs_confidence=needs_confidence)
        score = session.scalars(
            select(Score).where(Score.assessment_id == assessment.id, Score.criterion_code == code)
        ).first()
        before = _change(session, assessment, code, score, given, now)
        if before is not None:
            record_on_assessment(session, actor, "score.recorded", assessment, now, criterion=code, **before)
        return _saved(session, assessment, code, passports, now)


def _refuse_answered(code: str, passports: Mapping[str, object]) -> None:
    if code in passports:
        raise NotAllowed(f"{code} is answered by a certificate that the scheme accepted, so it takes no score.")


def _check(criterion: Criterion, given: GivenScore, *, partial: bool, needs_confidence: bool) -> None:
    errors: dict[str, str] = {}
    wrong = wrong_score(criterion.scale, given)
    if wrong:
        errors["point"] = wrong
    elif given.point is None and not given.not_applicable and not given.not_rated and not partial:
        errors["point"] = "Choose a score."
    if needs_confidence and given.confidence is None and not partial:
        errors["confidence"] = "Say how sure you are. This scheme asks it of every score."
    if not given.reason.strip() and not partial:
        errors["reason"] = "Say why, and what shows it. Every score needs a reason."
    elif len(given.reason) > LONGEST:
        errors["reason"] = f"Keep the reason under {LONGEST:,} characters. It has {len(given.reason):,}."
    if errors:
        raise Invalid(errors)


def _change(
    session: Session, assessment: Assessment, code: str, score: Score | None, given: GivenScore, now: datetime
) -> dict[str, object] | None:
    """Write the score. Returns what it was before and is now, or None if nothing changed."""
    values = {
        "point": None if given.not_applicable or given.not_rated else given.point,
        "not_applicable": given.not_applicable,
        "not_rated": given.not_rated and not given.not_applicable,
        "reason": given.reason.strip(),
        "confidence": given.confidence,
    }
    if score is None:
        session.add(Score(assessment_id=assessment.id, criterion_code=code, version=1, updated_at=now, **values))
        return {"after": values}
    before = {name: getattr(score, name) for name in values}
    if before == values:
        return None
    if score.version != given.version:
        raise Conflict("This score was changed in another window since you opened it here.")
    for name, value in values.items():
        setattr(score, name, value)
    score.version += 1
    score.updated_at = now
    changed = [name for name in values if before[name] != values[name]]
    return {"before": {name: before[name] for name in changed}, "after": {name: values[name] for name in changed}}


def _saved(
    session: Session, assessment: Assessment, code: str, passports: Mapping[str, object], now: datetime
) -> SavedScore:
    session.flush()
    scores = session.scalars(select(Score).where(Score.assessment_id == assessment.id)).all()
    asked = {criterion.code for criterion in asked_of(assessment.application)}.difference(passports)
    sure = framework_of(assessment.application.edition).assessment.confidence
    done = [score for score in scores if score.criterion_code in asked and is_scored(score, needs_confidence=sure)]
    version = next(score.version for score in scores if score.criterion_code == code)
    return SavedScore(version, now, len(done), len(asked))
