"""Answers that were filled in offline and brought back, while their person looks at what they would change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, UtcDateTime


class AnswerSheet(Base):
    """One spreadsheet as it was read. It waits for a day at most; a newer one of the same person takes its place.

    `content` holds the rows that were read and is emptied when they are applied; `result` then says what came of it.
    """

    __tablename__ = "answer_sheet"
    __table_args__ = (Index("ix_answer_sheet_application_id_brought_by_id", "application_id", "brought_by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    brought_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    filename: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
