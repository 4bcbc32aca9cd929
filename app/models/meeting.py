"""Meetings of panels: several cases on one day, who is called, and what members note for each other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, UtcDateTime
from app.models.panel import Panel
from app.models.people import User
from app.models.scheme import Scheme


class PanelMeeting(Base):
    """A meeting at which several cases are decided. Each case is a Panel of it, in the order of `Panel.position`.

    `minutes_long` is how long it is meant to take. `sequence` rises with every change of time, place or members: calendars
    ask for it, so that a newer invitation replaces an older one.
    """

    __tablename__ = "panel_meeting"
    __table_args__ = (
        Index("ix_panel_meeting_scheme_id_starts_at", "scheme_id", "starts_at"),
        CheckConstraint("minutes_long > 0", name="takes_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    minutes_long: Mapped[int]
    place: Mapped[str] = mapped_column(String(300), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    chair_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    sequence: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    called_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    scheme: Mapped[Scheme] = relationship()
    chair: Mapped[User] = relationship(foreign_keys=[chair_id])
    members: Mapped[list[MeetingMember]] = relationship(
        back_populates="meeting", order_by="MeetingMember.id", cascade="all, delete-orphan"
    )
    panels: Mapped[list[Panel]] = relationship(order_by=[Panel.position, Panel.id], viewonly=True)


class MeetingMember(Base):
    """Somebody who is called to a meeting. On each of its cases they have a seat, unless something bars them from it."""

    __tablename__ = "meeting_member"
    __table_args__ = (UniqueConstraint("meeting_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("panel_meeting.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    lay: Mapped[bool] = mapped_column(default=False)

    meeting: Mapped[PanelMeeting] = relationship(back_populates="members")
    user: Mapped[User] = relationship()


class PanelNote(Base):
    """What one member notes on one case, for the other members who sit on it. Nobody else reads it.

    `version` rises with every save, so that two windows of one person never overwrite each other.
    """

    __tablename__ = "panel_note"
    __table_args__ = (UniqueConstraint("panel_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship()
