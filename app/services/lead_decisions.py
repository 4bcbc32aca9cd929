"""Who leads an organisation, decided by a scheme or by the operator once its leads have not answered, and objections settled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, require
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.lead_request import (
    ALIVE,
    OBJECTION,
    WORDS_LONGEST,
    RequestKind,
    RequestMove,
    RequestStatus,
    others_decide_from,
)
from app.domain.people import email_address
from app.domain.topics import Topic
from app.domain.uk_time import spoken, uk_day
from app.models import LeadRequest, Membership, Organisation, User
from app.queries.lead_requests import deciding_schemes, deciding_subject
from app.services.lead_requests import tell_schemes
from app.services.memberships import NOT_THERE, give_lead, keep_as_it_is, membership_of
from app.services.telling import people_of, tell
from app.services.transactions import locked, record, transaction

OPERATOR = Actor(name="The operator of this site")
MOST_A_RUN = 500
HOW = "Say how you made sure of the person by other means than this request: it is kept."


def grant(request_id: int, scheme_id: int, how_checked: str, *, actor: Actor, now: datetime) -> None:
    """Make the person a lead, as a manager of a scheme that knows the organisation, once its leads have not answered.

    Every earlier lead stays and is told, and may object for a week. Raises NotFound, NotAllowed, Invalid on `words`,
    Conflict before the time, and IllegalMove.
    """
    how_checked = _words(how_checked, HOW)
    with transaction() as session:
        request = _held_by_scheme(session, request_id, scheme_id, actor)
        if actor.user_id == request.person_id:
            raise NotFound(NOT_THERE)
        check_time(session, request, now)
        _grant(session, request, how_checked, actor, now, scheme_id)


def refuse_to_grant(request_id: int, scheme_id: int, words: str, *, actor: Actor, now: datetime) -> None:
    """Refuse a request, or what was granted and is objected to, as a manager of the scheme. Raises as `grant`."""
    words = _words(words, "Say why, for the person who asked.")
    with transaction() as session:
        request = _held_by_scheme(session, request_id, scheme_id, actor)
        if request.standing(now) is RequestStatus.OPEN:
            check_time(session, request, now)
        _refuse(session, request, words, actor, now, scheme_id)


def uphold(request_id: int, scheme_id: int, words: str, *, actor: Actor, now: datetime) -> None:
    """Settle an objection for the person: they lead, and whoever objected goes on as a contributor. Raises as `grant`."""
    words = _words(words, HOW)
    with transaction() as session:
        request = _held_by_scheme(session, request_id, scheme_id, actor)
        _uphold(session, request, words, actor, now, scheme_id)


def transfer_lead(organisation_id: int, email: str, how_checked: str, *, now: datetime) -> int:
    """Make the person with this address a lead at once, by whoever runs the installation. Returns the request's id.

    For organisations that no scheme knows, or where waiting would do harm. An open request of theirs is granted with
    it. Every earlier lead is told and may object for a week. Raises NotFound, Invalid and Conflict.
    """
    how_checked = _words(how_checked, HOW)
    with transaction() as session:
        organisation = locked(session, Organisation, organisation_id)
        person = _person(session, email)
        member = membership_of(session, organisation.id, person.id)
        if member is not None and member.role is Role.LEAD:
            raise Conflict(f"{person.name} leads {organisation.name} already.")
        keep_as_it_is(session, organisation_id, now)
        request = _own_request(session, organisation_id, person.id, now) or _new_request(
            session, organisation_id, person.id, now
        )
        _grant(session, request, how_checked, OPERATOR, now, None)
        return request.id


def settle_objection(request_id: int, upheld: bool, words: str, *, now: datetime) -> None:
    """Settle an objection by whoever runs the installation, where no scheme does. Raises NotFound and IllegalMove."""
    words = _words(words, HOW)
    with transaction() as session:
        request = _held(session, request_id)
        if request.standing(now) is not RequestStatus.OBJECTED:
            raise Conflict("There is no open objection to this request.")
        if upheld:
            _uphold(session, request, words, OPERATOR, now, None)
        else:
            _refuse(session, request, words, OPERATOR, now, None)


def do_lead_requests(now: datetime) -> int:
    """The day's work: write down what the clock has ended, and tell schemes whose time to decide has come.

    Nothing waits for this, as every state is read by the clock. Twice a day does nothing twice. Returns how many moved.
    """
    with transaction() as session:
        rows = session.scalars(
            select(LeadRequest).where(LeadRequest.status.in_(ALIVE)).order_by(LeadRequest.id).limit(MOST_A_RUN)
        ).all()
        return sum(_by_the_clock(session, request, now) for request in rows)


def check_time(session: Session, request: LeadRequest, now: datetime) -> None:
    """Raises Conflict before others than the leads may decide, and for an offer, which is between two people."""
    since = others_decide_from(request.kind, request.asked_at, has_leads=bool(_leads(session, request)))
    if since is None:
        raise Conflict("A lead has offered this to a colleague. It is for that person to answer.")
    if now < since:
        raise Conflict(
            f"The leads of the organisation have until {spoken(uk_day(since))} to answer. Decide after that."
        )


def _by_the_clock(session: Session, request: LeadRequest, now: datetime) -> int:
    standing = request.standing(now)
    moves = {RequestStatus.EXPIRED: RequestMove.EXPIRE, RequestStatus.SETTLED: RequestMove.SETTLE}
    if standing in moves:
        _end_by_clock(session, request, standing, now)
        return 1
    since = others_decide_from(request.kind, request.asked_at, has_leads=bool(_leads(session, request)))
    if standing is RequestStatus.OPEN and since and now >= since and request.others_told_at is None:
        tell_schemes(session, request, now)
        return 1
    return 0


def _end_by_clock(session: Session, request: LeadRequest, standing: RequestStatus, now: datetime) -> None:
    request.status, request.status_at = standing, now
    action = "lead.settled" if standing is RequestStatus.SETTLED else "lead.expired"
    record(session, OPERATOR, action, request, now, organisation_id=request.organisation_id)
    _tell(session, request, "lead_request_ended", now, status=standing.value, words="")


def _grant(
    session: Session, request: LeadRequest, how: str, actor: Actor, now: datetime, scheme_id: int | None
) -> None:
    request.make(RequestMove.GRANT, now)
    request.person_was = give_lead(session, request.organisation_id, request.person_id, now)
    request.decided_by_id, request.decided_at, request.how_checked = actor.user_id, now, how
    about: dict[str, Any] = {"organisation_id": request.organisation_id, "scheme_id": scheme_id, "words": how}
    record(session, actor, "lead.granted", request, now, **about)
    session.flush()
    _tell(session, request, "lead_granted", now, who=actor.name, until=uk_day(now + OBJECTION), words=how)


def _refuse(
    session: Session, request: LeadRequest, words: str, actor: Actor, now: datetime, scheme_id: int | None
) -> None:
    request.make(RequestMove.REFUSE, now)
    request.decided_by_id, request.decided_at, request.refusal = actor.user_id, now, words
    about: dict[str, Any] = {"organisation_id": request.organisation_id, "scheme_id": scheme_id, "words": words}
    record(session, actor, "lead.refused", request, now, **about)
    _tell(session, request, "lead_request_ended", now, who=actor.name, status=request.status.value, words=words)


def _uphold(
    session: Session, request: LeadRequest, words: str, actor: Actor, now: datetime, scheme_id: int | None
) -> None:
    request.make(RequestMove.UPHOLD, now)
    give_lead(session, request.organisation_id, request.person_id, now)
    objector = membership_of(session, request.organisation_id, request.objected_by_id or 0)
    if objector is not None:
        objector.role = Role.CONTRIBUTOR
    request.decided_by_id, request.decided_at, request.how_checked = actor.user_id, now, words
    about: dict[str, Any] = {"organisation_id": request.organisation_id, "scheme_id": scheme_id, "words": words}
    record(session, actor, "lead.upheld", request, now, **about)
    session.flush()
    _tell(session, request, "lead_request_ended", now, who=actor.name, status="upheld", words=words)


def _held(session: Session, request_id: int) -> LeadRequest:
    found = session.get(LeadRequest, request_id)
    if found is None:
        raise NotFound(f"There is no request {request_id}.")
    locked(session, Organisation, found.organisation_id)
    return locked(session, LeadRequest, request_id)


def _held_by_scheme(session: Session, request_id: int, scheme_id: int, actor: Actor) -> LeadRequest:
    """The request, if the scheme knows its organisation and the actor may decide on it."""
    found = session.get(LeadRequest, request_id)
    if found is None or scheme_id not in deciding_schemes(session, found.organisation_id):
        raise NotFound(NOT_THERE)
    require(actor, Action.DECIDE_ON_LEAD, deciding_subject(session, found.organisation_id, scheme_id))
    return _held(session, request_id)


def _leads(session: Session, request: LeadRequest) -> int:
    leads = select(func.count()).where(
        Membership.organisation_id == request.organisation_id, Membership.role == Role.LEAD
    )
    return session.scalar(leads) or 0


def _own_request(session: Session, organisation_id: int, person_id: int, now: datetime) -> LeadRequest | None:
    open_ones = select(LeadRequest).where(
        LeadRequest.organisation_id == organisation_id,
        LeadRequest.person_id == person_id,
        LeadRequest.status == RequestStatus.OPEN,
        LeadRequest.ends_at > now,
    )
    return session.scalars(open_ones.order_by(LeadRequest.id.desc()).limit(1)).first()


def _new_request(session: Session, organisation_id: int, person_id: int, now: datetime) -> LeadRequest:
    request = LeadRequest(
        organisation_id=organisation_id,
        kind=RequestKind.LET_IN,
        status=RequestStatus.OPEN,
        status_at=now,
        person_id=person_id,
        asked_at=now,
        ends_at=now + OBJECTION,
    )
    session.add(request)
    session.flush()
    return request


def _person(session: Session, email: str) -> User:
    email = email_address(email)
    person = session.scalars(select(User).where(User.email == email, User.closed_at.is_(None))).first()
    if person is None or person.email_confirmed_at is None:
        raise NotFound(f"There is no confirmed account with the address {email}. They make one first.")
    return person


def _tell(session: Session, request: LeadRequest, template: str, now: datetime, **values: Any) -> None:
    person = session.get_one(User, request.person_id)
    told = [*people_of(session, request.organisation_id), person]
    about = {
        "organisation": session.get_one(Organisation, request.organisation_id).name,
        "person": person.name,
        "person_email": person.email,
        "path": f"/lead-requests/{request.id}",
        "who": "",
        "role": Role.LEAD.value,
    }
    tell(session, told, template, now, topic=Topic.PEOPLE, **{**about, **values})


def _words(text: str, missing: str) -> str:
    check_length(text, WORDS_LONGEST, "words")
    if not text.strip():
        raise Invalid({"words": missing})
    return text.strip()
