"""Findings: what was found, how it is to be put right, what shows that it was, and everything said in between."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.findings import FindingSource, PlanAnswer
from app.domain.lifecycle import FINDING, FindingMove, FindingStatus
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.application import Application
from app.models.award import Award
from app.models.organisation import EvidenceItem, EvidenceVersion


class Finding(Base):
    """One finding on a case. `place` is the code of a criterion or node, or "whole"; `grade` one of the framework's.

    `award_id` is the award that it was found on once there was one, `assessment_id` the assessment in which it was found;
    both are empty for what came of scores and of a rule. `due_on` is set when the provider is told: nobody puts right what
    they do not know of. `escalated_into_id` is the graver finding that it is part of, `same_as_id` the one that it was taken
    back for. `made_of` is the grade of the lighter findings that one by escalation stands for. `warned` is the stage of the
    last warning (days before the last day), `acted_on` the day on which being overdue had its consequence.
    """

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_status_due_on", "status", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), index=True)
    assessment_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"), index=True)
    place: Mapped[str] = mapped_column(String(40))
    grade: Mapped[str] = mapped_column(String(40))
    made_of: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[FindingSource] = mapped_column(enum_by_value(FindingSource))
    found_on: Mapped[date]
    raised_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # none: the scores or a rule did
    raised_by: Mapped[str] = mapped_column(String(120), default="")
    status: Mapped[FindingStatus] = mapped_column(enum_by_value(FindingStatus))
    status_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    escalated_into_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("finding.id"))
    warned: Mapped[int | None]
    acted_on: Mapped[date | None]

    application: Mapped[Application] = relationship()
    award: Mapped[Award | None] = relationship()

    def make(self, move: FindingMove, now: datetime) -> None:
        """Change the status by `move`; whoever had read it before finds another version. Raises IllegalMove."""
        self.status = FINDING.after(self.status, move)
        self.status_at = now
        self.version += 1


class FindingStep(Base):
    """One thing that was said or done about a finding, in the order of `id`, never changed.

    `move` is a FindingMove, or "raise", "change", "warn", "allow more time" or "act" for what is no move.
    """

    __tablename__ = "finding_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by: Mapped[str] = mapped_column(String(120), default="")  # empty: the scheme's rules did
    move: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text, default="")

    evidence: Mapped[list[FindingEvidence]] = relationship(back_populates="step", order_by="FindingEvidence.id")


class CorrectivePlan(Base):
    """What the provider offered to do about a finding; each offer is kept, the newest one counts."""

    __tablename__ = "corrective_plan"
    __table_args__ = (UniqueConstraint("finding_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    finding_id: Mapped[int] = mapped_column(ForeignKey("finding.id"))
    number: Mapped[int]
    cause: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(120))
    by_on: Mapped[date]
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[PlanAnswer] = mapped_column(enum_by_value(PlanAnswer))


class FindingEvidence(Base):
    """A piece of evidence that a finding is put right, in the version that was offered with that step."""

    __tablename__ = "finding_evidence"
    __table_args__ = (UniqueConstraint("step_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("finding_step.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("evidence_item.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"), index=True)

    step: Mapped[FindingStep] = relationship(back_populates="evidence")
    item: Mapped[EvidenceItem] = relationship()
    version: Mapped[EvidenceVersion] = relationship()
