"""What providers say of the capacity of their services."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.offers import Taking
from app.extensions import Base, UtcDateTime, enum_by_value


class ServiceOffer(Base):
    """One service of an organisation: whether it takes people on, for how many, and how long they wait, as last said.

    `version` rises with every change, so that two people who edit at once are told.
    """

    __tablename__ = "service_offer"
    __table_args__ = (
        UniqueConstraint("organisation_id", "service", name="uq_service_offer_organisation_id_service"),
        CheckConstraint("capacity >= 0 AND free >= 0 AND weeks >= 0", name="counts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    service: Mapped[str] = mapped_column(String(40))  # a code of standards/lists/service-types.yaml
    taking: Mapped[Taking] = mapped_column(enum_by_value(Taking))
    capacity: Mapped[int | None]
    free: Mapped[int | None]
    weeks: Mapped[int | None]
    how: Mapped[str] = mapped_column(Text, default="")
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)
    reminded: Mapped[int] = mapped_column(default=0)  # 1: asked before it went out of date, 2: told that it did
