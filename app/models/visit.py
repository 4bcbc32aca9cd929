"""Visits of assessors to a provider: the plan, who goes, what was drawn, the notes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.visits import NoteKind, ProposalState, VisitMove, VisitStatus, VisitWay, visit_after
from app.extensions import Base, UtcDateTime, enum_by_value
from app.models.parts import Site
from app.models.people import User


class Visit(Base):
    """One visit in one case. `version` rises with every change of the plan, for those who keep it in a calendar.

    `meets` names roles and never people; `reason` says why it was cancelled or changed.
    """

    __tablename__ = "visit"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)  # of who planned it
    status: Mapped[VisitStatus] = mapped_column(enum_by_value(VisitStatus))
    way: Mapped[VisitWay] = mapped_column(enum_by_value(VisitWay))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(500), default="")
    meets: Mapped[str] = mapped_column(Text, default="")
    about: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    sites: Mapped[list[Site]] = relationship(secondary="visit_site", order_by=Site.id)
    goers: Mapped[list[User]] = relationship(secondary="visit_goer", order_by=User.id)

    def make(self, move: VisitMove) -> None:
        """Change the status by `move`. Raises IllegalMove."""
        self.status = visit_after(self.status, move)


class VisitSite(Base):
    """That a visit goes to one of the organisation's sites."""

    __tablename__ = "visit_site"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), primary_key=True, index=True)


class VisitGoer(Base):
    """That an assessor goes on a visit."""

    __tablename__ = "visit_goer"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)


class VisitProposal(Base):
    """Another time that the provider proposed for a visit."""

    __tablename__ = "visit_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ProposalState] = mapped_column(enum_by_value(ProposalState))
    answer: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class VisitDraw(Base):
    """A sample drawn at random (app.domain.sampling.draw), never changed and never taken away.

    `of` says what was drawn ("files"), `population` how it was given ("1 to 240"): a list of references itself is not
    kept, only how many there were and their hash, so that whoever holds the list can repeat the draw.
    """

    __tablename__ = "visit_draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    of: Mapped[str] = mapped_column(String(80))
    population: Mapped[str] = mapped_column(String(500))
    population_size: Mapped[int]
    population_hash: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    rule: Mapped[str] = mapped_column(String(300), default="")
    seed: Mapped[str] = mapped_column(String(64))
    drawn: Mapped[list[str]]
    reason: Mapped[str] = mapped_column(Text, default="")  # why it was drawn again, or in another size
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class VisitNote(Base):
    """What an assessor heard, saw or read. `role` is that of the person spoken to, never a name. Private until handed in."""

    __tablename__ = "visit_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    kind: Mapped[NoteKind] = mapped_column(enum_by_value(NoteKind))
    criteria: Mapped[list[str]]
    role: Mapped[str] = mapped_column(String(200), default="")
    text: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Citation(Base):
    """That an assessor rests the score of one criterion on a note of a visit."""

    __tablename__ = "citation"

    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    criterion_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    note_id: Mapped[int] = mapped_column(ForeignKey("visit_note.id"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
