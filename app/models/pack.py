"""Pre-qualification packs: what a provider chose to show, the codes that open it, and who opened it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.pack import Did, Opens
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.application import Application
from app.models.organisation import EvidenceItem, Organisation


class Pack(Base):
    """One pack of an organisation. `parts` are what it says from the profile, `notes` a sentence for an empty slot.

    A deleted one is kept, so that its codes can still say that they have ended. `version` rises with every change of
    what stands in the row itself.
    """

    __tablename__ = "pack"
    __table_args__ = (Index("ix_pack_organisation_id_deleted_at", "organisation_id", "deleted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text, default="")  # to whoever reads it
    parts: Mapped[list[str]] = mapped_column(default=list)  # of app.domain.pack.Part
    notes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # slot -> why nothing is in it
    asks_name: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship()
    pieces: Mapped[list[PackPiece]] = relationship(
        back_populates="pack", order_by="PackPiece.id", cascade="all, delete-orphan"
    )
    results: Mapped[list[PackResult]] = relationship(
        back_populates="pack", order_by="PackResult.id", cascade="all, delete-orphan"
    )


class PackPiece(Base):
    """A piece of the library in a slot of a pack, always in its newest version. `cover` is in whole pounds."""

    __tablename__ = "pack_piece"
    __table_args__ = (UniqueConstraint("pack_id", "slot", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    slot: Mapped[str] = mapped_column(String(40))  # a code of app.domain.pack.SLOTS
    item_id: Mapped[int] = mapped_column(ForeignKey("evidence_item.id"), index=True)
    cover: Mapped[int | None]
    label: Mapped[str] = mapped_column(String(80), default="")  # which year, which policy number

    pack: Mapped[Pack] = relationship(back_populates="pieces")
    item: Mapped[EvidenceItem] = relationship()


class PackResult(Base):
    """An awarded application whose award a pack shows, and how much of its result beside it."""

    __tablename__ = "pack_result"
    __table_args__ = (UniqueConstraint("pack_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    standards: Mapped[bool] = mapped_column(default=False)
    scores: Mapped[bool] = mapped_column(default=False)
    reasons: Mapped[bool] = mapped_column(default=False)

    pack: Mapped[Pack] = relationship(back_populates="results")
    application: Mapped[Application] = relationship()


class PackShare(Base):
    """A code that opens a pack up to and on `ends_on`. Only a hash of the code is kept."""

    __tablename__ = "pack_share"
    __table_args__ = (Index("ix_pack_share_pack_id_id", "pack_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    recipient: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    opens: Mapped[Opens] = mapped_column(enum_by_value(Opens))
    ends_on: Mapped[date] = mapped_column(index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    first_opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    pack: Mapped[Pack] = relationship()

    def is_open(self, today: date) -> bool:
        """Whether the code opens the pack on that day."""
        return self.ended_at is None and today <= self.ends_on and self.pack.deleted_at is None


class PackOpening(Base):
    """That somebody opened a pack by a code, or took a file of it. Nothing about their machine is kept."""

    __tablename__ = "pack_opening"
    __table_args__ = (
        Index("ix_pack_opening_share_id_at", "share_id", "at"),
        Index("ix_pack_opening_pack_id_id", "pack_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    share_id: Mapped[int] = mapped_column(ForeignKey("pack_share.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    did: Mapped[Did] = mapped_column(enum_by_value(Did))
    name: Mapped[str] = mapped_column(String(120), default="")
    organisation: Mapped[str] = mapped_column(String(120), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # who was signed in, where somebody was
    what: Mapped[str] = mapped_column(String(260), default="")  # the file, by title and version

    share: Mapped[PackShare] = relationship()
