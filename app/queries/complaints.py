"""Complaints as their scheme's office sees them, and as whoever complained follows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.access import Action, Actor, Role, may
from app.domain.appeals import OUTCOME_WORDS
from app.domain.complaints import ABOUT_WORDS, FOLLOW_WORDS, TOLD_WORDS
from app.domain.errors import NotFound
from app.domain.lifecycle import COMPLAINT, ComplaintMove, ComplaintStatus
from app.extensions import db
from app.models import Complaint, ComplaintPerson, ComplaintStep, Reviewer, User
from app.queries.concerns import closed_to as tied_organisations
from app.queries.own_parts import complaints_open_to
from app.queries.reviewers import Chosen, reviewer_candidates, subject_of_complaint
from app.queries.schemes import SchemeRow, office_scheme

PER_PAGE = 25
MOST_STEPS = 200
STATUS_WORDS = {
    ComplaintStatus.RECEIVED: "Not confirmed yet",
    ComplaintStatus.ACKNOWLEDGED: "Confirmed, nobody looks into it yet",
    ComplaintStatus.INVESTIGATING: "Looked into",
    ComplaintStatus.REFERRED: "Passed to another body",
    ComplaintStatus.NOT_TAKEN_UP: "Not taken up",
    ComplaintStatus.UPHELD: "Upheld",
    ComplaintStatus.PARTLY_UPHELD: "Upheld in part",
    ComplaintStatus.NOT_UPHELD: "Not upheld",
    ComplaintStatus.WITHDRAWN: "Taken back",
    ComplaintStatus.CLOSED: "Closed",
}
STEP_WORDS = {
    **{status.value: words for status, words in STATUS_WORDS.items()},
    "received": "Came in",
    "acknowledged": "Confirmed by a person",
    "investigating": "Somebody was appointed to look into it",
    "note": "Note",
    "passed-on": "Passed on",
    "put-to-provider": "Put to the provider",
    "holder-named": "Provider found on the register",
}
OPEN = frozenset({ComplaintStatus.RECEIVED, ComplaintStatus.ACKNOWLEDGED, ComplaintStatus.INVESTIGATING})


@dataclass(frozen=True)
class ComplaintRow:
    """One complaint in the list. `late` says what is late; `open` whether it is without an answer.

    `mine` is whether the reader may open it: they had no part in the provider's cases, or it cannot wait.
    """

    complaint_id: int
    number: str
    about: str
    safety: bool
    received_at: datetime
    state: str
    open: bool
    late: str
    mine: bool


@dataclass(frozen=True)
class ComplaintsPage:
    """A scheme's complaints that are open to the reader: safety first, then open ones."""

    scheme: SchemeRow
    rows: tuple[ComplaintRow, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class StepRow:
    """One thing that was done. `who` is empty for what came of itself."""

    what: str
    at: datetime
    who: str
    to_whom: str
    words: str
    letter: str


@dataclass(frozen=True)
class Investigator:
    """Who looks into it, or did. `state` is in words."""

    name: str
    state: str
    current: bool


@dataclass(frozen=True)
class ComplaintPage:
    """One complaint with all that was done. `moves` are those that the reader may make now."""

    scheme: SchemeRow
    complaint_id: int
    number: str
    about: str
    provider: str
    provider_id: int | None
    typed: str
    safety: bool
    told: str
    words: str
    wants: str
    name: str
    email: str
    may_name: bool
    status: ComplaintStatus
    state: str
    received_at: datetime
    acknowledge_by: date
    answer_by: date
    late: str
    outcome: str
    follow: str
    follow_code: str
    follow_words: str
    learned: str
    steps: tuple[StepRow, ...]
    investigators: tuple[Investigator, ...]
    candidates: tuple[Chosen, ...]
    concerned: tuple[str, ...]
    handles: bool
    acts: bool
    moves: frozenset[ComplaintMove]


def investigators(session: Session, complaint: Complaint, actor: Actor) -> tuple[Chosen, ...]:
    """Who could look into it, with what bars the others. The manager who handles it does not look into it as well."""
    gone = session.scalars(select(Reviewer.user_id).where(Reviewer.complaint_id == complaint.id))
    others = [(each, "Was appointed to this before.") for each in gone]
    others += [(actor.user_id, "Handles this complaint.")] if actor.user_id is not None else []
    return reviewer_candidates(session, subject_of_complaint(session, complaint), others)


def complaints_page(code: str, page: int, actor: Actor, today: date) -> ComplaintsPage:
    """The complaints of a scheme that are open to the actor. Raises NotFound, NotAllowed.

    Those about somebody are closed to that person, those about a provider to who has to do with it.
    """
    scheme = office_scheme(code, actor, Action.SEE_COMPLAINTS)
    mine = select(ComplaintPerson.complaint_id).where(ComplaintPerson.user_id == actor.user_id)
    barred = tied_organisations(actor)
    listed = select(Complaint).where(
        Complaint.scheme_id == scheme.scheme_id,
        Complaint.id.not_in(mine),
        Complaint.organisation_id.is_(None) | Complaint.organisation_id.not_in(barred),
    )
    total = db.session.scalar(listed.with_only_columns(func.count())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    found = db.session.scalars(
        listed.options(joinedload(Complaint.organisation))
        .order_by(
            Complaint.status.not_in(OPEN), Complaint.safety.is_(False), Complaint.status == ComplaintStatus.CLOSED,
            Complaint.id.desc(),
        )
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
    ).all()  # fmt: skip
    mine = complaints_open_to(db.session(), actor, found)
    return ComplaintsPage(scheme, tuple(_row(each, each.id in mine, today) for each in found), page, pages)


def _row(each: Complaint, mine: bool, today: date) -> ComplaintRow:
    about = each.organisation.name if each.organisation else each.whom or ABOUT_WORDS[each.about]
    return ComplaintRow(
        complaint_id=each.id,
        number=each.number,
        about=about,
        safety=each.safety,
        received_at=each.received_at,
        state=STATUS_WORDS[each.status],
        open=each.status in OPEN,
        late=late_words(each, today),
        mine=mine,
    )


def late_words(complaint: Complaint, today: date) -> str:
    """What is late about it; empty for nothing."""
    if complaint.status is ComplaintStatus.RECEIVED and complaint.acknowledge_by < today:
        return "Late to confirm"
    return "Late to answer" if complaint.status in OPEN and complaint.answer_by < today else ""


def complaint_page(code: str, complaint_id: int, actor: Actor, today: date) -> ComplaintPage:
    """One complaint. Whoever may not see it learns nothing, not even that there is one: NotFound."""
    scheme = office_scheme(code, actor, Action.SEE_COMPLAINTS)
    complaint = db.session.get(Complaint, complaint_id, options=[joinedload(Complaint.organisation)])
    if complaint is None or complaint.scheme_id != scheme.scheme_id:
        raise NotFound("There is no such page, or it is not open to you.")
    session = db.session()
    at_once = subject_of_complaint(session, complaint, at_once=True)
    subject = subject_of_complaint(session, complaint)
    if not may(actor, Action.SEE_COMPLAINTS, at_once if _seen_at_once(complaint, scheme, actor) else subject):
        raise NotFound("There is no such page, or it is not open to you.")
    handles = may(actor, Action.HANDLE_COMPLAINT, subject)
    acts = handles or (complaint.safety and may(actor, Action.HANDLE_COMPLAINT, at_once))
    appointing = handles and (complaint.status, ComplaintMove.INVESTIGATE) in COMPLAINT.moves
    return ComplaintPage(
        scheme=scheme,
        **_facts(complaint, today),
        steps=steps_of(complaint.id),
        investigators=_investigators(complaint.id),
        candidates=investigators(session, complaint, actor) if appointing else (),
        concerned=_concerned(complaint.id),
        handles=handles,
        acts=acts and complaint.status is not ComplaintStatus.CLOSED,
        moves=frozenset(COMPLAINT.open_to(complaint.status)) if handles else frozenset(),
    )


def _seen_at_once(complaint: Complaint, scheme: SchemeRow, actor: Actor) -> bool:
    """Auditors read what managers with a part in the case may not; of what concerns safety those managers see it too."""
    return complaint.safety or Role.AUDITOR in actor.schemes.get(scheme.scheme_id, frozenset())


def _facts(complaint: Complaint, today: date) -> dict[str, object]:
    return {
        "complaint_id": complaint.id,
        "provider": complaint.organisation.name if complaint.organisation else "",
        "provider_id": complaint.organisation_id,
        "about": ABOUT_WORDS[complaint.about],
        "typed": complaint.whom,
        "told": TOLD_WORDS.get(complaint.told, ""),
        "state": STATUS_WORDS[complaint.status],
        "late": late_words(complaint, today),
        "outcome": OUTCOME_WORDS.get(complaint.outcome, ""),
        "follow_code": complaint.follow,
        "follow": FOLLOW_WORDS.get(complaint.follow, "") if complaint.follow else "",
        **{
            name: getattr(complaint, name)
            for name in (
                "number", "safety", "words", "wants", "name", "email", "may_name", "status", "received_at",
                "acknowledge_by", "answer_by", "follow_words", "learned",
            )
        },
    }  # fmt: skip


def steps_of(complaint_id: int) -> tuple[StepRow, ...]:
    found = db.session.execute(
        select(ComplaintStep, User.name)
        .outerjoin(User, User.id == ComplaintStep.by_id)
        .where(ComplaintStep.complaint_id == complaint_id)
        .order_by(ComplaintStep.id)
        .limit(MOST_STEPS)
    ).all()
    return tuple(
        StepRow(STEP_WORDS.get(step.kind, step.kind), step.at, who or "", step.to_whom, step.words, step.letter)
        for step, who in found
    )


def _investigators(complaint_id: int) -> tuple[Investigator, ...]:
    found = db.session.execute(
        select(Reviewer, User.name)
        .join(User, User.id == Reviewer.user_id)
        .where(Reviewer.complaint_id == complaint_id)
        .order_by(Reviewer.id)
    ).all()
    return tuple(Investigator(name, seat_state(seat), seat.ended_at is None) for seat, name in found)


def seat_state(seat: Reviewer) -> str:
    """Where a reviewer stands, in words."""
    if seat.conflicted:
        return "Stood aside"
    if seat.ended_at is not None:
        return "Replaced"
    if seat.declared_at is None:
        return "Not declared yet"
    return "Voted" if seat.vote else "Declared no conflict"


def _concerned(complaint_id: int) -> tuple[str, ...]:
    return tuple(
        db.session.scalars(
            select(User.name)
            .join(ComplaintPerson, ComplaintPerson.user_id == User.id)
            .where(ComplaintPerson.complaint_id == complaint_id)
            .order_by(User.name)
        )
    )
