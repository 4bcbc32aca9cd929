"""Assessment reports: the scheme's template, the words of each report, what the provider saw and what it said to that."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.lifecycle import REPORT, ReportMove, ReportStatus
from app.domain.report import Part
from app.domain.report_check import Answered, Ended
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.application import Application
from app.models.organisation import EvidenceVersion
from app.models.people import User


class ReportTemplate(Base):
    """One version of the text that a scheme's reports are made from. It never changes; the highest is in use."""

    __tablename__ = "report_template"
    __table_args__ = (UniqueConstraint("scheme_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    version: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(500), default="")  # what was changed and why
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    made_by: Mapped[User | None] = relationship()


class Report(Base):
    """One report on an application. A case that is scored again after it was signed gets another, of the next `round`.

    `template_version` is 0 for the one that comes with the product. `revision` rises with every change of its words.
    """

    __tablename__ = "report"
    __table_args__ = (UniqueConstraint("application_id", "round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    round: Mapped[int] = mapped_column(default=1)
    status: Mapped[ReportStatus] = mapped_column(enum_by_value(ReportStatus))
    status_at: Mapped[datetime] = mapped_column(UtcDateTime)
    title: Mapped[str] = mapped_column(String(500))
    template_version: Mapped[int] = mapped_column(default=0)
    template_sha256: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int] = mapped_column(default=1)
    next_number: Mapped[int] = mapped_column(default=1)  # of a paragraph: none is given twice
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    application: Mapped[Application] = relationship()
    signed_by: Mapped[User | None] = relationship(foreign_keys=[signed_by_id])
    paragraphs: Mapped[list[ReportParagraph]] = relationship(back_populates="report", order_by="ReportParagraph.place")

    def make(self, move: ReportMove, now: datetime) -> None:
        """Change the status by `move`. Raises IllegalMove."""
        self.status = REPORT.after(self.status, move)
        self.status_at = now


class ReportParagraph(Base):
    """A paragraph as it stands now. `grid` is its table, where its part is made from data; `version` rises with each save."""

    __tablename__ = "report_paragraph"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]  # the same in every version of the report
    place: Mapped[int]
    part: Mapped[Part] = mapped_column(enum_by_value(Part))
    heading: Mapped[str] = mapped_column(String(500), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    grid: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    report: Mapped[Report] = relationship(back_populates="paragraphs")
    updated_by: Mapped[User | None] = relationship()


class ReportVersion(Base):
    """A report as it went out, to the provider or signed. The row and its two documents never change.

    `sha256` is the fingerprint of `title` and `content` (app.domain.report); the keys are the documents' own hashes.
    """

    __tablename__ = "report_version"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"))
    number: Mapped[int]
    signed: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(500))
    content: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    pdf_key: Mapped[str] = mapped_column(String(64))
    docx_key: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    report: Mapped[Report] = relationship()
    made_by: Mapped[User] = relationship()


class ReportCheck(Base):
    """One check of one version by the provider, for mistakes of fact. `ended` says how it ended; None while it is open."""

    __tablename__ = "report_check"
    __table_args__ = (Index("ix_report_check_ended_due_on", "ended", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("report.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("report_version.id"), unique=True)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    due_on: Mapped[date]
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended: Mapped[Ended | None] = mapped_column(enum_by_value(Ended))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    why: Mapped[str] = mapped_column(Text, default="")  # where it was taken back

    report: Mapped[Report] = relationship()
    version: Mapped[ReportVersion] = relationship()
    sent_by: Mapped[User] = relationship(foreign_keys=[sent_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])
    comments: Mapped[list[ReportComment]] = relationship(back_populates="check", order_by="ReportComment.number")


class ReportComment(Base):
    """What the provider says is wrong in one paragraph, and what the assessors answer. `version` rises with each save."""

    __tablename__ = "report_comment"
    __table_args__ = (UniqueConstraint("check_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("report_check.id"))
    number: Mapped[int]  # of the paragraph
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answered: Mapped[Answered | None] = mapped_column(enum_by_value(Answered))
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    check: Mapped[ReportCheck] = relationship(back_populates="comments")
    updated_by: Mapped[User] = relationship(foreign_keys=[updated_by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    evidence: Mapped[list[ReportCommentEvidence]] = relationship(back_populates="comment")


class ReportCommentEvidence(Base):
    """What a provider shows beside a comment: one version of a piece of its library."""

    __tablename__ = "report_comment_evidence"
    __table_args__ = (UniqueConstraint("comment_id", "version_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("report_comment.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"), index=True)

    comment: Mapped[ReportComment] = relationship(back_populates="evidence")
    version: Mapped[EvidenceVersion] = relationship()
