"""Requests of an assessor to the provider: one message about several criteria, its dates, and what came in answer."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, UtcDateTime


class ProviderRequest(Base):
    """One request on one or several criteria. Each criterion has its own Question, which holds the reply and the date."""

    __tablename__ = "provider_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_due_on: Mapped[date]


class RequestExtension(Base):
    """That a request was given a later date, and why."""

    __tablename__ = "request_extension"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("provider_request.id"), index=True)
    was_due_on: Mapped[date]
    due_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionNotice(Base):
    """That the provider was reminded of a question at one step of its date; a later date begins anew."""

    __tablename__ = "question_notice"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    days_left: Mapped[int] = mapped_column(primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionEvidence(Base):
    """Which version of evidence came with the reply to a question."""

    __tablename__ = "question_evidence"

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"), primary_key=True, index=True)
