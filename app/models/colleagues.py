"""What colleagues say to each other on a criterion, and which criteria they hand to each other."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, UtcDateTime
from app.models.people import User


class Comment(Base):
    """What somebody of the provider wrote to colleagues beside one criterion. No scheme ever reads it.

    One that was taken back keeps its words for its own author, who may put it back; nobody else sees them.
    """

    __tablename__ = "comment"
    __table_args__ = (Index("ix_comment_application_id_criterion_code", "application_id", "criterion_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    written_by: Mapped[User] = relationship()


class HandedOver(Base):
    """One criterion that somebody handed to a colleague, with the last day for it where one was named.

    It is open until somebody says that it is done, takes it back or hands it on; and one whose answer was not `whole`
    when it was handed over is over by itself while the answer is.
    """

    __tablename__ = "handed_over"
    __table_args__ = (
        Index("ix_handed_over_application_id_criterion_code", "application_id", "criterion_code"),
        Index("ix_handed_over_to_id_done_at", "to_id", "done_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    to_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    whole: Mapped[bool] = mapped_column(default=False)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    to: Mapped[User] = relationship(foreign_keys=[to_id])
    by: Mapped[User] = relationship(foreign_keys=[by_id])
