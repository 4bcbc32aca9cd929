"""Earlier words of an answer: brought back as a new version, or put on record where somebody gave theirs up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.errors import NotFound
from app.domain.self_assessment import Claim, check_claim
from app.models import Answer, Application, AuditRow
from app.queries.self_assessments import own_subject
from app.queries.sittings import whole_details
from app.services.answers import (
    ChangedMeanwhile,
    as_data,
    asked_criteria,
    asked_criterion,
    claim_of,
    editable_application,
    record_change,
    refuse_parts,
    write_claim,
)
from app.services.transactions import locked, transaction

SIDES = ("after", "before")


def restore_answer(
    application_id: int, code: str, row_id: int, side: str, version: int, *, actor: Actor, now: datetime
) -> None:
    """Bring back what an answer said after a change, or before it, as a new version: what stands now stays in its history.

    `row_id` names the audit row of the change, `version` the answer that the person saw. Bringing back what stands there
    changes nothing. Raises NotFound, NotAllowed, Invalid, ChangedMeanwhile, and Conflict once the application can no
    longer be changed.
    """
    with transaction() as session:
        require(actor, Action.ANSWER, own_subject(locked(session, Application, application_id)))
        answer = _answer(session, application_id, code)
        claim = _said(session, answer, row_id, side)
        application = editable_application(session, application_id, Action.ANSWER, actor)
        criterion = asked_criterion(asked_criteria(application), code)
        refuse_parts(session, application, criterion)
        check_claim(criterion, claim)
        before = claim_of(answer)
        if before == claim:
            return
        if version != answer.version:
            raise ChangedMeanwhile("A colleague changed this answer while you looked. Look at what is there now.")
        write_claim(session, answer, claim, actor, now)
        record_change(
            session,
            "answer.restored",
            application,
            answer,
            actor,
            now,
            before=as_data(before),
            after=as_data(claim),
            restored=row_id,
        )


def set_aside(application_id: int, code: str, claim: Claim, *, actor: Actor, now: datetime) -> None:
    """Put on record what somebody wrote and then gave up for a colleague's words, so that it can be brought back.

    What stands in the answer anyway, and nothing, are not recorded. Raises NotFound, NotAllowed, Invalid.
    """
    with transaction() as session:
        application = locked(session, Application, application_id)
        require(actor, Action.ANSWER, own_subject(application))
        check_claim(asked_criterion(asked_criteria(application), code), claim)
        answer = _answer(session, application_id, code)
        if claim.reason.strip() and claim.reason != answer.reason:
            record_change(session, "answer.set-aside", application, answer, actor, now, after=as_data(claim))


def _answer(session: Session, application_id: int, code: str) -> Answer:
    found = session.scalars(
        select(Answer).where(Answer.application_id == application_id, Answer.criterion_code == code)
    ).first()
    if found is None:
        raise NotFound("Nothing has been answered here yet.")
    return found


def _said(session: Session, answer: Answer, row_id: int, side: str) -> Claim:
    """What the answer said on one side of a change. Raises NotFound where the change is not one of this answer."""
    row = session.get(AuditRow, row_id)
    if row is None or (row.subject, row.subject_id) != (Answer.__tablename__, answer.id) or side not in SIDES:
        raise NotFound("There is no such page, or it is not open to you.")
    data: dict[str, Any] | None = whole_details(session, [row])[row.id].get(side)
    if data is None:
        raise NotFound("There were no words there.")
    return Claim(data["point"], data["not_applicable"], data["reason"])
