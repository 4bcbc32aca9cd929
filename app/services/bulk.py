"""A whole self-assessment or score sheet in one transaction, as an import brings it. The rules are those of one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.applicability import counting
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from app.domain.framework import Criterion, NotApplicableRule
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.self_assessment import Claim, check_claim
from app.domain.uk_time import uk_day
from app.models import Answer, Application, Assessment, AttachedEvidence, EvidenceItem, Score
from app.queries.frameworks import framework_of
from app.queries.passport_uses import standing_scores, used_in
from app.queries.self_assessments import facts_for
from app.queries.subjects import subject_of
from app.services.answers import editable_application
from app.services.assessing import held
from app.services.assessments import GivenScore
from app.services.transactions import record, transaction


@dataclass(frozen=True)
class Attachment:
    """A piece of the library to stand behind a criterion; `asked_code` names what it answers, or is empty."""

    code: str
    item_id: int
    asked_code: str = ""


def record_answers(
    application_id: int,
    claims: Mapping[str, Claim],
    attachments: Sequence[Attachment] = (),
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Keep claims on criteria that have none yet, with evidence behind them.

    Raises NotFound, NotAllowed, Invalid, and Conflict where a criterion is answered already: an import never
    overwrites what somebody wrote. Then nothing is saved.
    """
    with transaction() as session:
        application = editable_application(session, application_id, Action.ANSWER, actor)
        asked = _by_code(counting(framework_of(application.edition), facts_for(application), application.target))
        _refuse_answered(session, application, claims)
        for code, claim in claims.items():
            check_claim(_asked(asked, code), claim)
        rows = [_answer(application, code, claim, actor, now) for code, claim in claims.items()]
        attached = _attached(session, application, attachments, actor, now)
        session.add_all([*rows, *attached])
        session.flush()
        for row in rows:
            _note(session, actor, "answer.recorded", row, application, now, before=None, after=_as_data(row))
        for each in attached:
            detail = {"item": each.item_id, "version": None, "shows": each.asked_code}
            _note(session, actor, "evidence.attached", each, application, now, **detail)


def _by_code(criteria: Iterable[Criterion]) -> dict[str, Criterion]:
    return {criterion.code: criterion for criterion in criteria}


def _asked(asked: Mapping[str, Criterion], code: str) -> Criterion:
    if code not in asked:
        raise NotAllowed(f"{code} is not asked of this organisation, so there is nothing to enter.")
    return asked[code]


def _refuse_answered(session: Session, application: Application, claims: Mapping[str, Claim]) -> None:
    answered = session.scalars(
        select(Answer.criterion_code)
        .where(Answer.application_id == application.id, Answer.criterion_code.in_(claims))
        .order_by(Answer.criterion_code)
    ).all()
    if answered:
        raise Conflict(f"{', '.join(answered)} is answered already. Nothing was overwritten.")


def _answer(application: Application, code: str, claim: Claim, actor: Actor, now: datetime) -> Answer:
    return Answer(
        application_id=application.id,
        criterion_code=code,
        point=claim.point,
        not_applicable=claim.not_applicable,
        reason=claim.reason,
        version=1,
        updated_at=now,
        updated_by_id=actor.user_id,
    )


def _attached(
    session: Session, application: Application, attachments: Sequence[Attachment], actor: Actor, now: datetime
) -> list[AttachedEvidence]:
    framework = framework_of(application.edition)
    own = set(
        session.scalars(
            select(EvidenceItem.id).where(
                EvidenceItem.organisation_id == application.organisation_id,
                EvidenceItem.id.in_({each.item_id for each in attachments}),
            )
        )
    )
    for each in attachments:
        if each.item_id not in own:
            raise NotFound("There is no such evidence in your library.")
        if each.asked_code and each.asked_code not in {ask.code for ask in framework.criterion(each.code).evidence}:
            raise Invalid({"asked_code": "Choose what this evidence shows, from the list."})
    return [
        AttachedEvidence(
            application_id=application.id,
            criterion_code=each.code,
            item_id=each.item_id,
            asked_code=each.asked_code,
            attached_at=now,
            attached_by_id=actor.user_id,
        )
        for each in attachments
    ]


def record_scores(assessment_id: int, scores: Mapping[str, GivenScore], *, actor: Actor, now: datetime) -> None:
    """Keep finished scores on criteria that have none yet; what a passport answers takes none and is left out.

    Raises NotFound, NotAllowed, Invalid, and Conflict where a criterion is scored already or the assessment is not open.
    Then nothing is saved.
    """
    with transaction() as session:
        assessment, application = held(session, assessment_id)
        require(actor, Action.ASSESS, subject_of(session, application))
        _check_open(session, assessment, scores, actor)
        passports = standing_scores(used_in(session, application, uk_day(now)))
        scores = {code: given for code, given in scores.items() if code not in passports}
        asked = _by_code(counting(framework_of(application.edition), application.facts, application.target))
        for code, given in scores.items():
            _check_score(_asked(asked, code), given)
        session.add_all(_score(assessment, code, given, now) for code, given in scores.items())
        session.flush()
        for code, given in scores.items():
            _note(session, actor, "score.recorded", assessment, application, now, criterion=code, after=_values(given))


def _check_open(session: Session, assessment: Assessment, scores: Mapping[str, GivenScore], actor: Actor) -> None:
    if assessment.assessor_id != actor.user_id:
        raise NotAllowed("This is another assessor's work.")
    if (
        assessment.status is not AssessmentStatus.OPEN
        or assessment.application.status is not ApplicationStatus.IN_ASSESSMENT
    ):
        raise Conflict("This assessment takes no scores now.")
    known = session.scalars(
        select(Score.criterion_code)
        .where(Score.assessment_id == assessment.id, Score.criterion_code.in_(scores))
        .order_by(Score.criterion_code)
    ).all()
    if known:
        raise Conflict(f"{', '.join(known)} is scored already. Nothing was overwritten.")


def _check_score(criterion: Criterion, given: GivenScore) -> None:
    may_leave_out = criterion.scale.not_applicable is NotApplicableRule.WITH_REASON
    if not given.reason.strip():
        raise Invalid({"reason": f"Say why {criterion.code} is scored so. Every score needs a reason."})
    if given.not_applicable != (given.point is None) or (given.not_applicable and not may_leave_out):
        raise Invalid({"point": f"Choose a score for {criterion.code}."})
    if given.point is not None and given.point not in criterion.scale.values:
        raise Invalid({"point": f"{given.point} is not on the scale of {criterion.code}."})


def _score(assessment: Assessment, code: str, given: GivenScore, now: datetime) -> Score:
    return Score(assessment_id=assessment.id, criterion_code=code, version=1, updated_at=now, **_values(given))


def _values(given: GivenScore) -> dict[str, object]:
    return {"point": given.point, "not_applicable": given.not_applicable, "reason": given.reason.strip()}


def _as_data(answer: Answer) -> dict[str, object]:
    return {"point": answer.point, "not_applicable": answer.not_applicable, "reason": answer.reason}


def _note(
    session: Session,
    actor: Actor,
    action: str,
    row: Answer | AttachedEvidence | Assessment,
    application: Application,
    now: datetime,
    **detail: object,
) -> None:
    """The same audit row as one by one."""
    if not isinstance(row, Assessment):
        detail["criterion"] = row.criterion_code
    record(
        session,
        actor,
        action,
        row,
        now,
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        **detail,
    )
