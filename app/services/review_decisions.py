"""What reviewers decide, with everything that follows from it: the outcome of an appeal, the answer to a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.appeals import Against, Remedy, carried, check_decided, check_team, terms_of
from app.domain.complaints import LONGEST, LONGEST_SHORT, Follow
from app.domain.errors import Conflict, Incomplete, Invalid, NotAllowed, NotFound, check_length
from app.domain.lifecycle import (
    APPLICATION_MOVES,
    AppealMove,
    ApplicationMove,
    AwardMove,
    ComplaintMove,
    DecisionMove,
)
from app.domain.wording import joined
from app.models import Appeal, Application, Award, Decision, Reviewer
from app.queries.award_moves import open_moves
from app.queries.reviewers import closed_to, subject_of_appeal
from app.services.award_rules import changed
from app.services.casework import mail_leads, record_on, user_id
from app.services.complaint_handling import make, write_answer
from app.services.reviewing import Held, held_seat
from app.services.transactions import locked, transaction

REINSTATING = (AwardMove.REINSTATE, AwardMove.REINSTATE_WITH_CONDITIONS, AwardMove.REINSTATE_AS_PROVISIONAL)
ANSWERS = (ComplaintMove.UPHOLD, ComplaintMove.PARTLY_UPHOLD, ComplaintMove.NOT_UPHOLD)
CHANGED = "The votes have changed since you opened this page. Read how they stand now before you record anything."


@dataclass(frozen=True)
class Ruling:
    """What the lead reviewer writes. `move` is what the votes carried when the page was shown."""

    move: str
    remedy: str
    reasons: str
    changes: str = ""


@dataclass(frozen=True)
class Answer:
    """What who looked into a complaint answers: `letter` goes to whoever complained, `follow_words` to the managers."""

    outcome: str
    letter: str
    follow: str
    follow_words: str = ""


def decide_appeal(review_id: int, ruling: Ruling, *, actor: Actor, now: datetime, today: date) -> None:
    """Record what the reviewers decided. The decision is set aside or a suspension ends in the same transaction.

    Raises NotFound, NotAllowed to all but the lead reviewer, Incomplete without enough votes or a majority, Conflict where
    the votes have changed, Invalid by field, IllegalMove.
    """
    with transaction() as session:
        held = held_seat(session, review_id, actor, Action.DECIDE_APPEAL, today)
        appeal, application = held.appeal, held.application
        if appeal is None or application is None:
            raise NotFound("There is no such page, or it is not open to you.")
        if not held.seat.leads:
            raise NotAllowed("Only the lead reviewer records the outcome.")
        move = _carried(session, appeal, application, ruling.move, today)
        remedy = check_decided(move, appeal.against, ruling.remedy, ruling.reasons, ruling.changes)
        before = appeal.status
        appeal.make(move)
        appeal.outcome, appeal.remedy = appeal.status.value, remedy.value
        appeal.reasons, appeal.changes = ruling.reasons.strip(), ruling.changes.strip()
        appeal.ended_at, appeal.decided_by_id = now, user_id(actor)
        record_on(
            session, actor, f"appeal.{appeal.status.value}", appeal, application, now, number=appeal.number,
            before=before.value, after=appeal.status.value, remedy=remedy.value, reason=appeal.reasons,
        )  # fmt: skip
        _follow(session, appeal, application, remedy, actor, now, today)
        mail_leads(
            session, application, "appeal_decided", now, appeal_id=appeal.id, number=appeal.number,
            outcome=appeal.status.value, reasons=appeal.reasons, changes=appeal.changes, remedy=remedy.value,
        )  # fmt: skip


def _carried(session: Session, appeal: Appeal, application: Application, expected: str, today: date) -> AppealMove:
    """What the votes give. One of somebody to whom the appeal has come to be closed counts no more: they are replaced."""
    shut = closed_to(session, subject_of_appeal(session, appeal, today))
    seats = session.scalars(select(Reviewer).where(Reviewer.appeal_id == appeal.id, Reviewer.ended_at.is_(None))).all()
    terms = terms_of(application.edition.scheme.details)
    barred = [seat.user.name for seat in seats if seat.user_id in shut]
    if barred:
        raise Incomplete(
            f"{joined(barred)} may not review this any more. A manager has to appoint somebody else first."
        )
    sitting = [seat for seat in seats if seat.declared_at is not None and not seat.conflicted]
    check_team([seat.lay for seat in sitting if seat.vote], terms)
    move = carried([seat.vote for seat in sitting], len(seats))
    if move is None:
        raise Incomplete("Every reviewer has to vote, and more than half of them for the same outcome.")
    if move.value != expected:
        raise Conflict(CHANGED)
    return move


def _follow(
    session: Session,
    appeal: Appeal,
    application: Application,
    remedy: Remedy,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    """What becomes of the decision, the case and the award."""
    again = remedy is Remedy.DECIDE_AGAIN
    if appeal.decision_id is not None:
        decision = locked(session, Decision, appeal.decision_id)
        decision.make(DecisionMove.SET_ASIDE if again else DecisionMove.UPHOLD)
    if again and (application.status, ApplicationMove.DECIDE_AGAIN) in APPLICATION_MOVES:
        application.make(ApplicationMove.DECIDE_AGAIN, now)
        application.note = ""
    if remedy is Remedy.REINSTATE and appeal.award_id is not None:
        _reinstate(session, locked(session, Award, appeal.award_id), application, appeal, actor, now, today)


def _reinstate(
    session: Session,
    award: Award,
    application: Application,
    appeal: Appeal,
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    """End the suspension. Where it has ended otherwise meanwhile, or the award has, there is nothing to end."""
    fitting = [move for move in open_moves(award, today) if move in REINSTATING]
    if not fitting or appeal.against is not Against.SUSPENSION:
        return
    before, public = award.status, "Award reinstated after an appeal."
    award.make(fitting[0], today, public)
    reason = f"Appeal {appeal.number} was upheld. {appeal.reasons}"
    changed(
        session, award, application, actor, "reinstated", now, today,
        reason=reason, public=public, before=before.value,
    )  # fmt: skip


def answer_complaint(review_id: int, answer: Answer, *, actor: Actor, now: datetime, today: date) -> None:
    """Answer a complaint with reasons, and say what follows. Raises as `decide_appeal`, but nobody votes."""
    _check_answer(answer)
    with transaction() as session:
        held: Held = held_seat(session, review_id, actor, Action.DECIDE_COMPLAINT, today)
        complaint = held.complaint
        if complaint is None:
            raise NotFound("There is no such page, or it is not open to you.")
        complaint.follow, complaint.follow_words = answer.follow, answer.follow_words.strip()
        make(
            session, complaint, ComplaintMove(answer.outcome), actor, now,
            letter=answer.letter, words=answer.follow_words,
        )  # fmt: skip
        held.seat.vote, held.seat.voted_at = answer.outcome, now
        write_answer(session, complaint, complaint.outcome, answer.letter, Follow(answer.follow), now)


def _check_answer(answer: Answer) -> None:
    check_length(answer.letter, LONGEST, "letter")
    check_length(answer.follow_words, LONGEST_SHORT, "follow_words")
    errors = {}
    if answer.outcome not in {move.value for move in ANSWERS}:
        errors["outcome"] = "Choose the outcome."
    if not answer.letter.strip():
        errors["letter"] = "Write the answer with its reasons. Whoever complained will read it."
    if answer.follow not in set(Follow):
        errors["follow"] = "Choose what follows."
    elif answer.follow != Follow.NOTHING and not answer.follow_words.strip():
        errors["follow_words"] = "Say what exactly should follow. The managers will read it."
    if errors:
        raise Invalid(errors)
