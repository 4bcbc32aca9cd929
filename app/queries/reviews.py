"""What reviewers see: their appeals and complaints, the declaration, then all there is to read, and the votes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.appeals import (
    OUTCOME_WORDS,
)
from app.domain.errors import NotFound
from app.domain.lifecycle import AppealStatus, ComplaintStatus
from app.extensions import db
from app.models import Appeal, Application, Complaint, Reviewer
from app.queries.reviewers import subject_of_appeal, subject_of_complaint

MOST_REVIEWS = 100
JUDGES = frozenset({Role.ASSESSOR, Role.PANEL_MEMBER, Role.MANAGER})


@dataclass(frozen=True)
class ReviewRow:
    """One review in its reviewer's list. Before the declaration it names the provider and nothing of the matter."""

    review_id: int
    number: str
    what: str
    due_on: date
    late: bool
    next_step: str
    outcome: str


@dataclass(frozen=True)
class OwnReview:
    """What every page of one review shows. `open` while nothing is decided and the reviewer still has the part."""

    review_id: int
    appeal: bool
    number: str
    what: str
    scheme: str
    due_on: date
    declared: bool
    aside: bool
    leads: bool
    open: bool
    notes: str
    version: int
    vote: str
    vote_reason: str


def reviews_home(actor: Actor, today: date) -> tuple[ReviewRow, ...]:
    """What the actor reviews, what is open first and by its day. One statement."""
    schemes = {scheme_id for scheme_id, roles in actor.schemes.items() if roles & JUDGES}
    seats = db.session.scalars(
        select(Reviewer)
        .where(Reviewer.user_id == actor.user_id, Reviewer.ended_at.is_(None))
        .options(
            joinedload(Reviewer.appeal).joinedload(Appeal.organisation),
            joinedload(Reviewer.complaint).joinedload(Complaint.organisation),
        )
        .order_by(Reviewer.id.desc())
        .limit(MOST_REVIEWS)
    ).all()
    rows = [_row(seat, today) for seat in seats if _thing(seat).scheme_id in schemes]
    return tuple(sorted(rows, key=lambda row: (not row.next_step, bool(row.outcome), row.due_on)))


def _thing(seat: Reviewer) -> Appeal | Complaint:
    found = seat.appeal or seat.complaint
    assert found is not None  # the table checks that a seat is on one of the two
    return found


def _what(thing: Appeal | Complaint) -> str:
    name = thing.organisation.name if thing.organisation else "the scheme"
    return f"Appeal by {name}" if isinstance(thing, Appeal) else f"Complaint about {name}"


def _due(thing: Appeal | Complaint) -> date:
    return thing.due_on if isinstance(thing, Appeal) else thing.answer_by


def _open(thing: Appeal | Complaint) -> bool:
    return thing.status in {AppealStatus.IN_REVIEW, ComplaintStatus.INVESTIGATING}


def _row(seat: Reviewer, today: date) -> ReviewRow:
    thing = _thing(seat)
    return ReviewRow(
        review_id=seat.id,
        number=thing.number,
        what=_what(thing),
        due_on=_due(thing),
        late=_open(thing) and _due(thing) < today,
        next_step=_next_step(seat, thing) if _open(thing) else "",
        outcome=OUTCOME_WORDS.get(thing.outcome, ""),
    )


def _next_step(seat: Reviewer, thing: Appeal | Complaint) -> str:
    if seat.declared_at is None:
        return "Declare interests"
    if isinstance(thing, Complaint):
        return "Look into it and answer"
    if not seat.vote:
        return "Read the appeal and vote"
    return "Record the outcome" if seat.leads else ""


def own_review(review_id: int, actor: Actor, today: date) -> OwnReview:
    """What an appointed reviewer may know before declaring. Raises NotFound to everybody else, NotAllowed.

    One who stood aside still finds it, and nothing more.
    """
    seat = own_seat(review_id, actor)
    thing = _thing(seat)
    aside = seat.ended_at is not None
    if not aside:
        require(actor, Action.DECLARE_FOR_REVIEW, _subject(thing, today))
    return OwnReview(
        review_id=seat.id,
        appeal=seat.appeal is not None,
        number=thing.number,
        what=_what(thing),
        scheme=thing.scheme.title,
        due_on=_due(thing),
        declared=seat.declared_at is not None,
        aside=aside,
        leads=seat.leads,
        open=_open(thing) and not aside,
        notes=seat.notes,
        version=seat.version,
        vote=seat.vote,
        vote_reason=seat.vote_reason,
    )


def own_seat(review_id: int, actor: Actor) -> Reviewer:
    seat = db.session.get(
        Reviewer,
        review_id,
        options=[
            joinedload(Reviewer.appeal).joinedload(Appeal.application).joinedload(Application.organisation),
            joinedload(Reviewer.complaint).joinedload(Complaint.organisation),
        ],
    )
    if seat is None or not actor.signed_in or seat.user_id != actor.user_id:
        raise NotFound("There is no such page, or it is not open to you.")
    return seat


def _subject(thing: Appeal | Complaint, today: date) -> Subject:
    if isinstance(thing, Appeal):
        return subject_of_appeal(db.session(), thing, today)
    return subject_of_complaint(db.session(), thing)
