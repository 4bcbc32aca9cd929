"""What a scheme's managers do with a complaint: confirm it, have it looked into, pass it on, close it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, require
from app.domain.complaints import LONGEST_NAME, LONGEST_SHORT, Follow, names_complainant
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.lifecycle import ComplaintMove, ComplaintStatus
from app.domain.topics import Topic
from app.models import Complaint, ComplaintStep, Reviewer
from app.queries.complaints import investigators
from app.queries.reviewers import subject_of_complaint
from app.services.casework import user_id
from app.services.complaints import holder_called
from app.services.telling import by_id, people_of, tell
from app.services.transactions import locked, queue_mail, record, transaction

ENDED = frozenset({ComplaintStatus.CLOSED})
NOTE, PASSED_ON, PUT, HOLDER = "note", "passed-on", "put-to-provider", "holder-named"


def acknowledge(complaint_id: int, letter: str, *, actor: Actor, now: datetime) -> None:
    """Confirm that a person has read it, in words that are sent. Raises NotFound, NotAllowed, Invalid, IllegalMove."""
    _said(letter, "letter", "Write to whoever complained. If they left no address, they read it by their link.")
    with transaction() as session:
        complaint = held(session, complaint_id, actor)
        complaint.acknowledged_at = now
        make(session, complaint, ComplaintMove.ACKNOWLEDGE, actor, now, letter=letter)
        _write_to_them(session, complaint, "complaint_acknowledged", letter, now)


def refer(complaint_id: int, to_whom: str, letter: str, *, actor: Actor, now: datetime) -> None:
    """Pass the whole of it to another body, which has it from now on. Raises as `acknowledge`."""
    _said(to_whom, "to_whom", "Say to whom it goes, such as the council's safeguarding team.", LONGEST_NAME)
    _said(letter, "letter", "Say why. Whoever complained will read it.")
    with transaction() as session:
        complaint = held(session, complaint_id, actor)
        make(session, complaint, ComplaintMove.REFER, actor, now, letter=letter, to_whom=to_whom)
        _write_to_them(session, complaint, "complaint_referred", letter, now, to_whom=to_whom.strip())


def not_take_up(complaint_id: int, letter: str, *, actor: Actor, now: datetime) -> None:
    """Say that it is not looked into, and why. Raises as `acknowledge`."""
    _said(letter, "letter", "Say why it is not looked into. Whoever complained will read it.")
    with transaction() as session:
        complaint = held(session, complaint_id, actor)
        make(session, complaint, ComplaintMove.NOT_TAKE_UP, actor, now, letter=letter)
        _write_to_them(session, complaint, "complaint_not_taken_up", letter, now)


def take_back(complaint_id: int, words: str, *, actor: Actor, now: datetime) -> None:
    """Record that whoever complained has asked to end it. Raises as `acknowledge`."""
    _said(words, "words", "Say how they asked for it, for the record.")
    with transaction() as session:
        complaint = held(session, complaint_id, actor)
        make(session, complaint, ComplaintMove.WITHDRAW, actor, now, words=words)


def close_complaint(complaint_id: int, learned: str, *, actor: Actor, now: datetime) -> None:
    """Close it with what the scheme learned. Raises as `acknowledge`."""
    _said(learned, "learned", "Say what the scheme learned, or that there was nothing to learn and why.")
    with transaction() as session:
        complaint = held(session, complaint_id, actor)
        complaint.learned, complaint.closed_at = learned.strip(), now
        make(session, complaint, ComplaintMove.CLOSE, actor, now, words=learned)


def note(complaint_id: int, words: str, to_whom: str, *, actor: Actor, now: datetime) -> None:
    """Write down what was done; with `to_whom`, that it was passed on to somebody who can act.

    What concerns safety is open here to every manager with no tie to the provider, so that nobody waits.
    Raises NotFound, NotAllowed, Invalid (`words`, `to_whom`), Conflict once it is closed.
    """
    _said(words, "words", "Write what was done or said, and when.")
    check_length(to_whom, LONGEST_NAME, "to_whom")
    with transaction() as session:
        complaint = held(session, complaint_id, actor, urgent=True)
        _not_closed(complaint)
        kind = PASSED_ON if to_whom.strip() else NOTE
        write_step(session, complaint, kind, actor, now, words=words, to_whom=to_whom)
        _record(session, actor, f"complaint.{kind}", complaint, now)


def put_to_provider(complaint_id: int, words: str, *, actor: Actor, now: datetime) -> None:
    """Tell the provider what is said of it, so that it can answer. It learns who said so only where they agreed.

    Raises as `note`, and Invalid (`words`) where they would tell who complained against their wish.
    """
    _said(words, "words", "Say in your own words what is said of the provider, and by when it should answer.")
    with transaction() as session:
        complaint = held(session, complaint_id, actor)
        _not_closed(complaint)
        if complaint.organisation_id is None:
            raise Conflict("This complaint is about no provider that is known here.")
        if not complaint.may_name and names_complainant(words, complaint.name, complaint.email):
            raise Invalid({"words": "These words tell who complained, and they have not agreed to that. Leave it out."})
        write_step(session, complaint, PUT, actor, now, words=words)
        _record(session, actor, f"complaint.{PUT}", complaint, now)
        tell(
            session,
            people_of(session, complaint.organisation_id, Role.LEAD),
            "complaint_put_to_provider",
            now,
            topic=Topic.REQUESTS,
            provider=complaint.organisation.name if complaint.organisation else "",
            scheme=complaint.scheme.title,
            contact=complaint.scheme.details.get("contact") or complaint.scheme.title,
            number=complaint.number,
            words=words.strip(),
            who=complaint.name if complaint.may_name else "",
        )


def name_holder(complaint_id: int, name: str, *, actor: Actor, now: datetime) -> None:
    """Say which provider on the register it is about, where what was typed was not found. Raises as `note`."""
    with transaction() as session:
        complaint = held(session, complaint_id, actor)
        _not_closed(complaint)
        found = holder_called(session, complaint.scheme_id, name)
        if found is None:
            raise Invalid({"name": "No entry of this scheme's register has exactly this name. Copy it from there."})
        complaint.organisation_id = found
        session.flush()
        require(actor, Action.HANDLE_COMPLAINT, subject_of_complaint(session, complaint))
        write_step(session, complaint, HOLDER, actor, now, words=name)
        _record(session, actor, f"complaint.{HOLDER}", complaint, now)


def investigate(complaint_id: int, investigator_id: int, *, actor: Actor, now: datetime) -> None:
    """Appoint who looks into it, in place of whoever was. Raises as `acknowledge`, Invalid (`investigator`)."""
    with transaction() as session:
        complaint = held(session, complaint_id, actor)
        chosen = next(
            (each for each in investigators(session, complaint, actor) if each.user_id == investigator_id), None
        )
        if chosen is None or chosen.bar:
            why = f"{chosen.name} cannot look into this. {chosen.bar}" if chosen else "Choose somebody of the scheme."
            raise Invalid({"investigator": why})
        for before in session.scalars(
            select(Reviewer).where(Reviewer.complaint_id == complaint.id, Reviewer.ended_at.is_(None))
        ):
            before.ended_at = now
        make(session, complaint, ComplaintMove.INVESTIGATE, actor, now, to_whom=chosen.name)
        seat = Reviewer(
            complaint_id=complaint.id, user_id=chosen.user_id, lay=chosen.lay, leads=True,
            appointed_at=now, appointed_by_id=user_id(actor),
        )  # fmt: skip
        session.add(seat)
        session.flush()
        tell(
            session, by_id(session, [chosen.user_id]), "complaint_to_investigate", now, topic=Topic.CASES,
            scheme=complaint.scheme.title, number=complaint.number, answer_by=complaint.answer_by, review_id=seat.id,
        )  # fmt: skip


def held(session: Session, complaint_id: int, actor: Actor, *, urgent: bool = False) -> Complaint:
    """The complaint, held, if the actor may handle it. Raises NotFound, NotAllowed.

    `urgent`: what concerns safety may be acted on by managers who had a part in the provider's cases too.
    """
    complaint = session.get(Complaint, complaint_id)
    if complaint is None:
        raise NotFound("There is no such page, or it is not open to you.")
    subject = subject_of_complaint(session, complaint, at_once=urgent and complaint.safety)
    require(actor, Action.HANDLE_COMPLAINT, subject)
    return locked(session, Complaint, complaint_id)


def make(
    session: Session,
    complaint: Complaint,
    move: ComplaintMove,
    actor: Actor,
    now: datetime,
    *,
    words: str = "",
    letter: str = "",
    to_whom: str = "",
) -> None:
    """Make a move, with its step, its audit row and, where it ends the matter, the outcome. Raises IllegalMove."""
    before = complaint.status
    complaint.make(move)
    if move in OUTCOMES:
        complaint.outcome, complaint.ended_at = complaint.status.value, now
    write_step(session, complaint, complaint.status.value, actor, now, words=words, letter=letter, to_whom=to_whom)
    _record(session, actor, f"complaint.{complaint.status.value}", complaint, now, before=before.value)


OUTCOMES = frozenset(
    {
        ComplaintMove.REFER,
        ComplaintMove.NOT_TAKE_UP,
        ComplaintMove.WITHDRAW,
        ComplaintMove.UPHOLD,
        ComplaintMove.PARTLY_UPHOLD,
        ComplaintMove.NOT_UPHOLD,
    }
)


def write_step(session: Session, complaint: Complaint, kind: str, actor: Actor, now: datetime, **texts: str) -> None:
    """Add one thing that was done. `texts` are words, letter and to_whom."""
    said = {name: text.strip() for name, text in texts.items()}
    session.add(ComplaintStep(complaint_id=complaint.id, kind=kind, at=now, by_id=actor.user_id, **said))


def _record(session: Session, actor: Actor, action: str, complaint: Complaint, now: datetime, **detail: Any) -> None:
    """The audit row names neither provider nor words: the steps hold these, and whoever complained stays unknown there."""
    detail |= {"number": complaint.number, "after": complaint.status.value}
    record(session, actor, action, complaint, now, scheme_id=complaint.scheme_id, **detail)


def _write_to_them(
    session: Session, complaint: Complaint, template: str, letter: str, now: datetime, **values: Any
) -> None:
    if complaint.email:
        queue_mail(
            session, complaint.email, template, now,
            scheme=complaint.scheme.title, number=complaint.number, letter=letter.strip(),
            answer_by=complaint.answer_by, **values,
        )  # fmt: skip


def write_answer(
    session: Session, complaint: Complaint, outcome: str, letter: str, follow: Follow, now: datetime
) -> None:
    """Send whoever complained what came of it, and tell the managers what follows."""
    _write_to_them(session, complaint, "complaint_decided", letter, now, outcome=outcome)
    seats = select(Reviewer.appointed_by_id).where(Reviewer.complaint_id == complaint.id)
    tell(
        session, by_id(session, list(session.scalars(seats))), "complaint_answered", now, topic=Topic.CASES,
        scheme=complaint.scheme.title, code=complaint.scheme.code, number=complaint.number,
        complaint_id=complaint.id, outcome=outcome, follows=follow is not Follow.NOTHING,
    )  # fmt: skip


def _not_closed(complaint: Complaint) -> None:
    if complaint.status in ENDED:
        raise Conflict("This complaint is closed.")


def _said(text: str, field: str, otherwise: str, longest: int = LONGEST_SHORT * 5) -> None:
    if not text.strip():
        raise Invalid({field: otherwise})
    check_length(text, longest, field)
