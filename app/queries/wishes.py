"""How people want to hear of things, for those who write to them and for their own page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, require
from app.domain.topics import ALWAYS_AT_ONCE, Language, Topic, Way, Wishes, ways
from app.extensions import db
from app.models import MailSetting, MessagePreference, Notice, User


def wishes_of(session: Session, user_ids: Sequence[int]) -> dict[int, Wishes]:
    """What each of these people chose, the defaults for who chose nothing. Two statements; none for nobody."""
    if not user_ids:
        return {}
    chosen: dict[int, dict[Topic, Way]] = {}
    for row in session.scalars(select(MessagePreference).where(MessagePreference.user_id.in_(user_ids))):
        chosen.setdefault(row.user_id, {})[row.topic] = row.way
    settings = {
        row.user_id: row for row in session.scalars(select(MailSetting).where(MailSetting.user_id.in_(user_ids)))
    }
    return {each: _wishes(settings.get(each), chosen.get(each, {})) for each in user_ids}


def _wishes(row: MailSetting | None, chosen: dict[Topic, Way]) -> Wishes:
    if row is None:
        return Wishes(chosen=chosen)
    return Wishes(row.language, row.digest, row.digest_hour, row.digest_days, chosen)


@dataclass(frozen=True)
class TopicRow:
    """One topic on a person's page: what it may be set to, and what it is set to."""

    topic: Topic
    ways: tuple[Way, ...]
    way: Way


@dataclass(frozen=True)
class Trouble:
    """Mail to the person's address was refused for good: since when, and what the server said."""

    address: str
    since: datetime
    because: str


@dataclass(frozen=True)
class MessagesPage:
    """How one person hears of things. `waiting` counts what their next day's e-mail would tell."""

    email: str
    wishes: Wishes
    topics: tuple[TopicRow, ...]
    waiting: int
    trouble: Trouble | None


FOR_PROVIDERS = (
    Topic.REQUESTS,
    Topic.DECISIONS,
    Topic.COLLEAGUES,
    Topic.EVIDENCE,
    Topic.PLAN,
    Topic.PASSPORTS,
    Topic.FEEDBACK,
    Topic.SHARING,
    Topic.REGISTER,
)
FOR_EVERYBODY = (
    Topic.WATCHED,
    Topic.WATCHED_LOSS,
    Topic.SEARCHES,
    Topic.NEEDS,
    Topic.PEOPLE,
    Topic.SECURITY,
    Topic.SAFEGUARDING,
)


def topics_for(actor: Actor) -> tuple[Topic, ...]:
    """The topics that a person of these roles can hear of, in the order of their page."""
    for_provider = FOR_PROVIDERS if actor.organisations else ()
    for_scheme = (Topic.CASES,) if actor.roles - {Role.LEAD, Role.CONTRIBUTOR} else ()
    return (*for_provider, *for_scheme, *FOR_EVERYBODY)


def messages_page(*, actor: Actor) -> MessagesPage:
    """How the actor hears of things. Four statements. Raises NotFound if nobody is signed in."""
    require(actor, Action.USE_ACCOUNT)
    assert actor.user_id is not None  # `require` lets nobody in who is not signed in
    wishes = wishes_of(db.session(), [actor.user_id])[actor.user_id]
    waiting = db.session.scalars(select(Notice.id).where(Notice.user_id == actor.user_id).limit(100)).all()
    return MessagesPage(
        email=actor.email,
        wishes=wishes,
        topics=tuple(TopicRow(each, ways(each), wishes.chosen_way(each)) for each in topics_for(actor)),
        waiting=len(waiting),
        trouble=mail_trouble(actor.user_id),
    )


def mail_trouble(user_id: int) -> Trouble | None:
    """Whether mail to the person's present address is refused for good. One statement."""
    found = db.session.execute(
        select(MailSetting.bounced_address, MailSetting.bounced_at, MailSetting.bounced_because)
        .join(User, User.id == MailSetting.user_id)
        .where(
            MailSetting.user_id == user_id,
            MailSetting.bounced_at.is_not(None),
            MailSetting.bounced_address == User.email,
        )
    ).first()
    return Trouble(found[0], found[1], found[2]) if found else None


@dataclass(frozen=True)
class TurnedOffPage:
    """What a link to turn something off is about. `topic` is None for the day's e-mail; `on` whether it still comes."""

    email: str
    topic: Topic | None
    on: bool


def turned_off_page(user_id: int, topic: Topic | None) -> TurnedOffPage | None:
    """What comes now to the person of the link on `topic`, or as the day's e-mail; None where the account is closed."""
    email = db.session.scalars(select(User.email).where(User.id == user_id, User.closed_at.is_(None))).first()
    if email is None or topic in ALWAYS_AT_ONCE:
        return None
    wishes = wishes_of(db.session(), [user_id])[user_id]
    on = wishes.digest if topic is None else wishes.chosen_way(topic) is not Way.NEVER
    return TurnedOffPage(email, topic, on)


def language_of(user_id: int) -> Language:
    """The language in which a person reads messages. Two statements."""
    return wishes_of(db.session(), [user_id])[user_id].language
