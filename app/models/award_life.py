"""What an award collects while it runs: certificates as issued, notices given, surveillance, spot checks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.lifecycle import SURVEILLANCE, SurveillanceMove, SurveillanceStatus
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.award import Award
from app.models.people import User


class CertificateVersion(Base):
    """One certificate as it was issued, never altered. The highest `version` of an award is the current one.

    `why` says what changed since the one before it; empty for the first. `issued_by` is a name.
    """

    __tablename__ = "certificate_version"
    __table_args__ = (UniqueConstraint("award_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    version: Mapped[int]
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    level: Mapped[str] = mapped_column(String(40))
    level_title: Mapped[str] = mapped_column(String(80))
    holder_name: Mapped[str] = mapped_column(String(200))
    scope: Mapped[list[str]] = mapped_column(default=list)
    expires_on: Mapped[date]
    storage_key: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))

    award: Mapped[Award] = relationship()


class AwardNotice(Base):
    """One reminder or warning that was given about an award. Once it is written it is given no second time.

    `cause` is what it is about, such as "expiry" or "surveillance:2"; `stage` which of its notices, such as "60".
    """

    __tablename__ = "award_notice"
    __table_args__ = (UniqueConstraint("award_id", "cause", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    cause: Mapped[str] = mapped_column(String(80))
    stage: Mapped[str] = mapped_column(String(20))
    given_on: Mapped[date]
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Surveillance(Base):
    """One regular look at an award. `number` counts them from 1, by the award's dates.

    `said` maps the parts of the return to words, `again` the criteria that are answered again to words. `due_on` is the
    day that counts now, which a follow-up moves. `note` is what the manager wrote last.
    """

    __tablename__ = "surveillance"
    __table_args__ = (
        UniqueConstraint("award_id", "number"),
        Index("ix_surveillance_status_due_on", "status", "due_on"),
        CheckConstraint("opens_on <= due_on", name="opens_before_due"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    number: Mapped[int]
    opens_on: Mapped[date]
    due_on: Mapped[date]
    status: Mapped[SurveillanceStatus] = mapped_column(enum_by_value(SurveillanceStatus))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)
    again: Mapped[dict[str, Any]] = mapped_column(default=dict)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    award: Mapped[Award] = relationship()
    returned_by: Mapped[User | None] = relationship(foreign_keys=[returned_by_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])

    def make(self, move: SurveillanceMove) -> None:
        """Change the status by `move`. Raises IllegalMove."""
        self.status = SURVEILLANCE.after(self.status, move)


class SpotDraw(Base):
    """One draw of awards for spot checks, with all that it takes to repeat it: the list, the number and the seed."""

    __tablename__ = "spot_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    seed: Mapped[str] = mapped_column(String(64))
    percent: Mapped[int]
    population: Mapped[list[str]] = mapped_column(default=list)  # numbers of certificates
    drawn: Mapped[list[str]] = mapped_column(default=list)
    drawn_on: Mapped[date]
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    drawn_by: Mapped[User] = relationship()


class SpotCheck(Base):
    """One award that was drawn, who looks at it, and what they saw. `seen` is empty until it is done."""

    __tablename__ = "spot_check"
    __table_args__ = (UniqueConstraint("draw_id", "award_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("spot_draw.id"))
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)
    assessor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    due_on: Mapped[date | None]
    seen: Mapped[str] = mapped_column(Text, default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    draw: Mapped[SpotDraw] = relationship()
    award: Mapped[Award] = relationship()
    assessor: Mapped[User | None] = relationship()
