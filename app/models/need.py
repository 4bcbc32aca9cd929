"""What commissioners say they need, and which approved providers are interested."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.needs import NeedMove, NeedStatus, after
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.award import RegisterEntry
from app.models.organisation import Organisation
from app.models.watching import ONE_OWNER


class Need(Base):
    """An expression of need. `services`, `client_groups` and `areas` are codes; `people` in the time `per`.

    `organisation` is the body that asks, in its own words. `status_by` names who hid it. `summed_up_at` is when the
    commissioner was sent the answers, after it had closed.
    """

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint(ONE_OWNER, name="one_owner"),
        Index("ix_need_status_answer_by", "status", "answer_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    organisation: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(120))
    services: Mapped[list[str]] = mapped_column(default=list)
    client_groups: Mapped[list[str]] = mapped_column(default=list)
    areas: Mapped[list[str]] = mapped_column(default=list)
    people: Mapped[int | None]
    per: Mapped[str] = mapped_column(String(10), default="year")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(Text, default="")
    answer_by: Mapped[date | None]
    contact_name: Mapped[str] = mapped_column(String(120), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    status: Mapped[NeedStatus] = mapped_column(enum_by_value(NeedStatus), default=NeedStatus.DRAFT)
    status_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status_reason: Mapped[str] = mapped_column(Text, default="")
    status_by: Mapped[str] = mapped_column(String(200), default="")
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    summed_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_revision: Mapped[int] = mapped_column(default=-1)  # the register's, when providers were last looked for
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    def make(self, move: NeedMove, now: datetime, reason: str = "", by: str = "") -> None:
        """Change the status by `move`. Raises IllegalMove."""
        self.status = after(self.status, move)
        self.status_at, self.status_reason, self.status_by = now, reason, by
        self.updated_at = now
        self.version += 1


class NeedFacet(Base):
    """One code of a need, by which it is found. `kind` is "service", "group" or "area"."""

    __tablename__ = "need_facet"
    __table_args__ = (
        UniqueConstraint("need_id", "kind", "code", name="uq_need_facet_need_id_kind_code"),
        Index("ix_need_facet_kind_code", "kind", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"))
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))


class NeedChange(Base):
    """One change of a published need, in words that the public reads."""

    __tablename__ = "need_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(Text)


class NeedTold(Base):
    """That the people of an approved provider were told of a need. Once."""

    __tablename__ = "need_told"
    __table_args__ = (
        UniqueConstraint("need_id", "organisation_id", name="uq_need_told_need_id_organisation_id"),
        Index("ix_need_told_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NeedAnswer(Base):
    """That an approved provider is interested. `people` is how many it could take on, `from_on` from when.

    An answer that was taken back stays as a row without being shown, so that its day is known.
    """

    __tablename__ = "need_answer"
    __table_args__ = (
        UniqueConstraint("need_id", "organisation_id", name="uq_need_answer_need_id_organisation_id"),
        CheckConstraint("people > 0", name="some_people"),
        Index("ix_need_answer_organisation_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    need_id: Mapped[int] = mapped_column(ForeignKey("need.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id"))
    people: Mapped[int]
    from_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    organisation: Mapped[Organisation] = relationship()
    entry: Mapped[RegisterEntry] = relationship()
