"""What is known of evidence beside its contents: whether its link can be reached, and what its people were told."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base, UtcDateTime


class LinkCheck(Base):
    """What the last look at the address of one version found.

    `answer` is in words ("404 Not Found"). `failing_since` is the day of the first of the failures that nothing broke off,
    `failed_days` on how many days it failed since; `dead_since` is set once that is enough (app.domain.links).
    """

    __tablename__ = "link_check"

    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"), primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_on: Mapped[date] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(String(200), default="")
    failing_since: Mapped[date | None]
    failed_days: Mapped[int] = mapped_column(default=0)
    dead_since: Mapped[date | None]


class EvidenceNotice(Base):
    """That an organisation's people were told something of one version, so that they are told once.

    `about` is "expiry-60", "expiry-14" or "expiry-0".
    """

    __tablename__ = "evidence_notice"

    version_id: Mapped[int] = mapped_column(ForeignKey("evidence_version.id"), primary_key=True)
    about: Mapped[str] = mapped_column(String(20), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
