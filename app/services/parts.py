"""Answers given in parts: one part is kept, and the answer is put together again from all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.clauses import MetBy
from app.domain.errors import NotFound
from app.domain.framework import Criterion
from app.domain.lifecycle import EDITABLE
from app.domain.parts import (
    ANSWERED_ONCE_NOW,
    MEMBER,
    MEMBERS_ANSWER_NOW,
    SITE,
    SITES_ANSWER_NOW,
    Giver,
    Part,
    givers_of,
    put_together,
)
from app.domain.self_assessment import Claim, Progress, check_claim
from app.models import Answer, AnswerPart, Application
from app.queries.frameworks import framework_of
from app.queries.parts import asked_in_parts, claim_of_part, givers_at, key_of, written_parts
from app.services.answers import (
    ChangedMeanwhile,
    PartChange,
    SavedAnswer,
    asked_criteria,
    asked_criterion,
    confirm,
    editable_application,
    keep_claim,
)
from app.services.transactions import record, transaction

OF_PARTS = (ANSWERED_ONCE_NOW, MEMBERS_ANSWER_NOW, SITES_ANSWER_NOW)
NOT_THERE = "There is no such page, or it is not open to you."


def record_part(
    application_id: int, code: str, kind: str, giver_id: int, claim: Claim, version: int, *, actor: Actor, now: datetime
) -> SavedAnswer:
    """Keep what one site or member says, finished or not, and put the answer together again.

    `version` is that of the part which the form showed; 0 where there was none. In what comes back, `done` and `total`
    count parts. Raises NotFound, NotAllowed, Invalid, ChangedMeanwhile, and Conflict once nothing can be changed.
    """
    with transaction() as session:
        application = _editable(session, application_id, kind, giver_id, actor)
        criterion = asked_criterion(asked_criteria(application), code)
        check_claim(criterion, claim)
        givers, rule = _asked(session, application, criterion)
        if (kind, giver_id) not in {giver.key for giver in givers}:
            raise NotFound(NOT_THERE)
        written = written_parts(session, application.id, code)
        giver = next(each for each in givers if each.key == (kind, giver_id))
        change = PartChange(giver, claim_of_part(written.get(giver.key)), claim)
        part = _keep(session, application, code, giver.key, written, claim, version, actor, now)
        written[giver.key] = part
        answer = _put_together(session, application, criterion, givers, rule, written, actor, now, change)
        if answer.review:
            confirm(session, application, answer, actor, now)
        done = sum(claim_of_part(written.get(giver.key)).progress is Progress.DONE for giver in givers)
        return SavedAnswer(part.version, part.updated_at, done, len(givers), claim.progress)


def _editable(session: Session, application_id: int, kind: str, giver_id: int, actor: Actor) -> Application:
    """The application, held, where the actor may write this part of its answers."""
    if kind == MEMBER:
        return editable_application(session, application_id, Action.ANSWER_PART, actor, member_id=giver_id)
    return editable_application(session, application_id, Action.ANSWER, actor)


def _asked(session: Session, application: Application, criterion: Criterion) -> tuple[tuple[Giver, ...], MetBy]:
    asked = givers_of(framework_of(application.edition), criterion, givers_at(session, application.organisation_id))
    if asked is None:
        raise NotFound(NOT_THERE)
    return asked


def _keep(
    session: Session,
    application: Application,
    code: str,
    key: tuple[str, int],
    written: dict[tuple[str, int], AnswerPart],
    claim: Claim,
    version: int,
    actor: Actor,
    now: datetime,
) -> AnswerPart:
    part = written.get(key)
    if part is not None and claim_of_part(part) == claim:
        return part
    if version != (part.version if part else 0):
        raise ChangedMeanwhile("A colleague changed this part while you were writing.")
    if part is None:
        kind, giver_id = key
        part = AnswerPart(application_id=application.id, criterion_code=code, version=0)
        part.site_id, part.member_id = (giver_id, None) if kind == SITE else (None, giver_id)
        session.add(part)
    part.point, part.not_applicable, part.reason = claim.point, claim.not_applicable, claim.reason
    part.version += 1
    part.updated_at, part.updated_by_id = now, actor.user_id or 0
    session.flush()
    return part


def _put_together(
    session: Session,
    application: Application,
    criterion: Criterion,
    givers: Sequence[Giver],
    rule: MetBy,
    written: dict[tuple[str, int], AnswerPart],
    actor: Actor,
    now: datetime,
    change: PartChange | None = None,
) -> Answer:
    """Write the answer that the parts come to, with its audit row, which holds every part's words and what changed."""
    parts = [Part(giver, claim_of_part(written.get(giver.key))) for giver in givers]
    answer = session.scalars(
        select(Answer).where(Answer.application_id == application.id, Answer.criterion_code == criterion.code)
    ).first()
    claim = put_together(parts, rule, criterion)
    version = answer.version if answer else 0
    return keep_claim(session, application, criterion.code, answer, claim, version, actor, now, change)


def put_all_together(session: Session, organisation_id: int, actor: Actor, now: datetime) -> None:
    """After a site or a member came or went: every answer of an open application is put together from who is left.

    An answer that was given once and is asked in parts from now on keeps its words, and is marked to be looked at again.
    """
    applications = session.scalars(
        select(Application).where(Application.organisation_id == organisation_id, Application.status.in_(EDITABLE))
    ).all()
    givers = givers_at(session, organisation_id)
    for application in applications:
        _rework(session, application, asked_in_parts(framework_of(application.edition), givers), actor, now)


def _rework(
    session: Session,
    application: Application,
    asked: dict[str, tuple[tuple[Giver, ...], MetBy]],
    actor: Actor,
    now: datetime,
) -> None:
    framework = framework_of(application.edition)
    parts: dict[str, dict[tuple[str, int], AnswerPart]] = {}
    for row in session.scalars(select(AnswerPart).where(AnswerPart.application_id == application.id)):
        parts.setdefault(row.criterion_code, {})[key_of(row)] = row
    answers = {
        row.criterion_code: row
        for row in session.scalars(select(Answer).where(Answer.application_id == application.id))
    }
    for code in parts.keys() & answers.keys() - asked.keys():
        answers[code].review = ANSWERED_ONCE_NOW
    for code, (givers, rule) in asked.items():
        written, answer = parts.get(code, {}), answers.get(code)
        if any(giver.key in written for giver in givers):
            kept = _put_together(session, application, framework.criterion(code), givers, rule, written, actor, now)
            if kept.review in OF_PARTS:  # said when they went; it holds no more
                kept.review = ""
        elif answer is not None:
            answer.review = MEMBERS_ANSWER_NOW if givers[0].kind == MEMBER else SITES_ANSWER_NOW
    record(
        session,
        actor,
        "answers.put-together",
        application,
        now,
        organisation_id=application.organisation_id,
        application_id=application.id,
        criteria=len(asked),
    )
