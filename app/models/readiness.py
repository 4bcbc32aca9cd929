"""How ready an application was on a day: kept so that its people see what changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, UtcDateTime


class ReadinessSnapshot(Base):
    """One application's readiness on one day, as app.domain.snapshots writes it. Later on that day it is written anew.

    `looked_at` is when the application was last found to stand as it says. `submitted` is set on the day it was handed in.
    """

    __tablename__ = "readiness_snapshot"
    __table_args__ = (UniqueConstraint("application_id", "taken_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    taken_on: Mapped[date]
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted: Mapped[bool] = mapped_column(default=False)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
