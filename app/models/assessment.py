"""Assessments: an assessor's declaration, scores, questions and recommendation on one application."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.confidence import Confidence
from app.domain.lifecycle import ASSESSMENT_MOVES, AssessmentMove, AssessmentStatus, after
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.application import Application
from app.models.people import User


class Assessment(Base):
    """One assessor's work on one application."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("application_id", "assessor_id"),
        Index(
            "uq_assessment_lead",
            "application_id",
            unique=True,
            sqlite_where=text("lead"),
            postgresql_where=text("lead"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    lead: Mapped[bool] = mapped_column(default=False, server_default=false())  # one of those who assess the case
    status: Mapped[AssessmentStatus] = mapped_column(enum_by_value(AssessmentStatus))
    assigned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    due_on: Mapped[date | None]
    answer_by: Mapped[date | None]  # the last day to declare or to turn the case down
    unanswered_on: Mapped[date | None]  # when the manager was told that no answer came
    turned_down: Mapped[str] = mapped_column(Text, default="", server_default="")  # why, where the case was turned down
    taken_over_from_id: Mapped[int | None] = mapped_column(ForeignKey("assessment.id"))  # whose work it goes on with
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    declaration: Mapped[str] = mapped_column(Text, default="")  # the interests named, or why there is none
    handed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recommended: Mapped[str] = mapped_column(String(40), default="")  # an outcome of app.domain.deciding
    recommended_level: Mapped[str | None] = mapped_column(String(40))
    recommendation: Mapped[str] = mapped_column(Text, default="")
    sheet: Mapped[bytes | None]  # its scores as handed in, packed (app.domain.scoring.packed), to score many at once

    application: Mapped[Application] = relationship()
    assessor: Mapped[User] = relationship(foreign_keys=[assessor_id])
    scores: Mapped[list[Score]] = relationship(back_populates="assessment")

    def make(self, move: AssessmentMove) -> None:
        """Change the status by `move`. Raises IllegalMove."""
        self.status = after(ASSESSMENT_MOVES, self.status, move, "assessment")


class Score(Base):
    """An assessor's score of one criterion, with the reason."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("assessment_id", "criterion_code"),
        CheckConstraint("NOT (not_applicable AND point IS NOT NULL)", name="point_or_not_applicable"),
        CheckConstraint("NOT (not_rated AND (not_applicable OR point IS NOT NULL))", name="point_or_not_rated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    point: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    not_rated: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(Text, default="")
    confidence: Mapped[Confidence | None] = mapped_column(enum_by_value(Confidence))
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_from_id: Mapped[int | None] = mapped_column(ForeignKey("score.id"))  # another's, handed over to begin from

    assessment: Mapped[Assessment] = relationship(back_populates="scores")


class Question(Base):
    """An assessor's request for more on one criterion, and the provider's reply."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("provider_request.id"), index=True)  # None: asked alone
    criterion_code: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replied_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
