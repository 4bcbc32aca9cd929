"""What somebody was told, whether it went out at once or waits for their day's e-mail."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.models import MailMessage, Notice, User


@dataclass(frozen=True)
class Told:
    """One message: to whom, and its words. `waits` is true for the day's e-mail."""

    recipient: str
    subject: str
    text: str
    waits: bool


def told(person: User | None = None) -> list[Told]:
    """Everything that `person`, or everybody, was told: what went out at once, then what waits, each oldest first."""
    db.session.rollback()
    sent = db.session.scalars(select(MailMessage).order_by(MailMessage.id)).all()
    waiting = db.session.execute(
        select(Notice, User.email).join(User, User.id == Notice.user_id).order_by(Notice.id)
    ).all()
    found = [Told(row.recipient, row.subject, row.text, False) for row in sent]
    found += [Told(email, row.subject, row.text, True) for row, email in waiting]
    return [each for each in found if person is None or each.recipient == person.email]
