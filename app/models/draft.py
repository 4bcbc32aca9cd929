"""The next edition of a framework while its scheme still writes it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, UtcDateTime
from app.models.people import User
from app.models.scheme import FrameworkEdition, Scheme


class FrameworkDraft(Base):
    """The text of an edition to be, with whatever mistakes it still has. `version` rises with each save.

    `code`, `edition` and `title` are what the text says of itself at the last save, empty where it says nothing. A draft
    ends by being published (`edition_id` names what came of it) or discarded; its row stays, so that nothing is lost.
    """

    __tablename__ = "framework_draft"
    __table_args__ = (Index("ix_framework_draft_scheme_id_updated_at", "scheme_id", "updated_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    code: Mapped[str] = mapped_column(String(80), default="")
    edition: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    imported_from: Mapped[str] = mapped_column(String(200), default="")  # where the first text came from, in words
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    discarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("framework_edition.id"), unique=True)

    scheme: Mapped[Scheme] = relationship()
    published: Mapped[FrameworkEdition | None] = relationship()
    updated_by: Mapped[User | None] = relationship(foreign_keys=[updated_by_id])
