"""What a provider does with an assessor's question: reply, with more evidence where it helps."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.storage import Storage
from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, Invalid
from app.domain.evidence import checked
from app.domain.lifecycle import EDITABLE, ENDED
from app.domain.self_assessment import LONGEST_REASON
from app.domain.topics import Topic
from app.models import Application, Assessment, EvidenceItem, Question, QuestionEvidence, User
from app.queries.self_assessments import own_subject
from app.services.evidence import Behind, NewEvidence, newest_version_id, put_behind
from app.services.evidence_items import make_item, own_item
from app.services.telling import tell
from app.services.transactions import locked, record, transaction
from app.services.uploads import keep_upload


def reply_to_question(
    question_id: int,
    text: str,
    *,
    storage: Storage,
    actor: Actor,
    now: datetime,
    today: date,
    item_ids: tuple[int, ...] = (),
    new: NewEvidence | None = None,
    also: tuple[int, ...] = (),
) -> None:
    """Reply to an assessor, and stand evidence behind the criterion in the versions that there are now.

    `item_ids` are pieces of the library, `new` is one that is added to it first. `also` are other questions of the same
    request that this reply answers too; those that wait no more are left alone. The same reply sent twice changes nothing. Raises NotFound, NotAllowed, Invalid, AlreadyInLibrary, StorageFull, Conflict where it was answered or
    taken back.
    """
    _check(text)
    subject = _organisation_of(question_id, actor)
    contents = (
        checked(new.kind, new.called, new.contents, has_file=new.upload is not None, today=today) if new else None
    )
    kept = keep_upload(new.upload, storage) if new else None
    with transaction() as session:
        question = locked(session, Question, question_id)
        application = session.get_one(Application, question.application_id)
        if question.reply == text.strip() and question.replied_at is not None:
            return
        _check_open(question, application)
        items = [own_item(session, item_id, actor) for item_id in dict.fromkeys(item_ids)]
        if new is not None and contents is not None:
            items.append(make_item(session, subject, new.kind, new.called, contents, kept, actor, now))
            session.flush()
        for each in [question, *_others(session, question, also)]:
            _answer(session, each, application, text, items, actor, now)
        _tell_assessor(session, question, application, now)


def _others(session: Session, question: Question, also: tuple[int, ...]) -> list[Question]:
    """Those of the same request that still wait."""
    if question.request_id is None or not also:
        return []
    found = session.scalars(
        select(Question)
        .where(
            Question.id.in_(also),
            Question.id != question.id,
            Question.request_id == question.request_id,
            Question.replied_at.is_(None),
            Question.withdrawn_at.is_(None),
        )
        .order_by(Question.id)
    )
    return list(found)


def _answer(
    session: Session,
    question: Question,
    application: Application,
    text: str,
    items: list[EvidenceItem],
    actor: Actor,
    now: datetime,
) -> None:
    """Keep the reply on one criterion, and which version of each piece came with it."""
    for item in items:
        pinned = newest_version_id(session, item.id)
        behind = Behind(application.id, question.criterion_code)
        put_behind(session, application, item, behind, actor, now, version_id=pinned)
        session.add(QuestionEvidence(question_id=question.id, version_id=pinned))
    question.reply, question.replied_at, question.replied_by_id = text.strip(), now, actor.user_id
    _record(session, actor, question, application, [item.id for item in items], now)


def _check(text: str) -> None:
    if not text.strip():
        raise Invalid({"reply": "Write your reply."})
    if len(text) > LONGEST_REASON:
        raise Invalid(
            {"reply": f"A reply may have at most {LONGEST_REASON:,} characters. Attach a longer one as a file."}
        )


def _organisation_of(question_id: int, actor: Actor) -> int:
    """The id of the organisation asked. Raises NotFound, NotAllowed: before a file is read or kept."""
    with transaction() as session:
        question = locked(session, Question, question_id)
        application = session.get_one(Application, question.application_id)
        require(actor, Action.ANSWER_QUESTION, own_subject(application))
        return application.organisation_id


def _check_open(question: Question, application: Application) -> None:
    if question.withdrawn_at is not None:
        raise Conflict("The assessor has taken this question back. Nothing needs to be sent.")
    if question.replied_at is not None:
        raise Conflict("A colleague has already replied to this question. Your words are still in the form.")
    if application.status in ENDED | EDITABLE:
        raise Conflict("This application is not being assessed now, so the question needs no reply.")


def _record(
    session: Session, actor: Actor, question: Question, application: Application, items: list[int], now: datetime
) -> None:
    record(
        session,
        actor,
        "question.replied",
        question,
        now,
        organisation_id=application.organisation_id,
        scheme_id=application.scheme_id,
        application_id=application.id,
        criterion=question.criterion_code,
        items=items,
    )


def _tell_assessor(session: Session, question: Question, application: Application, now: datetime) -> None:
    assessment = session.get_one(Assessment, question.assessment_id)
    assessor = session.get_one(User, assessment.assessor_id)
    tell(
        session,
        [assessor],
        "question_replied",
        now,
        topic=Topic.CASES,
        provider=application.organisation.name,
        criterion=question.criterion_code,
        assessment_id=assessment.id,
    )
