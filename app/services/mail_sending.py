"""Sending the mail that is owed: at least once, by as many senders as there are, trying again when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.backends.mail import Letter, Mail, NotSent
from app.models import MailMessage
from app.services.transactions import BASE_URL_MARK, transaction

BATCH = 20
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


def send_due_mail(mail: Mail, base_url: str, now: datetime, *, keep_text: bool = False) -> Sent:
    """Send one batch of what is due. The text of a sent message is forgotten unless `keep_text`.

    A message is claimed in one transaction and marked in another: who dies between them sends it a second time, with
    the same Message-ID, rather than never.
    """
    sent = failed = 0
    for message_id, letter in _claim(base_url, now):
        try:
            mail.send(letter)
        except NotSent as error:
            failed += 1
            _not_sent(message_id, error, now)
        else:
            sent += 1
            _sent(message_id, now, keep_text)
    return Sent(sent, failed)


def _claim(base_url: str, now: datetime) -> list[tuple[int, Letter]]:
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
        return [(message.id, _letter(message, base_url, now)) for message in due]


def _letter(message: MailMessage, base_url: str, now: datetime) -> Letter:
    return Letter(
        message_id=f"{message.id}.{int(message.queued_at.timestamp())}",
        recipient=message.recipient,
        subject=message.subject,
        text=message.text.replace(BASE_URL_MARK, base_url),
        sent_at=now,
    )


def _sent(message_id: int, now: datetime, keep_text: bool) -> None:
    with transaction() as session:
        message = session.get_one(MailMessage, message_id)
        message.sent_at, message.last_error = now, ""
        if not keep_text:
            message.text = SENT_TEXT


def _not_sent(message_id: int, error: NotSent, now: datetime) -> None:
    with transaction() as session:
        message = session.get_one(MailMessage, message_id)
        message.last_error = str(error)[:500]
        if error.permanent or message.attempts >= MOST_TRIES:
            message.failed_at = now
        else:
            message.next_try_at = now + WAITS[message.attempts - 1]
