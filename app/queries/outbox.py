"""The mail that was queued, as the demonstration shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models import MailMessage

NEWEST = 50
BASE_URL_MARK, TURN_OFF_MARK = "%BASE%", "%TURN-OFF%"  # as app.services.letters writes them
_LINK = re.compile(rf"{BASE_URL_MARK}(/\S*)")


@dataclass(frozen=True)
class MessageRow:
    """One message. `parts` is its text in pieces of (words, address): a link has an address on this site, text none.

    `failed` is why it was given up; empty where it was not.
    """

    recipient: str
    subject: str
    queued_at: datetime
    sent: bool
    parts: tuple[tuple[str, str | None], ...]
    failed: str
    language: str


def outbox(base_url: str, turn_off: Callable[[int | None, str], str]) -> tuple[MessageRow, ...]:
    """The newest messages, newest first. `turn_off` signs the end of the address that ends messages of a kind."""
    rows = db.session.scalars(select(MailMessage).order_by(MailMessage.id.desc()).limit(NEWEST)).all()
    return tuple(_row(row, base_url, turn_off(row.user_id, row.topic)) for row in rows)


def _row(row: MailMessage, base_url: str, token: str) -> MessageRow:
    return MessageRow(
        row.recipient,
        row.subject,
        row.queued_at,
        row.sent_at is not None,
        parts(row.text.replace(TURN_OFF_MARK, token), base_url),
        row.last_error if row.failed_at else "",
        row.language,
    )


def parts(text: str, base_url: str) -> tuple[tuple[str, str | None], ...]:
    """`text` cut at its links to this site."""
    found: list[tuple[str, str | None]] = []
    at = 0
    for link in _LINK.finditer(text):
        found += [(text[at : link.start()], None), (base_url + link[1], link[1])]
        at = link.end()
    return (*found, (text[at:], None))


@dataclass(frozen=True)
class GivenUp:
    """One message that was not taken for good, without its text."""

    recipient: str
    subject: str
    failed_at: datetime
    because: str


def given_up() -> tuple[GivenUp, ...]:
    """The newest messages that were given up, newest first; at most 50."""
    found = db.session.execute(
        select(MailMessage.recipient, MailMessage.subject, MailMessage.failed_at, MailMessage.last_error)
        .where(MailMessage.failed_at.is_not(None))
        .order_by(MailMessage.failed_at.desc())
        .limit(NEWEST)
    ).all()
    return tuple(GivenUp(*row) for row in found)
