"""Requests that the lead of an organisation passes to somebody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.access import Role
from app.domain.lead_request import RequestKind, RequestMove, RequestStatus, request_after, status_at
from app.extensions import Base, UtcDateTime, enum_by_value


class LeadRequest(Base):
    """One request, from its beginning to its end. `person_id` is who would lead.

    `giver_becomes` is what the lead who hands over wants to be afterwards: lead, contributor, or nothing (they leave).
    `person_was` is the role that the person held when they were granted the lead, for an objection to go back to.
    `how_checked` is how whoever granted it made sure of the person.
    """

    __tablename__ = "lead_request"
    __table_args__ = (Index("ix_lead_request_organisation_id_status", "organisation_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[RequestKind] = mapped_column(enum_by_value(RequestKind))
    status: Mapped[RequestStatus] = mapped_column(enum_by_value(RequestStatus))
    status_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # none: the operator, by command
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[str] = mapped_column(String(200), default="")
    proof: Mapped[str] = mapped_column(Text, default="")
    giver_becomes: Mapped[str] = mapped_column(String(20), default="")
    person_was: Mapped[str] = mapped_column(String(20), default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    how_checked: Mapped[str] = mapped_column(Text, default="")
    refusal: Mapped[str] = mapped_column(Text, default="")
    objected_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    objection: Mapped[str] = mapped_column(Text, default="")
    others_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # that the silence is over

    def standing(self, now: datetime) -> RequestStatus:
        """The status by the clock."""
        return status_at(self.status, self.status_at, self.ends_at, now)

    def make(self, move: RequestMove, now: datetime) -> None:
        """Move from where it stands by the clock. Raises IllegalMove."""
        self.status, self.status_at = request_after(self.standing(now), move), now

    @property
    def role_before(self) -> Role | None:
        """What the person was before the lead was granted."""
        return Role(self.person_was) if self.person_was else None
