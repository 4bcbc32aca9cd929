"""Appeals and complaints: what was written, who looks at it apart from the first decision, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.appeals import Against
from app.domain.complaints import About
from app.domain.lifecycle import APPEAL, COMPLAINT, AppealMove, AppealStatus, ComplaintMove, ComplaintStatus
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.application import Application
from app.models.organisation import EvidenceVersion, Organisation
from app.models.people import User
from app.models.scheme import Scheme


class AppealDraft(Base):
    """An appeal that is being written, one for each application. It goes when the appeal is lodged."""

    __tablename__ = "appeal_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)  # app.domain.appeals.as_draft
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class Appeal(Base):
    """A provider's appeal against a decision, or against what became of an award.

    `last_day` is the one that the letter named. `outcome` keeps what came of it once it is closed. `triage_reason` is why
    it was turned away, or admitted although it came late; the provider reads it, as it does `reasons` and `changes`.
    """

    __tablename__ = "appeal"
    __table_args__ = (Index("ix_appeal_scheme_id_status", "scheme_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"))
    against: Mapped[Against] = mapped_column(enum_by_value(Against))
    status: Mapped[AppealStatus] = mapped_column(enum_by_value(AppealStatus), default=AppealStatus.RECEIVED)
    grounds: Mapped[list[str]] = mapped_column(default=list)
    words: Mapped[str] = mapped_column(Text)
    asks: Mapped[str] = mapped_column(Text)
    late_reason: Mapped[str] = mapped_column(Text, default="")
    last_day: Mapped[date]
    lodged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lodged_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    triage_reason: Mapped[str] = mapped_column(Text, default="")
    triaged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    triaged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    due_on: Mapped[date]  # by when it should be decided
    outcome: Mapped[str] = mapped_column(String(20), default="")
    remedy: Mapped[str] = mapped_column(String(20), default="")
    reasons: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # decided, turned away or taken back
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    learned: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    organisation: Mapped[Organisation] = relationship()
    scheme: Mapped[Scheme] = relationship()
    application: Mapped[Application] = relationship()

    def make(self, move: AppealMove) -> None:
        """Change the status by `move`. Raises IllegalMove."""
        self.status = APPEAL.after(self.status, move)


class AppealEvidence(Base):
    """A piece of the provider's library shown with an appeal, in the version that stood when it was lodged."""

    __tablename__ = "appeal_evidence"
    __table_args__ = (UniqueConstraint("appeal_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"), index=True)

    version: Mapped[EvidenceVersion] = relationship()


class Complaint(Base):
    """What anybody complains of. Who complained is kept apart from every page and message that its holder reads.

    `follow_key` is a hash of the secret in the link by which it is followed. `once` is of the page that was sent, so that
    sending it twice counts once. `organisation_id` is whom it is about, where that is a provider that is known here.
    """

    __tablename__ = "complaint"
    __table_args__ = (Index("ix_complaint_scheme_id_status", "scheme_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    follow_key: Mapped[str] = mapped_column(String(64), unique=True)
    once: Mapped[str] = mapped_column(String(64), unique=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    about: Mapped[About] = mapped_column(enum_by_value(About))
    whom: Mapped[str] = mapped_column(String(200), default="")  # as it was typed
    safety: Mapped[bool] = mapped_column(default=False, server_default=false())
    told: Mapped[str] = mapped_column(String(10), default="")
    words: Mapped[str] = mapped_column(Text)
    wants: Mapped[str] = mapped_column(Text, default="")
    name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    may_name: Mapped[bool] = mapped_column(default=False, server_default=false())
    status: Mapped[ComplaintStatus] = mapped_column(enum_by_value(ComplaintStatus), default=ComplaintStatus.RECEIVED)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledge_by: Mapped[date]
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer_by: Mapped[date]
    outcome: Mapped[str] = mapped_column(String(20), default="")
    follow: Mapped[str] = mapped_column(String(20), default="")
    follow_words: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    learned: Mapped[str] = mapped_column(Text, default="")
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation | None] = relationship()
    scheme: Mapped[Scheme] = relationship()

    def make(self, move: ComplaintMove) -> None:
        """Change the status by `move`. Raises IllegalMove."""
        self.status = COMPLAINT.after(self.status, move)


class ComplaintPerson(Base):
    """That a complaint concerns somebody who works for the scheme: it is closed to them."""

    __tablename__ = "complaint_person"
    __table_args__ = (UniqueConstraint("complaint_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)


class ComplaintStep(Base):
    """One thing that was done about a complaint, in the order of `id`, never altered.

    `kind` is a move or one of app.domain.complaints' notes. `words` are for the scheme alone, `letter` is what was said to
    whoever complained.
    """

    __tablename__ = "complaint_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    to_whom: Mapped[str] = mapped_column(String(200), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    letter: Mapped[str] = mapped_column(Text, default="")


class Reviewer(Base):
    """Somebody appointed to review an appeal or to look into a complaint: declaration, notes, then a vote or an answer.

    `ended_at` is set once they were replaced. `notes` are theirs and their fellow reviewers'. `leads` records what all
    of them decided; who looks into a complaint alone always does.
    """

    __tablename__ = "reviewer"
    __table_args__ = (
        UniqueConstraint("appeal_id", "user_id"),
        UniqueConstraint("complaint_id", "user_id"),
        CheckConstraint("(appeal_id IS NULL) <> (complaint_id IS NULL)", name="appeal_or_complaint"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"))
    complaint_id: Mapped[int | None] = mapped_column(ForeignKey("complaint.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    lay: Mapped[bool] = mapped_column(default=False)
    leads: Mapped[bool] = mapped_column(default=False)
    appointed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    appointed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    conflicted: Mapped[bool] = mapped_column(default=False)
    declaration: Mapped[str] = mapped_column(Text, default="")
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    notes: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    vote: Mapped[str] = mapped_column(String(20), default="")
    vote_reason: Mapped[str] = mapped_column(Text, default="")
    voted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    appeal: Mapped[Appeal | None] = relationship()
    complaint: Mapped[Complaint | None] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])
