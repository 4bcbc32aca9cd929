"""What is settled where several assessors scored differently: the agreed scores, and who still sees it otherwise."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.reconciling import Settling
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.application import Application
from app.models.people import User


class ScoreSettlement(Base):
    """That the scores of a case's assessors differed, and how they were settled. Of each case one is `standing`.

    `agreed` of the `compared` criteria had the same scores, as the framework's floor counts them. `sheet` are the scores
    that count, packed as those of an assessment are; None until they are settled. `met_on` and `meeting` say when and how
    assessors met who had to.
    """

    __tablename__ = "score_settlement"
    __table_args__ = (
        Index(
            "uq_score_settlement_standing",
            "application_id",
            unique=True,
            sqlite_where=text("standing"),
            postgresql_where=text("standing"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    settling: Mapped[Settling] = mapped_column(enum_by_value(Settling))
    agreed: Mapped[int]
    compared: Mapped[int]
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    met_on: Mapped[date | None]
    meeting: Mapped[str] = mapped_column(Text, default="", server_default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    standing: Mapped[bool] = mapped_column(default=True, server_default=false())
    sheet: Mapped[bytes | None] = mapped_column(deferred=True)

    application: Mapped[Application] = relationship()
    scores: Mapped[list[AgreedScore]] = relationship(back_populates="settlement")
    dissents: Mapped[list[Dissent]] = relationship(back_populates="settlement")


class AgreedScore(Base):
    """What the lead assessor recorded as agreed on a criterion that was scored differently, with the reason.

    `version` rises with every save: a save that names an older one is a conflict, not an overwrite.
    """

    __tablename__ = "agreed_score"
    __table_args__ = (
        UniqueConstraint("settlement_id", "criterion_code"),
        CheckConstraint("NOT (not_applicable AND point IS NOT NULL)", name="point_or_not_applicable"),
        CheckConstraint("NOT (not_rated AND (not_applicable OR point IS NOT NULL))", name="point_or_not_rated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("score_settlement.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    point: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False, server_default=false())
    not_rated: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    settlement: Mapped[ScoreSettlement] = relationship(back_populates="scores")


class Dissent(Base):
    """That an assessor still sees one criterion otherwise than what was agreed, and why. It goes to the panel."""

    __tablename__ = "dissent"
    __table_args__ = (UniqueConstraint("settlement_id", "criterion_code", "assessor_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    settlement_id: Mapped[int] = mapped_column(ForeignKey("score_settlement.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    assessor_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    words: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)

    settlement: Mapped[ScoreSettlement] = relationship(back_populates="dissents")
    assessor: Mapped[User] = relationship()
