"""Conditions of an award, each with its own day, and what shows that it is met."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.lifecycle import CONDITION, ConditionMove, ConditionStatus
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.award import Award
from app.models.organisation import EvidenceItem, EvidenceVersion
from app.models.panel import Decision


class AwardCondition(Base):
    """One condition that a decision set. `text` is public: the register shows it. `due_on` still counts.

    `status` is never "overdue": the calendar says that. `offered` is what the provider last said of how it is met,
    `returned` why the office last gave it back. `told_days` is the stage of the last reminder (days before the last day,
    -1 once it was overdue).
    """

    __tablename__ = "award_condition"
    __table_args__ = (
        UniqueConstraint("award_id", "number"),
        Index("ix_award_condition_status_due_on", "status", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    status: Mapped[ConditionStatus] = mapped_column(enum_by_value(ConditionStatus), default=ConditionStatus.OPEN)
    offered: Mapped[str] = mapped_column(Text, default="")
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    returned: Mapped[str] = mapped_column(Text, default="")
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    accepted_because: Mapped[str] = mapped_column(Text, default="")
    told_days: Mapped[int | None]

    award: Mapped[Award] = relationship()
    decision: Mapped[Decision] = relationship()
    evidence: Mapped[list[ConditionEvidence]] = relationship(
        back_populates="condition", order_by="ConditionEvidence.id", cascade="all, delete-orphan"
    )

    def make(self, move: ConditionMove) -> None:
        """Change the status by `move`. Raises IllegalMove."""
        self.status = CONDITION.after(self.status, move)


class ConditionEvidence(Base):
    """A piece of evidence that a condition is met, in the version that was offered."""

    __tablename__ = "condition_evidence"
    __table_args__ = (UniqueConstraint("condition_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    condition_id: Mapped[int] = mapped_column(ForeignKey("award_condition.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("evidence_item.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"), index=True)

    condition: Mapped[AwardCondition] = relationship(back_populates="evidence")
    item: Mapped[EvidenceItem] = relationship()
    version: Mapped[EvidenceVersion] = relationship()
