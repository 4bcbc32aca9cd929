"""Panels: who was called, what they declared, how they voted, and what the chair recorded."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.lifecycle import DECISION, PANEL, DecisionMove, DecisionStatus, PanelMove, PanelStatus
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.application import Application
from app.models.people import User


class Panel(Base):
    """A panel called for one application. A deferred case gets another panel when it comes back.

    A panel meets on its own, or as one item of a meeting, at `position` of its agenda. `discussion` is the chair's record of
    what was said, for the minutes.
    """

    __tablename__ = "panel"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    chair_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    meets_on: Mapped[date | None]
    called_at: Mapped[datetime] = mapped_column(UtcDateTime)
    called_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    status: Mapped[PanelStatus] = mapped_column(enum_by_value(PanelStatus), default=PanelStatus.CALLED)
    vote_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("panel_meeting.id"), index=True)
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    discussion: Mapped[str] = mapped_column(Text, default="", server_default="")
    discussion_version: Mapped[int] = mapped_column(default=0, server_default="0")

    application: Mapped[Application] = relationship()
    seats: Mapped[list[PanelSeat]] = relationship(back_populates="panel", order_by="PanelSeat.id")
    decision: Mapped[Decision | None] = relationship(back_populates="panel")

    def make(self, move: PanelMove) -> None:
        """Change the status by `move`. Raises IllegalMove."""
        self.status = PANEL.after(self.status, move)


class PanelSeat(Base):
    """One member of a panel: declaration, then vote. A member with a conflict has stood aside.

    `vote` is an outcome of app.domain.deciding or "abstain"; empty while there is none. `present` is what the chair recorded
    of the meeting, None where nothing was. `minuted` asks that the reasons stand in the minutes where the panel decides
    otherwise. `read_at` is when the member said that they have read the case pack.
    """

    __tablename__ = "panel_seat"
    __table_args__ = (UniqueConstraint("panel_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    lay: Mapped[bool] = mapped_column(default=False)
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    conflicted: Mapped[bool] = mapped_column(default=False)
    declaration: Mapped[str] = mapped_column(Text, default="")
    vote: Mapped[str] = mapped_column(String(40), default="")
    vote_level: Mapped[str | None] = mapped_column(String(40))
    vote_reason: Mapped[str] = mapped_column(Text, default="")
    voted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    present: Mapped[bool | None]
    minuted: Mapped[bool] = mapped_column(default=False, server_default=false())
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    panel: Mapped[Panel] = relationship(back_populates="seats")
    user: Mapped[User] = relationship()


class Decision(Base):
    """What the panel decided, recorded by its chair. `tally` counts the votes by outcome, as they stood.

    `computed_level` is what the scores gave; `departure` says why where the decision differs from it. `appeal_by` is the
    last day on which the provider can appeal, as its letter says. `letter_*` name the stored PDF of the letter,
    `minutes_*` that of the minutes once the chair has signed them.
    """

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    panel_id: Mapped[int] = mapped_column(ForeignKey("panel.id"), unique=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    outcome: Mapped[str] = mapped_column(String(40))
    level: Mapped[str | None] = mapped_column(String(40))
    computed_level: Mapped[str | None] = mapped_column(String(40))
    departure: Mapped[str] = mapped_column(Text, default="")
    reasons: Mapped[str] = mapped_column(Text)
    conditions: Mapped[str] = mapped_column(Text, default="")
    conditions_due_on: Mapped[date | None]
    tally: Mapped[dict[str, Any]] = mapped_column(default=dict)
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    status: Mapped[DecisionStatus] = mapped_column(enum_by_value(DecisionStatus), default=DecisionStatus.RECORDED)
    appeal_by: Mapped[date | None]
    letter_key: Mapped[str] = mapped_column(String(100), default="", server_default="")
    letter_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    minutes_key: Mapped[str] = mapped_column(String(100), default="", server_default="")
    minutes_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    panel: Mapped[Panel] = relationship(back_populates="decision")

    def make(self, move: DecisionMove) -> None:
        """Change the status by `move`; what was decided never changes. Raises IllegalMove."""
        self.status = DECISION.after(self.status, move)
