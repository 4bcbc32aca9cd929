"""Certificates of other bodies that an organisation holds, what each scheme said of them, and where they were used."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.certificates_held import CHECK_MOVES, CheckMove, CheckState
from app.domain.lifecycle import after
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.organisation import EvidenceVersion, Organisation


class Passport(Base):
    """One certificate of another body. It can be changed until a scheme has looked at it, and is replaced after that.

    `scheme_code`, `level` and `criterion` are what frameworks name it by; without a scheme's code it answers nothing.
    `proof_id` is the version of the evidence that shows it. `told_days` is the last notice of its end that was given:
    see `app.domain.certificates_held.notice_due`.
    """

    __tablename__ = "passport"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    scheme_code: Mapped[str] = mapped_column(String(80), default="")
    level: Mapped[str | None] = mapped_column(String(80))
    criterion: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(200))
    number: Mapped[str] = mapped_column(String(80))
    holder: Mapped[str] = mapped_column(String(200))
    issued_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(index=True)
    url: Mapped[str] = mapped_column(String(1000), default="")
    proof_id: Mapped[int | None] = mapped_column(ForeignKey("evidence_version.id"), index=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("passport.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    told_days: Mapped[int | None]

    organisation: Mapped[Organisation] = relationship()
    proof: Mapped[EvidenceVersion | None] = relationship()
    checks: Mapped[list[PassportCheck]] = relationship(back_populates="passport", order_by="PassportCheck.id")


class PassportCheck(Base):
    """That a scheme was asked to check a certificate, and what it said. Each scheme decides for itself alone."""

    __tablename__ = "passport_check"
    __table_args__ = (
        UniqueConstraint("passport_id", "scheme_id"),
        Index("ix_passport_check_scheme_id_state", "scheme_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    passport_id: Mapped[int] = mapped_column(ForeignKey("passport.id"))
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    state: Mapped[CheckState] = mapped_column(enum_by_value(CheckState))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    passport: Mapped[Passport] = relationship(back_populates="checks")

    def make(self, move: CheckMove, now: datetime) -> None:
        """Change the state by `move`. Raises IllegalMove."""
        self.state = after(CHECK_MOVES, self.state, move, "certificate")
        self.checked_at = now


class PassportUse(Base):
    """That a passport answered a criterion when an application was handed in at `submitted_at`: kept as it was then.

    It rests on another body's certificate or on an award of ours. `fell_on` and `fell_because` say that it stood no more
    when the panel decided; until then pages look at the thing itself. `told_days` is as on Passport.
    """

    __tablename__ = "passport_use"
    __table_args__ = (
        UniqueConstraint("application_id", "submitted_at", "criterion_code", name="uq_passport_use_criterion"),
        CheckConstraint("(passport_id IS NULL) <> (award_id IS NULL)", name="passport_or_award"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    criterion_code: Mapped[str] = mapped_column(String(40))
    passport_id: Mapped[int | None] = mapped_column(ForeignKey("passport.id"), index=True)
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    number: Mapped[str] = mapped_column(String(80))
    until: Mapped[date | None]
    point: Mapped[int | None]
    checked_by: Mapped[str] = mapped_column(String(120), default="")
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fell_on: Mapped[date | None]
    fell_because: Mapped[str] = mapped_column(Text, default="")
    told_days: Mapped[int | None]

    passport: Mapped[Passport | None] = relationship()


class OwnAnswer(Base):
    """That a provider answers a criterion itself, to be judged on it, although a passport would answer it."""

    __tablename__ = "own_answer"
    __table_args__ = (UniqueConstraint("application_id", "criterion_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    chosen_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
