"""Reminding a provider's people of an assessor's questions, before and after the last day for a reply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import NOBODY
from app.domain.asking import REMINDED, reminder_due
from app.domain.lifecycle import EDITABLE, ENDED
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, Question, QuestionNotice
from app.services.telling import people_of, tell
from app.services.transactions import record_application, transaction

MOST = 2_000
FORGOTTEN = timedelta(days=60)
"""What has been due for longer than this is no news to anybody."""


def remind_of_questions(now: datetime) -> int:
    """Remind each application's people of what waits for their reply. Returns how many questions were named.

    Each is named once at each of REMINDED, in one message for an application; what was missed is made up for by the latest.
    A later date begins anew. Running it twice on a day tells nothing twice.
    """
    today = uk_day(now)
    count = 0
    for application_id in _applications(today):
        with transaction() as session:
            count += _remind(session, application_id, now, today)
    return count


def _applications(today: date) -> list[int]:
    with transaction() as session:
        found = session.scalars(
            select(Question.application_id)
            .join(Application, Application.id == Question.application_id)
            .where(*_waits(today))
            .distinct()
            .order_by(Question.application_id)
            .limit(MOST)
        )
        return list(found)


def _waits(today: date) -> tuple:  # type: ignore[type-arg]  # conditions of SQLAlchemy, of which there are many kinds
    return (
        Question.replied_at.is_(None),
        Question.withdrawn_at.is_(None),
        Question.due_on.between(today - FORGOTTEN, today + timedelta(days=max(REMINDED))),
        Application.status.not_in(ENDED | EDITABLE),
    )


def _remind(session: Session, application_id: int, now: datetime, today: date) -> int:
    application = session.get_one(Application, application_id)
    questions = session.scalars(
        select(Question)
        .join(Application, Application.id == Question.application_id)
        .where(Question.application_id == application_id, *_waits(today))
        .order_by(Question.id)
        .limit(MOST)
    ).all()
    told = _told(session, [question.id for question in questions])
    due: list[Question] = []
    for question in questions:
        last = question.due_on or today
        step = reminder_due(last, uk_day(question.asked_at), today, told.get((question.id, last), frozenset()))
        if step is not None:
            session.add(QuestionNotice(question_id=question.id, due_on=last, days_left=step, told_at=now))
            due.append(question)
    if due:
        _tell(session, application, due, now, today)
    return len(due)


def _told(session: Session, ids: list[int]) -> Mapping[tuple[int, date], frozenset[int]]:
    found: dict[tuple[int, date], set[int]] = defaultdict(set)
    rows = session.execute(
        select(QuestionNotice.question_id, QuestionNotice.due_on, QuestionNotice.days_left).where(
            QuestionNotice.question_id.in_(ids)
        )
    )
    for question_id, due_on, days_left in rows:
        found[question_id, due_on].add(days_left)
    return {key: frozenset(days) for key, days in found.items()}


def _tell(session: Session, application: Application, due: list[Question], now: datetime, today: date) -> None:
    first = min(question.due_on or today for question in due)
    codes = sorted({question.criterion_code for question in due})
    tell(
        session,
        people_of(session, application.organisation_id),
        "question_reminder",
        now,
        topic=Topic.REQUESTS,
        provider=application.organisation.name,
        framework=f"{application.edition.title} {application.edition.edition}",
        application_id=application.id,
        codes=codes,
        due_on=first,
        late=first < today,
    )
    record_application(session, NOBODY, "question.reminded", application, now, criteria=codes)
