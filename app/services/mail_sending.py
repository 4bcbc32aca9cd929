"""Sending the mail that is owed: at least once, by as many senders as there are, trying again when it fails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.backends.mail import Letter, Mail, NotSent
from app.backends.tokens import Tokens
from app.domain.topics import Language
from app.models import MailMessage, MailSetting, User
from app.services.letters import BASE_URL_MARK, TURN_OFF_MARK, may_be_turned_off
from app.services.mail_html import as_html
from app.services.transactions import transaction
from app.services.turning_off import turn_off_token
from app.services.wishes import setting_of

BATCH = 20
WATCH_END = re.compile(re.escape(BASE_URL_MARK) + r"(/watch/end/[\w-]+)")
# While a sender holds a message the others leave it. Longer than a batch can take, so that only a dead sender loses it.
HELD = timedelta(minutes=15)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 4 * 60, 12 * 60, 24 * 60))
MOST_TRIES = len(WAITS) + 1
SENT_TEXT = "This message was sent. Its text is not kept, because it may hold a private link.\n"


@dataclass(frozen=True)
class Sent:
    """What one round did: messages handed over, and messages that were not taken this time."""

    count: int
    failed: int


@dataclass(frozen=True)
class Post:
    """What sending needs: the server, the product's own address, and what signs the links that turn messages off."""

    mail: Mail
    base_url: str
    tokens: Tokens


def send_due_mail(post: Post, now: datetime, *, keep_text: bool = False) -> Sent:
    """Send one batch of what is due. The text of a sent message is forgotten unless `keep_text`.

    A message is claimed in one transaction and marked in another: who dies between them sends it a second time, with
    the same Message-ID, rather than never.
    """
    sent = failed = 0
    for message_id, letter in _claim(post, now):
        try:
            post.mail.send(letter)
        except NotSent as error:
            failed += 1
            _not_sent(message_id, error, now)
        else:
            sent += 1
            _sent(message_id, now, keep_text)
    return Sent(sent, failed)


def _claim(post: Post, now: datetime) -> list[tuple[int, Letter]]:
    """The next messages that are due, held for this sender. On SQLite the write lock keeps the others out."""
    with transaction() as session:
        due = session.scalars(
            select(MailMessage)
            .where(MailMessage.sent_at.is_(None), MailMessage.failed_at.is_(None), MailMessage.next_try_at <= now)
            .order_by(MailMessage.next_try_at, MailMessage.id)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for message in due:
            message.attempts += 1
            message.next_try_at = now + HELD
        return [(message.id, letter_of(message, post, now)) for message in due]


def letter_of(message: MailMessage, post: Post, now: datetime) -> Letter:
    """The queued message as it goes out, with every mark in it filled in."""
    token = turn_off_token(message.user_id, message.topic, post.tokens, now)
    text = message.text.replace(BASE_URL_MARK, post.base_url).replace(TURN_OFF_MARK, token)
    return Letter(
        message_id=f"{message.id}.{int(message.queued_at.timestamp())}",
        recipient=message.recipient,
        subject=message.subject,
        text=text,
        sent_at=now,
        html=as_html(message.subject, text, Language(message.language), post.base_url),
        about=message.topic,
        turn_off=_turn_off(message, token, post.base_url),
        language=message.language,
        calendar=message.calendar.replace(BASE_URL_MARK, post.base_url),
    )


def _turn_off(message: MailMessage, token: str, base_url: str) -> str:
    """Where one request ends messages like this one; "" where it cannot. An address alone ends its watch itself."""
    if token and may_be_turned_off(message.topic):
        return f"{base_url}/turn-off/{token}"
    ends = WATCH_END.findall(message.text) if message.user_id is None else []
    return f"{base_url}{ends[-1]}" if ends else ""


def _sent(message_id: int, now: datetime, keep_text: bool) -> None:
    with transaction() as session:
        message = session.get_one(MailMessage, message_id)
        message.sent_at, message.last_error = now, ""
        if not keep_text:
            message.text = SENT_TEXT
        session.execute(
            update(MailSetting)
            .where(MailSetting.bounced_address == message.recipient, MailSetting.bounced_at.is_not(None))
            .values(bounced_at=None, bounced_address="", bounced_because="")
        )


def _not_sent(message_id: int, error: NotSent, now: datetime) -> None:
    with transaction() as session:
        message = session.get_one(MailMessage, message_id)
        message.last_error = str(error)[:500]
        if error.permanent or message.attempts >= MOST_TRIES:
            message.failed_at = now
        else:
            message.next_try_at = now + WAITS[message.attempts - 1]
        if error.bounced:
            mark_bounced(session, message.recipient, message.last_error, now)


def mark_bounced(session: Session, address: str, because: str, now: datetime) -> bool:
    """Note on the account with this address that mail to it is refused for good. Whether there is such an account."""
    user_id = session.scalars(select(User.id).where(User.email == address, User.closed_at.is_(None))).first()
    if user_id is None:
        return False
    setting = setting_of(session, user_id, now)
    setting.bounced_at, setting.bounced_address, setting.bounced_because = now, address, because
    return True
