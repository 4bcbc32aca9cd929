"""What a reviewer who has declared reads: the appeal with its case, or the complaint, and how the others vote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.access import Action, Actor, require
from app.domain.appeals import (
    GROUND_WORDS,
    OUTCOME_WORDS,
    VOTE_WORDS,
    Ground,
    Remedy,
    carried,
    remedies_open,
    terms_of,
)
from app.domain.complaints import ABOUT_WORDS, TOLD_WORDS
from app.domain.errors import NotFound
from app.domain.lifecycle import AppealMove
from app.extensions import db
from app.models import Appeal, AuditRow, Award, Decision, Reviewer, User
from app.queries.appealing import evidence_of
from app.queries.complaints import StepRow, seat_state, steps_of
from app.queries.frameworks import framework_of
from app.queries.reading import AreaReading, CaseReading, area_reading, case_reading
from app.queries.reviewers import subject_of_appeal, subject_of_complaint
from app.queries.reviews import OwnReview, own_review, own_seat
from app.queries.votes import DecisionRow, decision_row


@dataclass(frozen=True)
class FellowRow:
    """One reviewer as the others see them. Their vote and notes are shown once the reader has voted."""

    name: str
    lay: bool
    leads: bool
    state: str
    vote: str
    reason: str
    notes: str
    own: bool


@dataclass(frozen=True)
class AppealReview:
    """An appeal with its case, as a reviewer who declared reads it. `carried` is what the votes give, empty for nothing yet."""

    own: OwnReview
    grounds: tuple[str, ...]
    words: str
    asks: str
    late_reason: str
    triage_reason: str
    evidence: tuple[tuple[int, str], ...]
    against: str
    changed: str
    decisions: tuple[DecisionRow, ...]
    reading: CaseReading
    fellows: tuple[FellowRow, ...]
    carried: str
    carried_words: str
    remedies: tuple[Remedy, ...]
    outcome: str
    reasons: str


@dataclass(frozen=True)
class ComplaintReview:
    """A complaint as who looks into it reads it. Who complained is named to them, and to nobody of the provider."""

    own: OwnReview
    about: str
    told: str
    words: str
    wants: str
    who: str
    may_name: bool
    safety: bool
    steps: tuple[StepRow, ...]
    outcome: str


def appeal_review(review_id: int, actor: Actor, today: date) -> AppealReview:
    """The appeal, the decision and the case. Raises NotFound, and NotAllowed before the declaration or after a conflict."""
    own = own_review(review_id, actor, today)
    appeal = _readable_appeal(review_id, actor, today)
    application, framework = appeal.application, framework_of(appeal.application.edition)
    fellows = _fellows(appeal, actor, own)
    given = _carried(appeal)
    return AppealReview(
        own=own,
        grounds=tuple(GROUND_WORDS[Ground(each)] for each in appeal.grounds),
        words=appeal.words,
        asks=appeal.asks,
        late_reason=appeal.late_reason,
        triage_reason=appeal.triage_reason,
        evidence=evidence_of(appeal.id),
        against=appeal.against.value,
        changed=_what_changed(appeal),
        decisions=tuple(decision_row(framework, each) for each in _decisions(appeal)),
        reading=case_reading(db.session(), application, today),
        fellows=fellows,
        carried=given.value if given else "",
        carried_words=VOTE_WORDS[given] if given else "",
        remedies=remedies_open(appeal.against, given) if given else (),
        outcome=OUTCOME_WORDS.get(appeal.outcome, ""),
        reasons=appeal.reasons,
    )


def review_area(review_id: int, code: str, actor: Actor, today: date) -> tuple[OwnReview, AreaReading]:
    """One area of the case under appeal, criterion by criterion. Raises as `appeal_review`."""
    appeal = _readable_appeal(review_id, actor, today)
    return own_review(review_id, actor, today), area_reading(db.session(), appeal.application, code, today)


def _readable_appeal(review_id: int, actor: Actor, today: date) -> Appeal:
    appeal = own_seat(review_id, actor).appeal
    if appeal is None:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, Action.DECIDE_APPEAL, subject_of_appeal(db.session(), appeal, today))
    return appeal


def _decisions(appeal: Appeal) -> list[Decision]:
    """The decision that is appealed, or those that stood when the award was lost, the newest first."""
    theirs = select(Decision).where(Decision.application_id == appeal.application_id)
    if appeal.decision_id is not None:
        theirs = theirs.where(Decision.id == appeal.decision_id)
    return list(db.session.scalars(theirs.order_by(Decision.id.desc()).limit(1)))


def _what_changed(appeal: Appeal) -> str:
    """What the audit trail says of why the award was suspended or withdrawn; empty for an appeal against a decision."""
    if appeal.award_id is None:
        return ""
    row = db.session.scalars(
        select(AuditRow)
        .where(
            AuditRow.subject == Award.__tablename__,
            AuditRow.subject_id == appeal.award_id,
            AuditRow.action.in_(("award.suspended", "award.withdrawn")),
            AuditRow.at <= appeal.lodged_at,
        )
        .order_by(AuditRow.id.desc())
        .limit(1)
    ).first()
    return str((row.detail or {}).get("reason", "")) if row else ""


def _fellows(appeal: Appeal, actor: Actor, own: OwnReview) -> tuple[FellowRow, ...]:
    shown = bool(own.vote) or not own.open
    found = db.session.execute(
        select(Reviewer, User.name)
        .join(User, User.id == Reviewer.user_id)
        .where(Reviewer.appeal_id == appeal.id, Reviewer.ended_at.is_(None))
        .order_by(Reviewer.id)
    ).all()
    return tuple(_fellow(seat, name, seat.user_id == actor.user_id, shown) for seat, name in found)


def _fellow(seat: Reviewer, name: str, own: bool, shown: bool) -> FellowRow:
    opened = shown or own
    return FellowRow(
        name=name,
        lay=seat.lay,
        leads=seat.leads,
        state=seat_state(seat),
        vote=VOTE_WORDS[AppealMove(seat.vote)] if seat.vote and opened else "",
        reason=seat.vote_reason if opened else "",
        notes=seat.notes if opened else "",
        own=own,
    )


def _carried(appeal: Appeal) -> AppealMove | None:
    seats = db.session.execute(
        select(Reviewer.vote, Reviewer.declared_at).where(Reviewer.appeal_id == appeal.id, Reviewer.ended_at.is_(None))
    ).all()
    terms = terms_of(appeal.application.edition.scheme.details)
    votes = [vote for vote, declared_at in seats if declared_at]
    return carried(votes, max(len(seats), terms.reviewers))


def complaint_review(review_id: int, actor: Actor, today: date) -> ComplaintReview:
    """The complaint with all that was done. Raises as `appeal_review`."""
    own = own_review(review_id, actor, today)
    complaint = own_seat(review_id, actor).complaint
    if complaint is None:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, Action.DECIDE_COMPLAINT, subject_of_complaint(db.session(), complaint))
    return ComplaintReview(
        own=own,
        about=ABOUT_WORDS[complaint.about] + (f": {complaint.whom}" if complaint.whom else ""),
        told=TOLD_WORDS.get(complaint.told, ""),
        words=complaint.words,
        wants=complaint.wants,
        who=" ".join(part for part in (complaint.name, complaint.email) if part),
        may_name=complaint.may_name,
        safety=complaint.safety,
        steps=steps_of(complaint.id),
        outcome=OUTCOME_WORDS.get(complaint.outcome, ""),
    )
