"""The improvement plan: its actions, the evidence of what was done, and the calendars that follow it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.lifecycle import after
from app.domain.plan import ACTION_MOVES, ActionMove, ActionState, Reminder, Source
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.organisation import EvidenceItem
from app.models.people import User


class PlanAction(Base):
    """One thing that an organisation wants to do. The owner is one of its people or a plain name, or nobody yet.

    `part` is the name of the standard that the criterion belongs to, kept so that a plan can be looked at by standard.
    `version` rises with every change: a change that names an older one is a conflict. `reminded` is the last reminder sent
    for the date that it has now. `ended_on` is the day on which it was done or dropped.
    """

    __tablename__ = "plan_action"
    __table_args__ = (
        Index("ix_plan_action_organisation_id_state", "organisation_id", "state"),
        Index("ix_plan_action_state_due_on", "state", "due_on"),
        CheckConstraint("owner_id IS NULL OR owner_name = ''", name="one_owner"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    criterion_code: Mapped[str] = mapped_column(String(40), default="")
    part: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[Source] = mapped_column(enum_by_value(Source))
    title: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    owner_name: Mapped[str] = mapped_column(String(120), default="")
    due_on: Mapped[date | None]
    state: Mapped[ActionState] = mapped_column(enum_by_value(ActionState))
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was dropped
    ended_on: Mapped[date | None]
    reminded: Mapped[Reminder] = mapped_column(enum_by_value(Reminder), default=Reminder.NONE)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    updated_by: Mapped[User] = relationship(foreign_keys=[updated_by_id])

    def make(self, move: ActionMove, today: date) -> None:
        """Change the state by `move`. Raises IllegalMove."""
        self.state = after(ACTION_MOVES, self.state, move, "action")
        self.ended_on = today if self.state in (ActionState.DONE, ActionState.DROPPED) else None


class PlanEvidence(Base):
    """A piece of the library that shows what an action came to."""

    __tablename__ = "plan_evidence"
    __table_args__ = (UniqueConstraint("action_id", "item_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("plan_action.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("evidence_item.id"), index=True)
    attached_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attached_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    item: Mapped[EvidenceItem] = relationship()


class PlanFeed(Base):
    """A private address from which a person's calendar reads the plan. Only a hash of its secret is kept.

    `only_mine` is whether it tells the person's own actions alone. It is dead from `ended_at` on.
    """

    __tablename__ = "plan_feed"
    __table_args__ = (Index("ix_plan_feed_user_id_organisation_id", "user_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    only_mine: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
