"""Applications: a provider's self-assessment against one edition, with its answers and evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.lifecycle import APPLICATION_MOVES, ApplicationMove, ApplicationStatus, after
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.organisation import EvidenceItem, EvidenceVersion, Organisation
from app.models.scheme import FrameworkEdition


class Application(Base):
    """One organisation's application under one framework edition, to which it stays pinned.

    `facts` is what the profile said when it was submitted; empty before. `target` is the level applied for.
    `carried_from_id` is the application under an earlier edition whose answers this one began with.
    """

    __tablename__ = "application"
    __table_args__ = (Index("ix_application_scheme_id_status", "scheme_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    edition_id: Mapped[int] = mapped_column(ForeignKey("framework_edition.id"), index=True)
    status: Mapped[ApplicationStatus] = mapped_column(enum_by_value(ApplicationStatus))
    target: Mapped[str | None] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declared_by: Mapped[str] = mapped_column(String(200), default="")  # name and position of who declared it true
    status_at: Mapped[datetime] = mapped_column(UtcDateTime)  # since when the status is what it is
    note: Mapped[str] = mapped_column(Text, default="")  # why it was sent back or deferred, for the provider
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)

    organisation: Mapped[Organisation] = relationship()
    edition: Mapped[FrameworkEdition] = relationship()
    answers: Mapped[list[Answer]] = relationship(back_populates="application")

    def make(self, move: ApplicationMove, now: datetime) -> None:
        """Change the status by `move`. Raises IllegalMove."""
        self.status = after(APPLICATION_MOVES, self.status, move, "application")
        self.status_at = now


class Answer(Base):
    """What the provider says on one criterion: a point of its scale with reasons, or not applicable with a reason.

    `version` rises with every save: a save that names an older one is a conflict, not an overwrite. `review` says in
    sentences why an answer that was carried over must be looked at again; it is empty once the provider has done so.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("application_id", "criterion_code"),
        CheckConstraint("NOT (not_applicable AND point IS NOT NULL)", name="point_or_not_applicable"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    point: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    review: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    application: Mapped[Application] = relationship(back_populates="answers")


class AttachedEvidence(Base):
    """That a piece of evidence stands behind a criterion. The version is pinned when the application is submitted.

    It stays pinned while a deferred application is worked on, and moves to the newest when that is submitted again.
    """

    __tablename__ = "attached_evidence"
    __table_args__ = (UniqueConstraint("application_id", "criterion_code", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    item_id: Mapped[int] = mapped_column(ForeignKey("evidence_item.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_version.id"))
    asked_code: Mapped[str] = mapped_column(String(40), default="")  # which evidence that the criterion asks for
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attached_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    item: Mapped[EvidenceItem] = relationship()
    version: Mapped[EvidenceVersion | None] = relationship()
