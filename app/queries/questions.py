"""An assessor's questions as the provider sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.access import Action, Actor, require
from app.domain.errors import NotFound
from app.domain.lifecycle import EDITABLE, ENDED
from app.extensions import db
from app.models import Application, Question, User
from app.queries.answers import offered
from app.queries.frameworks import framework_of
from app.queries.self_assessments import AttachedRow, attached_to, own_application, own_subject

MOST_QUESTIONS = 500


@dataclass(frozen=True)
class AskedRow:
    """One question on one criterion. `open` tells whether a reply is waited for; `late` compares its date with today."""

    question_id: int
    code: str
    heading: str
    text: str
    asked_at: datetime
    due_on: date | None
    open: bool
    late: bool
    reply: str
    replied_at: datetime | None
    replied_by: str
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class QuestionsPage:
    """Every question on one application, open ones first."""

    application_id: int
    organisation_id: int
    organisation: str
    framework: str
    rows: tuple[AskedRow, ...]


def questions_page(application_id: int, actor: Actor, today: date) -> QuestionsPage:
    """The questions on one application. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    rows = [
        _row(application, question, name, today)
        for question, name in db.session.execute(
            select(Question, User.name)
            .outerjoin(User, User.id == Question.replied_by_id)
            .where(Question.application_id == application.id)
            .order_by(Question.id)
            .limit(MOST_QUESTIONS)
        ).all()
    ]
    return QuestionsPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        rows=tuple(sorted(rows, key=lambda row: (not row.open, row.question_id))),
    )


def _row(application: Application, question: Question, name: str | None, today: date) -> AskedRow:
    waits = question.replied_at is None and question.withdrawn_at is None
    waits = waits and application.status not in ENDED | EDITABLE
    return AskedRow(
        question_id=question.id,
        code=question.criterion_code,
        heading=str(framework_of(application.edition).criterion(question.criterion_code).heading),
        text=question.text,
        asked_at=question.asked_at,
        due_on=question.due_on,
        open=waits,
        late=waits and question.due_on is not None and question.due_on < today,
        reply=question.reply,
        replied_at=question.replied_at,
        replied_by=name or "",
        withdrawn_at=question.withdrawn_at,
    )


@dataclass(frozen=True)
class ReplyPage:
    """One question with what its criterion asks, what the provider said, and the evidence there is."""

    application_id: int
    organisation_id: int
    organisation: str
    question: AskedRow
    text: str
    evidence: tuple[AttachedRow, ...]
    library: tuple[tuple[int, str], ...]


def reply_page(application_id: int, question_id: int, actor: Actor, today: date) -> ReplyPage:
    """The page on which a question is replied to. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    require(actor, Action.ANSWER_QUESTION, own_subject(application))
    question = db.session.get(Question, question_id)
    if question is None or question.application_id != application.id:
        raise NotFound("There is no such question.")
    name = db.session.scalar(select(User.name).where(User.id == question.replied_by_id))
    evidence = attached_to(db.session(), application.id, question.criterion_code).get(question.criterion_code, ())
    return ReplyPage(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        question=_row(application, question, name, today),
        text=str(framework_of(application.edition).criterion(question.criterion_code).text),
        evidence=evidence,
        library=offered(application.organisation_id, {row.item_id for row in evidence}),
    )
