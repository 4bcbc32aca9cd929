"""Awards, and the register entries that the public sees."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.lifecycle import AWARD_MOVES, AwardMove, AwardStatus, after
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.application import Application
from app.models.organisation import Organisation
from app.models.scheme import FrameworkEdition, Scheme


class Award(Base):
    """What a positive decision grants. `granted_on` and `expires_on` are both days on which the award is valid.

    `certificate_key` and `certificate_sha256` name the stored PDF. `status` is never "expired": the calendar says that.
    """

    __tablename__ = "award"
    __table_args__ = (CheckConstraint("expires_on >= granted_on", name="expires_after_grant"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("framework_edition.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    level: Mapped[str] = mapped_column(String(40))
    level_title: Mapped[str] = mapped_column(String(80))
    level_colour: Mapped[str] = mapped_column(String(20), default="plain")  # of the mark: gold, silver, bronze, plain
    holder_name: Mapped[str] = mapped_column(String(200))
    scope: Mapped[list[str]] = mapped_column(default=list)  # lines in words: services, sites, areas
    covers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # services (codes) and sites (names)
    status: Mapped[AwardStatus] = mapped_column(enum_by_value(AwardStatus))
    status_on: Mapped[date]
    status_reason: Mapped[str] = mapped_column(Text, default="")
    conditions: Mapped[str] = mapped_column(Text, default="")
    conditions_due_on: Mapped[date | None]
    granted_on: Mapped[date]
    expires_on: Mapped[date] = mapped_column(index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    provisional: Mapped[bool] = mapped_column(default=False)  # granted so, and not confirmed yet
    suspended_until: Mapped[date | None]
    cycle_from: Mapped[date | None]  # where it is not the day of grant: of a renewal that keeps the old cycle's dates
    certificate_key: Mapped[str] = mapped_column(String(100), default="")
    certificate_sha256: Mapped[str] = mapped_column(String(64), default="")

    organisation: Mapped[Organisation] = relationship()
    scheme: Mapped[Scheme] = relationship()
    application: Mapped[Application] = relationship()
    edition: Mapped[FrameworkEdition] = relationship()

    @property
    def counted_from(self) -> date:
        """The day from which its surveillance is counted."""
        return self.cycle_from or self.granted_on

    def make(self, move: AwardMove, today: date, reason: str) -> None:
        """Change the status by `move` from today on; one that keeps the status keeps its day. Raises IllegalMove."""
        before, self.status = self.status, after(AWARD_MOVES, self.status, move, "award")
        if self.status is before:
            return
        self.status_on = today
        self.suspended_until = None
        self.status_reason = reason


class RegisterEntry(Base):
    """What the register says of one holder in one scheme, as published: a copy, so that a draft edit never shows.

    `status` is the stored one; pages show it as of today. `revision` rises over the whole register with every change,
    so that each worker's search index knows what is new.
    """

    __tablename__ = "register_entry"
    __table_args__ = (
        UniqueConstraint("organisation_id", "scheme_id"),
        Index(  # of the few that are left out everywhere, so that counting and passing over them reads no other row
            "ix_register_entry_left_out",
            "organisation_id",
            sqlite_where=text("status = 'void'"),
            postgresql_where=text("status = 'void'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    name: Mapped[str] = mapped_column(String(200), index=True)
    kind: Mapped[str] = mapped_column(String(40), default="")
    summary: Mapped[str] = mapped_column(String(300), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    identifiers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # org-id scheme -> number
    contact: Mapped[dict[str, Any]] = mapped_column(default=dict)  # website, email, phone, address as published
    postcode: Mapped[str] = mapped_column(String(8), default="")  # empty where the address is private
    easting: Mapped[int | None]
    northing: Mapped[int | None]
    area_code: Mapped[str] = mapped_column(String(9), default="")
    areas: Mapped[list[str]] = mapped_column(default=list)
    services: Mapped[list[str]] = mapped_column(default=list)
    client_groups: Mapped[list[str]] = mapped_column(default=list)
    size: Mapped[str] = mapped_column(String(20), default="")  # of app.domain.size
    languages: Mapped[list[str]] = mapped_column(default=list)
    access: Mapped[list[str]] = mapped_column(default=list)
    strengths: Mapped[str] = mapped_column(Text, default="")  # the provider's own words
    offers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # of app.domain.offers.Offer, days as text
    level: Mapped[str] = mapped_column(String(40))
    level_title: Mapped[str] = mapped_column(String(80))
    level_colour: Mapped[str] = mapped_column(String(20), default="plain")
    status: Mapped[AwardStatus] = mapped_column(enum_by_value(AwardStatus))
    status_on: Mapped[date]
    granted_on: Mapped[date]
    expires_on: Mapped[date]
    invented: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(index=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    award: Mapped[Award] = relationship()
    scheme: Mapped[Scheme] = relationship()


class RegisterEvent(Base):
    """One change of one entry as the public reads it, in the order of `id`, never altered.

    `id` tells the order alone: the register's revision is counted apart from it and kept on the entry that changed.
    """

    __tablename__ = "register_event"
    __table_args__ = (Index("ix_register_event_entry_id_id", "entry_id", "id"), Index("ix_register_event_at", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))  # awarded, conditions-met, suspended, reinstated, withdrawn ...
    number: Mapped[str] = mapped_column(String(40))
    level_title: Mapped[str] = mapped_column(String(80))
    status: Mapped[AwardStatus] = mapped_column(enum_by_value(AwardStatus))
    words: Mapped[str] = mapped_column(Text, default="")  # the public sentence
