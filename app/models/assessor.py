"""What an assessor keeps beside the scores: notes of their own, phrases, which evidence they opened."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, UtcDateTime


class AssessorNote(Base):
    """An assessor's own note on one criterion, or on the case as a whole (`criterion_code` is empty then).

    Never shown to the provider, and to the other assessors of the case only once all have handed in.
    """

    __tablename__ = "assessor_note"
    __table_args__ = (UniqueConstraint("assessment_id", "criterion_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    criterion_code: Mapped[str] = mapped_column(String(40), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AssessorPhrase(Base):
    """A sentence that an assessor begins reasons with. `point` is the score it goes with; empty: with any."""

    __tablename__ = "assessor_phrase"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    point: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EvidenceOpening(Base):
    """That an assessor opened one version of evidence in a case, and when first."""

    __tablename__ = "evidence_opening"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"), primary_key=True, index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
