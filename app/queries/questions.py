"""An assessor's questions as the provider sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from app.domain.access import Action, Actor, require
from app.domain.errors import NotFound
from app.domain.lifecycle import EDITABLE, ENDED
from app.extensions import db
from app.models import Application, Question, RequestExtension, User
from app.queries.answers import offered
from app.queries.frameworks import framework_of
from app.queries.self_assessments import AttachedRow, attached_to, own_application, own_subject

MOST_QUESTIONS = 500


@dataclass(frozen=True)
class ExtensionRow:
    """That there was more time for a reply, and why."""

    was_due_on: date
    due_on: date
    reason: str


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
    request_id: int | None = None
    extended: tuple[ExtensionRow, ...] = ()


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
    later = extensions_of([row.request_id for row in rows])
    rows = [replace(row, extended=later.get(row.request_id or 0, ())) for row in rows]
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
        request_id=question.request_id,
    )


def extensions_of(request_ids: Iterable[int | None]) -> dict[int, tuple[ExtensionRow, ...]]:
    """By request, each time its date was put off, in that order. One statement."""
    ids = {each for each in request_ids if each is not None}
    found: dict[int, tuple[ExtensionRow, ...]] = {}
    if not ids:
        return found
    rows = db.session.scalars(
        select(RequestExtension).where(RequestExtension.request_id.in_(ids)).order_by(RequestExtension.id)
    )
    for row in rows:
        before = found.get(row.request_id, ())
        found[row.request_id] = (*before, ExtensionRow(row.was_due_on, row.due_on, row.reason))
    return found


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
    together: tuple[tuple[int, str], ...]  # the others of the same request that wait, as (id, code)


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
        together=_together(question),
    )


def _together(question: Question) -> tuple[tuple[int, str], ...]:
    """Other questions of the same request that wait for a reply."""
    if question.request_id is None:
        return ()
    found = db.session.execute(
        select(Question.id, Question.criterion_code)
        .where(
            Question.request_id == question.request_id,
            Question.id != question.id,
            Question.replied_at.is_(None),
            Question.withdrawn_at.is_(None),
        )
        .order_by(Question.id)
        .limit(MOST_QUESTIONS)
    )
    return tuple((question_id, code) for question_id, code in found)
