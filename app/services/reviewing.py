"""What a reviewer does: declare before seeing anything, keep notes, vote on an appeal. Deciding is in review_decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.appeals import LONGEST, LONGEST_SHORT, VOTES
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.lifecycle import AppealMove, AppealStatus, ComplaintStatus
from app.domain.topics import Topic
from app.models import Appeal, Application, Complaint, Reviewer
from app.queries.reviewers import subject_of_appeal, subject_of_complaint
from app.services.casework import record_on
from app.services.telling import by_id, tell
from app.services.tie_keeping import keep_tie
from app.services.transactions import locked, record, transaction

OVER = "This review is over. Load the page again to see where it stands."


@dataclass(frozen=True)
class Held:
    """One's seat with what it is on, all held: an appeal with its case, or a complaint."""

    seat: Reviewer
    appeal: Appeal | None
    application: Application | None
    complaint: Complaint | None

    @property
    def number(self) -> str:
        found = self.appeal or self.complaint
        return found.number if found else ""

    @property
    def organisation_id(self) -> int | None:
        found = self.appeal or self.complaint
        return found.organisation_id if found else None


def declare_for_review(review_id: int, *, conflict: bool, words: str, actor: Actor, now: datetime, today: date) -> None:
    """Declare before reading anything. A conflict closes it: the reviewer stands aside and the manager is told.

    Raises NotFound, NotAllowed, Invalid (`words`), Conflict where it was declared already or is over.
    """
    if conflict and not words.strip():
        raise Invalid({"words": "Say what the interest is, so that the scheme can record it."})
    check_length(words, LONGEST_SHORT, "words")
    with transaction() as session:
        held = held_seat(session, review_id, actor, Action.DECLARE_FOR_REVIEW, today)
        if held.seat.declared_at is not None:
            raise Conflict("You have declared already. If something has changed, tell the scheme.")
        held.seat.declared_at, held.seat.conflicted, held.seat.declaration = now, conflict, words.strip()
        note(session, held, actor, "stood-aside" if conflict else "declared", now)
        if conflict:
            _stand_aside(session, held, now)


def _stand_aside(session: Session, held: Held, now: datetime) -> None:
    held.seat.ended_at = now
    if held.organisation_id is not None:
        keep_tie(session, held.seat.user_id, held.organisation_id, held.seat.declaration, now)
    found = held.appeal or held.complaint
    assert found is not None  # a seat is on one of the two
    tell(
        session,
        by_id(session, [held.seat.appointed_by_id]),
        "review_stood_aside",
        now,
        topic=Topic.CASES,
        member=held.seat.user.name,
        number=held.number,
        code=found.scheme.code,
        kind="appeals" if held.appeal else "complaints",
        dispute_id=found.id,
    )


def keep_notes(review_id: int, notes: str, version: int, *, actor: Actor, now: datetime, today: date) -> int:
    """Keep one's notes, which only those who review it with one read. Returns their new version.

    Raises NotFound, NotAllowed, Invalid (`notes`), Conflict where they were saved from another page meanwhile.
    """
    check_length(notes, LONGEST, "notes")
    with transaction() as session:
        held = held_seat(session, review_id, actor, _deciding(session, review_id), today)
        if held.seat.version != version:
            raise Conflict(
                "These notes were saved from another page meanwhile. Yours are below: save them again to keep them."
            )
        held.seat.notes, held.seat.version = notes.strip(), version + 1
        note(session, held, actor, "noted", now)
        return held.seat.version


def vote_on_appeal(review_id: int, vote: str, reason: str, *, actor: Actor, now: datetime, today: date) -> None:
    """Vote with a reason, or change one's vote until the outcome is recorded.

    Raises NotFound, NotAllowed, Invalid (`vote`, `reason`), Conflict once it is over.
    """
    check_length(reason, LONGEST_SHORT, "reason")
    errors = {} if vote in set(VOTES) else {"vote": "Choose how you vote."}
    if not reason.strip():
        errors["reason"] = "Say why. The other reviewers will read it."
    if errors:
        raise Invalid(errors)
    with transaction() as session:
        held = held_seat(session, review_id, actor, Action.DECIDE_APPEAL, today)
        if held.appeal is None:
            raise NotFound("There is no such page, or it is not open to you.")
        before = held.seat.vote
        held.seat.vote, held.seat.vote_reason, held.seat.voted_at = AppealMove(vote).value, reason.strip(), now
        note(session, held, actor, "voted", now, before=before, after=held.seat.vote)


def _deciding(session: Session, review_id: int) -> Action:
    seat = session.get(Reviewer, review_id)
    return Action.DECIDE_COMPLAINT if seat is not None and seat.complaint_id is not None else Action.DECIDE_APPEAL


def held_seat(session: Session, review_id: int, actor: Actor, action: Action, today: date) -> Held:
    """One's own seat in a review that goes on, with what it is on, all held. Raises NotFound, NotAllowed, Conflict."""
    seat = session.get(Reviewer, review_id)
    if seat is None or actor.user_id is None or seat.user_id != actor.user_id:
        raise NotFound("There is no such page, or it is not open to you.")
    appeal, application, complaint = _locked(session, seat)
    require(actor, action, _subject(session, appeal, complaint, today))
    going_on = appeal.status is AppealStatus.IN_REVIEW if appeal else _looked_into(complaint)
    held = locked(session, Reviewer, review_id)
    if not going_on or held.ended_at is not None:
        raise Conflict(OVER)
    return Held(held, appeal, application, complaint)


def _locked(session: Session, seat: Reviewer) -> tuple[Appeal | None, Application | None, Complaint | None]:
    """What the seat is on, held: the case before the appeal, as every use-case does."""
    if seat.complaint_id is not None:
        return None, None, locked(session, Complaint, seat.complaint_id)
    found = session.get_one(Appeal, seat.appeal_id)
    application = locked(session, Application, found.application_id)
    return locked(session, Appeal, found.id), application, None


def _subject(session: Session, appeal: Appeal | None, complaint: Complaint | None, today: date) -> Subject:
    if appeal is not None:
        return subject_of_appeal(session, appeal, today)
    assert complaint is not None  # a seat is on one of the two
    return subject_of_complaint(session, complaint)


def _looked_into(complaint: Complaint | None) -> bool:
    return complaint is not None and complaint.status is ComplaintStatus.INVESTIGATING


def note(session: Session, held: Held, actor: Actor, verb: str, now: datetime, **detail: Any) -> None:
    """The audit row of what a reviewer did. What they wrote is theirs, and stands in no trail that the provider's people see."""
    detail["number"] = held.number
    if held.application is not None:
        record_on(session, actor, f"appeal.{verb}", held.seat, held.application, now, **detail)
    elif held.complaint is not None:
        record(session, actor, f"complaint.{verb}", held.seat, now, scheme_id=held.complaint.scheme_id, **detail)
