"""How many people live where, as the operator loaded it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, UtcDateTime


class Population(Base):
    """How many people of a client group live in a council area in a year, and who says so.

    `client_group` is a code of standards/lists/client-groups.yaml; "" counts everybody who lives there.
    """

    __tablename__ = "population"
    __table_args__ = (
        UniqueConstraint("area", "client_group", name="uq_population_area_client_group"),
        CheckConstraint("people >= 0", name="people_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str] = mapped_column(String(9))
    client_group: Mapped[str] = mapped_column(String(40), default="")
    people: Mapped[int]
    year: Mapped[int]
    source: Mapped[str] = mapped_column(String(200))
    invented: Mapped[bool] = mapped_column(default=False)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
