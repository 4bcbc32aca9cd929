"""What a person chooses about the messages they get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.errors import Invalid
from app.domain.topics import DEFAULT_HOUR, EVERY_DAY, MUST_COME, Language, Topic, Way, usual, ways
from app.models import MailSetting, MessagePreference, Notice, User
from app.services.letters import Written
from app.services.transactions import locked, queue_written, record, transaction

HOURS = range(5, 23)
MOST_WAITING = 1000


@dataclass(frozen=True)
class Chosen:
    """What somebody chose on their page. `ways` maps topics to ways; `days` are ISO numbers of weekdays."""

    language: Language
    digest: bool
    hour: int
    days: str
    ways: Mapping[Topic, Way]


def choose_messages(chosen: Chosen, *, actor: Actor, now: datetime) -> None:
    """Keep how the actor wants to hear of things. Topics left out stay as they are. Raises Invalid, NotFound."""
    require(actor, Action.USE_ACCOUNT)
    assert actor.user_id is not None  # `require` lets nobody in who is not signed in
    _check(chosen)
    with transaction() as session:
        user = locked(session, User, actor.user_id)
        setting = setting_of(session, user.id, now)
        setting.language, setting.digest, setting.updated_at = chosen.language, chosen.digest, now
        setting.digest_hour = chosen.hour
        setting.digest_days = "".join(sorted(set(chosen.days)))
        session.execute(
            delete(MessagePreference).where(
                MessagePreference.user_id == user.id, MessagePreference.topic.in_(list(chosen.ways))
            )
        )
        # The usual way is not kept: who chose nothing follows it where it changes.
        other = {topic: way for topic, way in chosen.ways.items() if way is not usual(topic)}
        session.add_all(MessagePreference(user_id=user.id, topic=topic, way=way) for topic, way in other.items())
        if not chosen.digest:
            release(session, user, chosen.language, now)
        record(
            session, actor, "account.messages-chosen", user, now, language=chosen.language.value, digest=chosen.digest
        )


def _check(chosen: Chosen) -> None:
    errors: dict[str, str] = {}
    if chosen.hour not in HOURS:
        errors["hour"] = "Choose an hour from the list."
    if chosen.digest and not chosen.days:
        errors["days"] = "Choose at least one day, or turn the day’s e-mail off."
    if not set(chosen.days) <= set(EVERY_DAY):
        errors["days"] = "Choose days of the week."
    for topic, way in chosen.ways.items():
        if way not in ways(topic):
            errors[f"way_{topic.value}"] = "Choose one of the ways that are offered here."
    if errors:
        raise Invalid(errors)


def release(session: Session, user: User, language: Language, now: datetime) -> None:
    """Let go of what waits for a day's e-mail that does not come any more: what must come goes out at once."""
    waiting = select(Notice).where(Notice.user_id == user.id).order_by(Notice.id).limit(MOST_WAITING)
    for notice in session.scalars(waiting):
        if notice.topic in MUST_COME:
            words = Written(notice.subject, notice.text)
            queue_written(session, user.email, words, now, language=language, user_id=user.id, topic=notice.topic.value)
    session.execute(delete(Notice).where(Notice.user_id == user.id))


def setting_of(session: Session, user_id: int, now: datetime) -> MailSetting:
    """The person's settings, held; made with the defaults where there are none. Two who make them at once take turns."""
    for_update = {"key_share": True}
    found = session.get(MailSetting, user_id, with_for_update=for_update, populate_existing=True)
    if found is not None:
        return found
    made = MailSetting(
        user_id=user_id,
        language=Language.ENGLISH,
        digest=True,
        digest_hour=DEFAULT_HOUR,
        digest_days=EVERY_DAY,
        bounced_address="",
        bounced_because="",
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return session.get_one(MailSetting, user_id, with_for_update=for_update, populate_existing=True)
    return made
