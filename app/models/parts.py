"""Sites of an organisation, and the parts of an answer that sites or members of a consortium give each for themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.parts import SiteKind
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.organisation import Organisation


class Site(Base):
    """A place, or a service that is run on its own, which answers for itself where a framework says so.

    A closed one keeps its row and what it answered. `version` rises with every change.
    """

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[SiteKind] = mapped_column(enum_by_value(SiteKind))
    about: Mapped[str] = mapped_column(String(400), default="")  # the address, or what the service does
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class AnswerPart(Base):
    """What one site, or one member of a consortium, says on one criterion. The answer itself is put together from these.

    `version` rises with every save, as that of an answer does.
    """

    __tablename__ = "answer_part"
    __table_args__ = (
        UniqueConstraint("application_id", "criterion_code", "site_id"),
        UniqueConstraint("application_id", "criterion_code", "member_id"),
        CheckConstraint("(site_id IS NULL) <> (member_id IS NULL)", name="site_or_member"),
        CheckConstraint("NOT (not_applicable AND point IS NOT NULL)", name="point_or_not_applicable"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    point: Mapped[int | None]
    not_applicable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    site: Mapped[Site | None] = relationship()
    member: Mapped[Organisation | None] = relationship()
