"""Views of a scheme's applications that a person keeps under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, UtcDateTime


class SavedFilter(Base):
    """What one person narrowed a scheme's list of applications to. `query` is the end of its address: state=open&q=bay."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("user_id", "scheme_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(500))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
