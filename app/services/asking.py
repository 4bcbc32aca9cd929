"""An assessor asks the provider for more, gives more time, or takes a question back. The reply is in questions.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.asking import REPLY_WITHIN, check_due, check_extension
from app.domain.errors import Conflict, Invalid, check_length
from app.domain.topics import Topic
from app.models import Application, Assessment, ProviderRequest, Question, RequestExtension
from app.services.assessing import asked_criterion, open_for_scoring, record_on_assessment
from app.services.telling import people_of, tell
from app.services.transactions import locked, transaction

__all__ = ["REPLY_WITHIN", "ask_for_more", "extend_request", "withdraw_question"]
LONGEST = 10_000
MOST_AT_ONCE = 40


def ask_for_more(
    assessment_id: int,
    texts: Mapping[str, str],
    *,
    actor: Actor,
    now: datetime,
    today: date,
    due_on: date | None = None,
) -> int:
    """Ask the provider for more on named criteria, in one request: `texts` maps codes to questions. Returns how many.

    One message goes to each of the organisation's people; without `due_on` they have 14 days. Raises NotFound, NotAllowed,
    Conflict, Invalid.
    """
    questions = {code: text.strip() for code, text in texts.items() if text.strip()}
    _check_texts(questions)
    due_on = check_due(due_on, today)
    with transaction() as session:
        assessment = open_for_scoring(session, assessment_id, actor)
        request = ProviderRequest(assessment_id=assessment.id, asked_at=now, first_due_on=due_on)
        session.add(request)
        session.flush()
        for code, text in questions.items():
            asked_criterion(assessment.application, code)
            _one_open_question_each(session, assessment, code)
            session.add(_question(assessment, request, code, text, due_on))
        codes = sorted(questions)
        record_on_assessment(session, actor, "question.asked", assessment, now, criteria=codes, due_on=str(due_on))
        _mail_provider(
            session, assessment.application, "question_asked", now, count=len(questions), due_on=due_on, codes=codes
        )
    return len(questions)


def _check_texts(questions: Mapping[str, str]) -> None:
    if not questions:
        raise Invalid({"text": "Write what you need from the provider."})
    if len(questions) > MOST_AT_ONCE:
        raise Invalid({"codes": f"Name at most {MOST_AT_ONCE} criteria in one request."})
    for text in questions.values():
        check_length(text, LONGEST, "text")


def _question(assessment: Assessment, request: ProviderRequest, code: str, text: str, due_on: date) -> Question:
    return Question(
        assessment_id=assessment.id,
        application_id=assessment.application_id,
        request_id=request.id,
        criterion_code=code,
        text=text,
        asked_at=request.asked_at,
        due_on=due_on,
    )


def _one_open_question_each(session: Session, assessment: Assessment, code: str) -> None:
    waiting = session.scalars(
        select(Question.id).where(
            Question.assessment_id == assessment.id,
            Question.criterion_code == code,
            Question.replied_at.is_(None),
            Question.withdrawn_at.is_(None),
        )
    ).first()
    if waiting:
        raise Conflict(f"You have already asked about {code}, and the provider has not replied yet.")


def _mail_provider(session: Session, application: Application, template: str, now: datetime, **values: object) -> None:
    tell(
        session,
        people_of(session, application.organisation_id),
        template,
        now,
        topic=Topic.REQUESTS,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        application_id=application.id,
        **values,
    )


def extend_request(
    question_id: int, due_on: date | None, reason: str, *, actor: Actor, now: datetime, today: date
) -> date:
    """Give the provider more time for the request that a question belongs to: for all of it that still waits.

    Returns the new last day. Raises NotFound, NotAllowed, Conflict, Invalid (`due_on`, `reason`).
    """
    check_length(reason, LONGEST, "reason")
    with transaction() as session:
        found = session.get(Question, question_id)
        assessment = open_for_scoring(session, found.assessment_id if found else 0, actor)
        question = locked(session, Question, question_id)
        waiting = _waiting_with(session, question)
        if not waiting:
            raise Conflict("The provider has replied to all of this, so it needs no more time.")
        was = max((each.due_on for each in waiting if each.due_on), default=today)
        later = check_extension(was, due_on, reason, today)
        request_id = question.request_id or _request_for(session, question, was)
        session.add(
            RequestExtension(request_id=request_id, was_due_on=was, due_on=later, reason=reason.strip(), at=now)
        )
        for each in waiting:
            each.request_id, each.due_on = request_id, later
        codes = sorted(each.criterion_code for each in waiting)
        record_on_assessment(
            session,
            actor,
            "question.extended",
            assessment,
            now,
            criteria=codes,
            before={"due_on": str(was)},
            after={"due_on": str(later)},
            reason=reason.strip(),
        )
        _mail_provider(
            session, assessment.application, "question_extended", now, codes=codes, due_on=later, reason=reason.strip()
        )
        return later


def _waiting_with(session: Session, question: Question) -> list[Question]:
    """The questions of the same request that wait for a reply."""
    same = Question.id == question.id if question.request_id is None else Question.request_id == question.request_id
    found = session.scalars(
        select(Question)
        .where(same, Question.replied_at.is_(None), Question.withdrawn_at.is_(None))
        .order_by(Question.id)
        .limit(MOST_AT_ONCE)
    )
    return list(found)


def _request_for(session: Session, question: Question, due_on: date) -> int:
    """A request for a question that was asked before questions belonged to one."""
    request = ProviderRequest(assessment_id=question.assessment_id, asked_at=question.asked_at, first_due_on=due_on)
    session.add(request)
    session.flush()
    return request.id


def withdraw_question(question_id: int, *, actor: Actor, now: datetime) -> None:
    """Take back a question that has no reply yet. Raises NotFound, NotAllowed, Conflict."""
    with transaction() as session:
        found = session.get(Question, question_id)
        assessment = open_for_scoring(session, found.assessment_id if found else 0, actor)
        question = locked(session, Question, question_id)
        if question.replied_at is not None:
            raise Conflict("The provider has replied, so this question stays on record.")
        if question.withdrawn_at is None:
            question.withdrawn_at = now
            record_on_assessment(
                session, actor, "question.withdrawn", assessment, now, criterion=question.criterion_code
            )
