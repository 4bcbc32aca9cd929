"""Who helps an organisation from outside: advisers with the rights it gave, and the members of a consortium."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, UtcDateTime
from app.models.organisation import Organisation
from app.models.people import User


class AdviserGrant(Base):
    """That an organisation lets a person from outside help, with exactly these rights (app.domain.access.Right).

    It holds from `granted_at` through `ends_on`, where that is said, or until it is ended. Its row stays.
    """

    __tablename__ = "adviser_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    rights: Mapped[list[str]] = mapped_column(default=list)
    works_for: Mapped[str] = mapped_column(String(200), default="")  # the umbrella body, as the organisation wrote it
    ends_on: Mapped[date | None]
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class ConsortiumMember(Base):
    """That one organisation is a member of another, which is a consortium. One member leads. A row stays when it leaves."""

    __tablename__ = "consortium_member"

    id: Mapped[int] = mapped_column(primary_key=True)
    consortium_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    leads: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime)
    joined_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    member: Mapped[Organisation] = relationship(foreign_keys=[member_id])
