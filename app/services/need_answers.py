"""What approved providers answer to a need: interest with capacity, changed or taken back until the last day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, NotFound
from app.domain.lifecycle import CURRENT, status_on
from app.domain.needs import Answered, NeedStatus, check_answer
from app.domain.topics import Topic
from app.models import Need, NeedAnswer, RegisterEntry
from app.services.owning import people_behind
from app.services.telling import tell
from app.services.transactions import locked, record, transaction

NOT_APPROVED = (
    "Only providers with an award in force can answer. Everybody can read this need and follow needs in a feed reader."
)


def answer_need(
    need_id: int, organisation_id: int, answer: Answered, *, version: int, actor: Actor, now: datetime, today: date
) -> None:
    """Say that the organisation is interested, or say it anew. `version` is that of the answer as its page showed it, 0 for none.

    Raises NotFound, NotAllowed, Invalid (`people`, `from_on`, `words`), Conflict where a colleague answered meanwhile, the
    need takes no more answers, or the organisation is not approved.
    """
    require(actor, Action.ANSWER_NEED, Subject(organisation_id=organisation_id))
    check_answer(answer, today)
    with transaction() as session:
        need = _open(session, need_id, today)
        entry = _approved(session, organisation_id, today)
        found = _answer(session, need_id, organisation_id)
        if (found.version if found else 0) != version:
            raise Conflict("A colleague answered meanwhile. What you typed is below and is not saved.")
        first = found is None or found.taken_back_at is not None
        if found is None:
            found = NeedAnswer(need_id=need_id, organisation_id=organisation_id, answered_at=now, version=0)
            session.add(found)
        assert answer.people is not None and answer.from_on is not None  # check_answer saw to it
        found.people, found.from_on, found.words = answer.people, answer.from_on, answer.words.strip()
        found.entry_id, found.by_id, found.taken_back_at = entry.id, actor.user_id or 0, None
        found.changed_at, found.version = now, found.version + 1
        action = "need.answered" if first else "need.answer-changed"
        record(session, actor, action, found, now, organisation_id=organisation_id, need=need_id, people=answer.people)
        if first:
            _tell_owner(session, need, entry, answer, now)


def take_back(need_id: int, organisation_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """The organisation is no longer interested. Raises NotFound, NotAllowed, Conflict after the last day."""
    require(actor, Action.ANSWER_NEED, Subject(organisation_id=organisation_id))
    with transaction() as session:
        _open(session, need_id, today)
        found = _answer(session, need_id, organisation_id)
        if found is None or found.taken_back_at is not None:
            raise NotFound("There is no answer to take back.")
        found.taken_back_at, found.version = now, found.version + 1
        record(session, actor, "need.answer-taken-back", found, now, organisation_id=organisation_id, need=need_id)


def _open(session: Session, need_id: int, today: date) -> Need:
    need = locked(session, Need, need_id)
    if need.status in (NeedStatus.DRAFT, NeedStatus.HIDDEN):
        raise NotFound("There is no such page, or it is not open to you.")
    if need.status is not NeedStatus.PUBLISHED or need.answer_by is None or need.answer_by < today:
        raise Conflict("This need takes no more answers. What was said stays on its page.")
    return need


def _approved(session: Session, organisation_id: int, today: date) -> RegisterEntry:
    entries = session.scalars(
        select(RegisterEntry).where(RegisterEntry.organisation_id == organisation_id).order_by(RegisterEntry.id)
    )
    for entry in entries:
        if status_on(entry.status, entry.expires_on, today) in CURRENT:
            return entry
    raise Conflict(NOT_APPROVED)


def _answer(session: Session, need_id: int, organisation_id: int) -> NeedAnswer | None:
    return session.scalars(
        select(NeedAnswer).where(NeedAnswer.need_id == need_id, NeedAnswer.organisation_id == organisation_id)
    ).first()


def _tell_owner(session: Session, need: Need, entry: RegisterEntry, answer: Answered, now: datetime) -> None:
    tell(
        session,
        people_behind(session, need),
        "need_answered",
        now,
        topic=Topic.NEEDS,
        provider=entry.name,
        title=need.title,
        room=answer.people,
        from_on=answer.from_on,
        words=answer.words.strip(),
        path=f"/needs/{need.id}",
    )
