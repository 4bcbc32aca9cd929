"""What the product remembers of its own doings: the audit trail and the mail that it owes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, UtcDateTime


class AuditRow(Base):
    """Who did what, when, to which thing, with what changed. Written in the transaction of the change itself.

    Rows are a chain (app.domain.audit_chain) and never change; the database itself refuses it (app.models.append_only).
    An erased row has no `salt`, no name and no detail any more.
    """

    __tablename__ = "audit_row"
    __table_args__ = (
        Index("ix_audit_row_subject", "subject", "subject_id"),
        Index("ix_audit_row_scheme_id_id", "scheme_id", "id"),
        Index("ix_audit_row_organisation_id_id", "organisation_id", "id"),
        Index("ix_audit_row_application_id_id", "application_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    actor_name: Mapped[str] = mapped_column(String(120), default="")
    action: Mapped[str] = mapped_column(String(60))  # "application.submitted"
    subject: Mapped[str] = mapped_column(String(40))  # the noun: "application"
    subject_id: Mapped[int | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    scheme_id: Mapped[int | None] = mapped_column(ForeignKey("scheme.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    salt: Mapped[str] = mapped_column(String(32))
    content_sha256: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditSeal(Base):
    """Where the chain of the audit trail ended at the end of a day, published so that anybody can keep it."""

    __tablename__ = "audit_seal"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    row_id: Mapped[int] = mapped_column(ForeignKey("audit_row.id"))
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MailMessage(Base):
    """A message owed to somebody, queued in the transaction that gave rise to it and sent afterwards.

    `user_id` is whose account it is for, if any; `topic` one of app.domain.topics, "daily" for the day's e-mail, or empty.
    """

    __tablename__ = "mail_message"
    __table_args__ = (
        Index("ix_mail_message_sent_at_next_try_at", "sent_at", "next_try_at"),
        Index("ix_mail_message_recipient_queued_at", "recipient", "queued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(String(500), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    topic: Mapped[str] = mapped_column(String(20), default="", server_default="")
    language: Mapped[str] = mapped_column(String(2), default="en", server_default="en")
    calendar: Mapped[str] = mapped_column(
        Text, default="", server_default=""
    )  # an invitation (iCalendar) beside the text
