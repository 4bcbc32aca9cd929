"""Schemes and the framework editions that they have published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, UtcDateTime


class Scheme(Base):
    """A scheme, as its scheme.yaml says it. `next_serial` numbers its certificates."""

    __tablename__ = "scheme"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # awarding body, contact, brand, about
    next_serial: Mapped[int] = mapped_column(default=1)

    editions: Mapped[list[FrameworkEdition]] = relationship(back_populates="scheme", order_by="FrameworkEdition.id")


class FrameworkEdition(Base):
    """One published edition of a framework: its source, for ever. A changed text is a new edition.

    It was published by a file under standards/ or, by `published_by`, from a draft. Once it is retired it takes no new
    applications; what was begun or awarded under it goes on.
    """

    __tablename__ = "framework_edition"
    __table_args__ = (UniqueConstraint("code", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    code: Mapped[str] = mapped_column(String(80))
    edition: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    source: Mapped[str] = mapped_column(Text, deferred=True)  # megabytes: fetched when it is asked for
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when it was published
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    open: Mapped[bool] = mapped_column(default=True)  # whether providers may start an application under it
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    scheme: Mapped[Scheme] = relationship(back_populates="editions")
