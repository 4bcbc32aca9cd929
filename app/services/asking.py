"""An assessor asks the provider for more, or takes a question back. The reply is in questions.py."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import Conflict, Invalid, check_length
from app.domain.topics import Topic
from app.models import Application, Assessment, Question
from app.services.assessing import (
    asked_criterion,
    open_for_scoring,
    record_on_assessment,
)
from app.services.telling import people_of, tell
from app.services.transactions import locked, transaction

REPLY_WITHIN = timedelta(days=14)
LONGEST = 10_000


def ask_for_more(assessment_id: int, texts: Mapping[str, str], *, actor: Actor, now: datetime, today: date) -> int:
    """Ask the provider for more on named criteria: `texts` maps codes to questions. Returns how many were asked.

    One message goes to each of the organisation's people. Raises NotFound, NotAllowed, Conflict, Invalid.
    """
    questions = {code: text.strip() for code, text in texts.items() if text.strip()}
    if not questions:
        raise Invalid({"text": "Write what you need from the provider."})
    for text in questions.values():
        check_length(text, LONGEST, "text")
    with transaction() as session:
        assessment = open_for_scoring(session, assessment_id, actor)
        for code, text in questions.items():
            asked_criterion(assessment.application, code)
            _one_open_question_each(session, assessment, code)
            session.add(
                Question(
                    assessment_id=assessment.id,
                    application_id=assessment.application_id,
                    criterion_code=code,
                    text=text,
                    asked_at=now,
                    due_on=today + REPLY_WITHIN,
                )
            )
        record_on_assessment(session, actor, "question.asked", assessment, now, criteria=sorted(questions))
        _mail_provider(
            session, assessment.application, "question_asked", now, count=len(questions), due_on=today + REPLY_WITHIN
        )
    return len(questions)


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
