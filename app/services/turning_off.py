"""The link that ends messages of one kind, from within the message: signed, good for years, without signing in."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.backends.tokens import Tokens
from app.domain.errors import NotFound
from app.domain.topics import DAILY, Topic, Way, ways
from app.models import MailSetting, MessagePreference, User
from app.services.sign_in import self_of
from app.services.transactions import locked, record, transaction
from app.services.wishes import release, setting_of

LASTS = timedelta(days=3650)
PURPOSE = "turn-off"
STALE = "The link may be old, or cut off on its way. Nothing was changed."


def turn_off_token(user_id: int | None, topic: str, tokens: Tokens, now: datetime) -> str:
    """The end of the address that turns `topic` off for this person; empty for a message that belongs to no account."""
    return tokens.sign(PURPOSE, {"user": user_id, "topic": topic}, now, LASTS) if user_id and topic else ""


def whose_link(token: str, *, tokens: Tokens, now: datetime) -> tuple[int, Topic | None]:
    """Whose messages of which topic the link turns off; None for the day's e-mail. Raises NotFound."""
    values = tokens.read(PURPOSE, token, now)
    if values is None or values["topic"] not in {DAILY, *Topic}:
        raise NotFound(STALE)
    topic = None if values["topic"] == DAILY else Topic(values["topic"])
    if topic is not None and Way.NEVER not in ways(topic):
        raise NotFound(STALE)
    return values["user"], topic


def turn_off(token: str, *, tokens: Tokens, now: datetime) -> None:
    """End messages of the link's kind. Turning them off twice changes nothing. Raises NotFound."""
    _turn(token, False, tokens, now)


def turn_on_again(token: str, *, tokens: Tokens, now: datetime) -> None:
    """Undo that: they come again, a topic in its usual way. It turns on nothing else. Raises NotFound."""
    _turn(token, True, tokens, now)


def _turn(token: str, on: bool, tokens: Tokens, now: datetime) -> None:
    user_id, topic = whose_link(token, tokens=tokens, now=now)
    with transaction() as session:
        user = locked(session, User, user_id)
        if user.closed_at is not None:
            raise NotFound(STALE)
        if topic is None:
            setting: MailSetting = setting_of(session, user_id, now)
            changed, setting.digest = setting.digest is not on, on
            if not on:
                release(session, user, setting.language, now)
        else:
            held = session.get(MessagePreference, (user_id, topic))
            off = held is not None and held.way is Way.NEVER
            changed = off is on
            if on and held is not None and off:
                session.delete(held)
            elif not on:
                session.merge(MessagePreference(user_id=user_id, topic=topic, way=Way.NEVER))
        if changed:
            action = "account.messages-turned-on" if on else "account.messages-turned-off"
            record(session, self_of(user), action, user, now, topic=topic.value if topic else DAILY)
