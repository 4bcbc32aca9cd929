"""Telling people with an account what happened, each in the way they chose: at once, with the day's e-mail, or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.topics import Language, Topic, Way
from app.models import Membership, Notice, SchemePost, User
from app.queries.wishes import wishes_of
from app.services.letters import Written, written
from app.services.transactions import queue_written

MOST_TOLD = 50
PLACES = ("provider", "organisation", "place")  # the values of a message that name the organisation it is about
LONGEST_PLACE = 200


def tell(
    session: Session, people: Iterable[User], template: str, now: datetime, *, topic: Topic, **values: Any
) -> None:
    """Owe each of `people` the message `templates/email/<template>.txt`, which may also use their `name`.

    It is queued at once or kept for their day's e-mail, as they chose for `topic`, in their language. The value
    `provider`, `organisation` or `place` names the organisation under which the day's e-mail lists it.
    """
    _tell(session, people, template, now, topic, None, values)


def tell_rather(
    session: Session, people: Iterable[User], template: str, now: datetime, *, topic: Topic, rather: Way, **values: Any
) -> None:
    """The same in the way that was chosen for this one thing. It turns on nothing that somebody turned off."""
    _tell(session, people, template, now, topic, rather, values)


def _tell(
    session: Session,
    people: Iterable[User],
    template: str,
    now: datetime,
    topic: Topic,
    rather: Way | None,
    values: dict[str, Any],
) -> None:
    told = list(dict.fromkeys(people))
    wishes = wishes_of(session, [person.id for person in told])
    for person in told:
        wish = wishes[person.id]
        way = wish.way_for(topic, rather)
        if way is Way.NEVER:
            continue
        words = written(template, wish.language, **{"name": person.name, **values})
        if way is Way.DAILY:
            session.add(_notice(person, template, words, topic, _place(values), now))
        else:
            _queue(session, person, words, topic, wish.language, now)


def invite(
    session: Session,
    people: Iterable[User],
    template: str,
    now: datetime,
    *,
    topic: Topic,
    calendar: Callable[[User], str],
    **values: Any,
) -> None:
    """The same with an invitation (iCalendar) beside it. It comes at once: calendars take it from its own message."""
    told = list(dict.fromkeys(people))
    wishes = wishes_of(session, [person.id for person in told])
    for person in told:
        language = wishes[person.id].language
        words = written(template, language, **{"name": person.name, **values})
        _queue(session, person, words, topic, language, now, calendar(person))


def _queue(
    session: Session,
    person: User,
    words: Written,
    topic: Topic,
    language: Language,
    now: datetime,
    calendar: str = "",
) -> None:
    to: dict[str, Any] = {"language": language, "user_id": person.id, "topic": topic.value, "calendar": calendar}
    queue_written(session, person.email, words, now, **to)


def _notice(person: User, template: str, words: Written, topic: Topic, place: str, now: datetime) -> Notice:
    return Notice(
        user_id=person.id,
        topic=topic,
        template=template,
        place=place,
        subject=words.subject,
        text=words.text,
        at=now,
    )


def _place(values: dict[str, Any]) -> str:
    return next((str(values[key])[:LONGEST_PLACE] for key in PLACES if isinstance(values.get(key), str)), "")


def people_of(session: Session, organisation_id: int, role: Role | None = None) -> list[User]:
    """Those who work for an organisation here, all or only those with `role`, by id; at most 50."""
    members = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, User.closed_at.is_(None))
        .order_by(User.id)
        .limit(MOST_TOLD)
    )
    return list(session.scalars(members.where(Membership.role == role) if role else members))


def officers_of(session: Session, scheme_id: int, role: Role = Role.MANAGER) -> list[User]:
    """Those who hold `role` in a scheme, by id; at most 50."""
    return list(
        session.scalars(
            select(User)
            .join(SchemePost, SchemePost.user_id == User.id)
            .where(SchemePost.scheme_id == scheme_id, SchemePost.role == role, User.closed_at.is_(None))
            .order_by(User.id)
            .limit(MOST_TOLD)
        )
    )


def by_id(session: Session, ids: Sequence[int]) -> list[User]:
    """The people with these ids whose accounts are open, by id."""
    return list(session.scalars(select(User).where(User.id.in_(ids), User.closed_at.is_(None)).order_by(User.id)))
