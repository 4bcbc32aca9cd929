"""What a provider did with an answer of its own that was offered to it again on another framework's criterion."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.crosslinks import Extent
from app.domain.proposals import Reply
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.application import Application
from app.models.people import User


class Proposal(Base):
    """One offered answer that was taken or turned down; one that waits has no row.

    It names where the answer comes from: application, criterion, and the version that the provider saw. Where it was
    taken, `words` and `evidence` say what of it, and `answer_version` which version of the own answer came of it.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint(
            "application_id", "criterion_code", "source_application_id", "source_code", name="uq_proposal_offer"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    source_application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    source_code: Mapped[str] = mapped_column(String(40))
    source_version: Mapped[int]
    extent: Mapped[Extent] = mapped_column(enum_by_value(Extent))
    reply: Mapped[Reply] = mapped_column(enum_by_value(Reply))
    words: Mapped[bool] = mapped_column(default=False)  # whether the words were taken too
    evidence: Mapped[int] = mapped_column(default=0)  # how many pieces of evidence came with it
    answer_version: Mapped[int] = mapped_column(default=0)
    replied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replied_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    source: Mapped[Application] = relationship(foreign_keys=[source_application_id])
    replied_by: Mapped[User] = relationship()
