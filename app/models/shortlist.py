"""Shortlists that commissioners keep, alone or as a team; how they are shared; and what was locked of them as of a day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.choosing import Verdict
from app.domain.lifecycle import AwardStatus
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.award import RegisterEntry
from app.models.team import Team

ONE_OWNER = "(owner_id IS NULL) <> (team_id IS NULL)"


class Shortlist(Base):
    """Providers that somebody, or a team, considers for something. `criteria` is the end of the search's address.

    `version` rises with every change of what stands in the row itself. A deleted one can be brought back for a while,
    and is then taken away for good.
    """

    __tablename__ = "shortlist"
    __table_args__ = (
        CheckConstraint(ONE_OWNER, name="one_owner"),
        Index("ix_shortlist_owner_id_deleted_at", "owner_id", "deleted_at"),
        Index("ix_shortlist_team_id_deleted_at", "team_id", "deleted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    name: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(Text, default="")
    criteria: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    team: Mapped[Team | None] = relationship()
    items: Mapped[list[ShortlistItem]] = relationship(
        back_populates="shortlist", order_by="ShortlistItem.position", cascade="all, delete-orphan"
    )


class ShortlistItem(Base):
    """A provider on a list, with what was written beside it. `status_then` is the register's word when it was put there.

    One that was taken off keeps its note, so that it can be put back; `version` rises with every change.
    """

    __tablename__ = "shortlist_item"
    __table_args__ = (UniqueConstraint("shortlist_id", "entry_id", name="uq_shortlist_item_shortlist_id_entry_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    shortlist_id: Mapped[int] = mapped_column(ForeignKey("shortlist.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"), index=True)
    position: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    verdict: Mapped[Verdict] = mapped_column(enum_by_value(Verdict))
    status_then: Mapped[AwardStatus] = mapped_column(enum_by_value(AwardStatus))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    shortlist: Mapped[Shortlist] = relationship(back_populates="items")
    entry: Mapped[RegisterEntry] = relationship()


class ShortlistShare(Base):
    """A link by which anybody reads a list, up to and on `ends_on` where it ends by itself. Only a hash of it is kept."""

    __tablename__ = "shortlist_share"

    id: Mapped[int] = mapped_column(primary_key=True)
    shortlist_id: Mapped[int] = mapped_column(ForeignKey("shortlist.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    words: Mapped[str] = mapped_column(String(120), default="")  # for whom it was made
    with_notes: Mapped[bool] = mapped_column(default=False)
    ends_on: Mapped[date | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    shortlist: Mapped[Shortlist] = relationship()

    def is_open(self, today: date) -> bool:
        """Whether the link opens the list on that day."""
        standing = self.ends_on is None or today <= self.ends_on
        return self.ended_at is None and standing and self.shortlist.deleted_at is None


class LockedList(Base):
    """What the register said of the providers on a list as of a day: a file that nothing changes any more.

    `content` is that file, canonical JSON, and `sha256` its hash; the database refuses every change of the row
    (app.models.append_only). It names no list by key: it outlives the one it was made from.
    """

    __tablename__ = "locked_list"
    __table_args__ = (CheckConstraint(ONE_OWNER, name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    as_of: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    list_number: Mapped[int]  # of the list it was made from
    providers: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
