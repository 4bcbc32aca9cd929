"""The mail that was queued, as the demonstration shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.extensions import db
from app.models import MailMessage

NEWEST = 50
BASE_URL_MARK = "%BASE%"
_LINK = re.compile(rf"{BASE_URL_MARK}(/\S*)")


@dataclass(frozen=True)
class MessageRow:
    """One message. `parts` is its text in pieces of (words, address): a link has an address on this site, text none."""

    recipient: str
    subject: str
    queued_at: datetime
    sent: bool
    parts: tuple[tuple[str, str | None], ...]


def outbox(base_url: str) -> tuple[MessageRow, ...]:
    """The newest messages, newest first."""
    rows = db.session.scalars(select(MailMessage).order_by(MailMessage.id.desc()).limit(NEWEST)).all()
    return tuple(
        MessageRow(row.recipient, row.subject, row.queued_at, row.sent_at is not None, parts(row.text, base_url))
        for row in rows
    )


def parts(text: str, base_url: str) -> tuple[tuple[str, str | None], ...]:
    """`text` cut at its links to this site."""
    found: list[tuple[str, str | None]] = []
    at = 0
    for link in _LINK.finditer(text):
        found += [(text[at : link.start()], None), (base_url + link[1], link[1])]
        at = link.end()
    return (*found, (text[at:], None))
