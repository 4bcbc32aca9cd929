"""The day's e-mail: what happened and what to do next, one message for each person, in their morning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.mail_text import Finished, gist
from app.domain.to_do import ToDo, comes_up, is_late, when_words
from app.domain.topics import DAILY, DEFAULT_HOUR, EVERY_DAY, Topic
from app.domain.uk_time import UK
from app.extensions import db
from app.models import AdviserGrant, Interest, MailSetting, Membership, Notice, Organisation, SchemePost, User
from app.queries.people import actor_of
from app.queries.to_do import things_to_do
from app.queries.wishes import wishes_of
from app.services.letters import BASE_URL_MARK, written
from app.services.transactions import queue_written, transaction
from app.services.wishes import setting_of

BATCH = 50
MOST_TOLD, MOST_TO_DO, MOST_TAKEN = 40, 15, 1000
INSIDE = frozenset(
    {
        Topic.REQUESTS,
        Topic.COLLEAGUES,
        Topic.EVIDENCE,
        Topic.PLAN,
        Topic.FEEDBACK,
        Topic.SHARING,
        Topic.REGISTER,
        Topic.DECISIONS,
    }
)
"""What only an organisation's own people and helpers are told of it."""


@dataclass(frozen=True)
class Happened:
    """One thing that happened, in short. `path` begins at the product's address; empty where it leads nowhere."""

    subject: str
    said: str
    path: str


@dataclass(frozen=True)
class Group:
    """What happened at one place, on one topic. `place` is empty for what is about the person alone."""

    place: str
    topic: Topic
    things: tuple[Happened, ...]


@dataclass(frozen=True)
class Next:
    """One thing to do: by when and how far it is in words, and at which organisation for who has several."""

    what: str
    path: str
    late: bool
    when: str
    place: str


@dataclass(frozen=True)
class Digests:
    """What one call did: people looked at, and e-mails queued."""

    looked_at: int = 0
    queued: int = 0


def write_digests(now: datetime, most: int = 1_000_000) -> Digests:
    """Queue the day's e-mail for those whose hour has come, looking at `most` of them; the others' turn is the next call.

    Each person's is a transaction of its own and is made once a day, however often and by how many this runs. Where there
    is nothing new to tell, and nothing comes due, none is made.
    """
    looked_at = queued = after = 0
    while looked_at < most:
        ids = _due(after, min(BATCH, most - looked_at), now)
        queued += sum(write_digest(user_id, now) for user_id in ids)
        looked_at += len(ids)
        if not ids:
            break
        after = ids[-1]
    return Digests(looked_at, queued)


def _due(after: int, most: int, now: datetime) -> list[int]:
    """The next people, by id, for whom the day's e-mail of this day has not been looked at and whose hour has come."""
    there = now.astimezone(UK)
    hour, day, today = there.hour, str(there.isoweekday()), there.date()
    works = or_(
        User.id.in_(select(Membership.user_id)),
        User.id.in_(select(SchemePost.user_id)),
        User.id.in_(select(AdviserGrant.user_id).where(AdviserGrant.ended_at.is_(None))),
        User.id.in_(select(Notice.user_id)),
    )
    usual = MailSetting.user_id.is_(None) & (hour >= DEFAULT_HOUR) & (day in EVERY_DAY)
    own = (
        MailSetting.digest.is_(True)
        & (MailSetting.digest_hour <= hour)
        & MailSetting.digest_days.contains(day)
        & or_(MailSetting.digest_seen_on.is_(None), MailSetting.digest_seen_on < today)
        & MailSetting.bounced_at.is_(None)
    )
    found = db.session.scalars(
        select(User.id)
        .outerjoin(MailSetting, MailSetting.user_id == User.id)
        .where(User.id > after, User.closed_at.is_(None), User.email_confirmed_at.is_not(None), works, or_(usual, own))
        .order_by(User.id)
        .limit(most)
    ).all()
    db.session.rollback()
    return list(found)


def write_digest(user_id: int, now: datetime) -> bool:
    """Make one person's e-mail of the day, if it was not made yet. Whether one was queued."""
    today = now.astimezone(UK).date()
    actor = actor_of(db.session.get_one(User, user_id), today)
    things = things_to_do(actor, today)
    with transaction() as session:
        user = session.get_one(User, user_id)
        setting = setting_of(session, user_id, now)
        wishes = wishes_of(session, [user_id])[user_id]
        if not wishes.digest_due(today, now.astimezone(UK).hour, setting.digest_seen_on):
            return False
        seen_on, setting.digest_seen_on = setting.digest_seen_on, today
        waiting = _notices(session, user_id)
        notices = _still_theirs(session, waiting, actor)
        if waiting:
            session.execute(delete(Notice).where(Notice.user_id == user_id, Notice.id <= waiting[-1].id))
        pressing = [thing for thing in things if comes_up(thing, seen_on, today)]
        if not notices and not pressing:
            return False
        words = written(
            "digest",
            wishes.language,
            name=user.name,
            today=today,
            groups=_groups(notices[:MOST_TOLD]),
            more_happened=max(0, len(notices) - MOST_TOLD),
            next=_next(things[:MOST_TO_DO], _names(session, things), today),
            more_to_do=max(0, len(things) - MOST_TO_DO),
            happened=len(notices),
            pressing=len(pressing),
        )
        queue_written(session, user.email, words, now, language=wishes.language, user_id=user_id, topic=DAILY)
        return True


def _notices(session: Session, user_id: int) -> Sequence[Notice]:
    return session.scalars(select(Notice).where(Notice.user_id == user_id).order_by(Notice.id).limit(MOST_TAKEN)).all()


def _still_theirs(session: Session, notices: Sequence[Notice], actor: Actor) -> list[Notice]:
    """Without what is told inside an organisation which the person has left, or may not help any more, since it was."""
    tied = select(Interest.organisation_id).where(Interest.user_id == actor.user_id, Interest.closed_at.is_(None))
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(or_(Organisation.id.in_(tied), Organisation.id.in_(sorted(actor.formerly))))
        .limit(MOST_TAKEN)
    )
    left = {name for organisation_id, name in rows if actor.role_at(organisation_id) is None}
    return [notice for notice in notices if notice.topic not in INSIDE or notice.place not in left]


def _groups(notices: Iterable[Notice]) -> list[Group]:
    """Notices by place and topic, in the order in which these first come."""
    found: dict[tuple[str, Topic], list[Happened]] = {}
    for notice in notices:
        said, address = gist(notice.text, BASE_URL_MARK)
        happened = Happened(Finished(notice.subject), Finished(said), address.removeprefix(BASE_URL_MARK))
        found.setdefault((notice.place, notice.topic), []).append(happened)
    return [Group(place, topic, tuple(things)) for (place, topic), things in found.items()]


def _names(session: Session, things: Sequence[ToDo]) -> dict[int, str]:
    """The names of the organisations of these things, where they are more than one."""
    ids = {thing.organisation_id for thing in things if thing.organisation_id is not None}
    if len(ids) < 2:
        return {}
    return {
        key: name
        for key, name in session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    }


def _next(things: Sequence[ToDo], names: dict[int, str], today: date) -> list[Next]:
    return [
        Next(
            what=thing.what,
            path=thing.path,
            late=is_late(thing, today),
            when=when_words(thing, today),
            place=names.get(thing.organisation_id or 0, ""),
        )
        for thing in things
    ]
