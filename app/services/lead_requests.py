"""Passing the lead of an organisation on: offering it to a colleague, and asking for it from inside or outside."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, Invalid, check_length
from app.domain.lead_request import (
    ALIVE,
    SILENCE,
    WORDS_LONGEST,
    RequestKind,
    RequestStatus,
    runs_out_at,
)
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import LeadRequest, Membership, Organisation, User
from app.queries.lead_requests import deciding_schemes, organisations_named
from app.services.memberships import (
    keep_as_it_is,
    membership_of,
    own_membership,
)
from app.services.telling import officers_of, people_of, tell
from app.services.transactions import locked, record, transaction

MOST_OPEN = 3
MOST_A_WEEK, WEEK = 5, timedelta(days=7)
LEAVES = "leaves"
NOT_FOUND = (
    "We know no organisation by that. Type its charity number, its company number, or its name just as it stands on the "
    "register. If it is not here yet, describe it as a new one."
)
SEVERAL = "Several organisations have this name. Type its charity number or its company number."


def offer_lead(organisation_id: int, person_id: int, giver_becomes: str, *, actor: Actor, now: datetime) -> int:
    """Offer the lead to a colleague; on their word `giver_becomes` lead, contributor, or leaves. Returns the request's id.

    Raises NotFound, NotAllowed, Invalid, and Conflict where they were offered it already.
    """
    require(actor, Action.HAND_OVER_LEAD, Subject(organisation_id=organisation_id))
    if giver_becomes not in {Role.LEAD.value, Role.CONTRIBUTOR.value, LEAVES}:
        raise Invalid({"giver_becomes": "Choose what you do afterwards."})
    with transaction() as session:
        other = membership_of(session, organisation_id, person_id)
        if other is None or person_id == actor.user_id:
            raise Invalid({"person": "Choose a colleague."})
        if other.role is Role.LEAD and giver_becomes == Role.LEAD.value:
            raise Invalid({"person": "They lead the organisation already."})
        request = _begin(session, organisation_id, RequestKind.HAND_OVER, person_id, actor, now)
        request.giver_becomes = giver_becomes
        record(session, actor, "lead.offered", request, now, organisation_id=organisation_id)
        person = session.get_one(User, person_id)
        tell(session, [person], "lead_offered", now, topic=Topic.PEOPLE, **about(session, request, actor.name))
        return request.id


def ask_to_lead(organisation_id: int, reason: str, *, actor: Actor, now: datetime) -> int:
    """Ask, as a contributor, to lead because no lead can be reached. Everybody there is told at once. Returns its id.

    Raises NotFound, NotAllowed, Invalid on `reason`, and Conflict.
    """
    require(actor, Action.ASK_TO_LEAD, Subject(organisation_id=organisation_id))
    reason = needed_words(reason, "reason", "Say why, and what you have tried to reach a lead.")
    with transaction() as session:
        own_membership(session, organisation_id, actor.user_id or 0)
        request = _begin(session, organisation_id, RequestKind.TAKE_OVER, actor.user_id or 0, actor, now)
        request.reason = reason
        record(session, actor, "lead.asked", request, now, organisation_id=organisation_id)
        _tell_of_asking(session, request, actor, now)
        return request.id


def ask_to_be_let_in(which: str, position: str, reason: str, proof: str, *, actor: Actor, now: datetime) -> int:
    """Ask, from outside, to lead an organisation that is here but in which nobody can be reached. Returns its id.

    `which` is its charity or company number or its exact name, `proof` how somebody else can make sure of the person.
    Raises Invalid on the field that is wrong, and Conflict.
    """
    require(actor, Action.USE_ACCOUNT)
    errors: dict[str, str] = {}
    texts = {
        "position": _gather(errors, position, "position", "Say what you are in the organisation.", 200),
        "reason": _gather(errors, reason, "reason", "Say why nobody there can let you in."),
        "proof": _gather(errors, proof, "proof", "Say how we can make sure of you by somebody else."),
    }
    with transaction() as session:
        found = organisations_named(session, which)
        if len(found) != 1:
            errors = {"which": SEVERAL if found else NOT_FOUND, **errors}
        if errors:
            raise Invalid(errors)
        if membership_of(session, found[0], actor.user_id or 0) is not None:
            raise Invalid({"which": "You work with this organisation here already."})
        request = _begin(session, found[0], RequestKind.LET_IN, actor.user_id or 0, actor, now)
        request.position, request.reason, request.proof = texts["position"], texts["reason"], texts["proof"]
        record(session, actor, "lead.asked", request, now, organisation_id=found[0])
        _tell_of_asking(session, request, actor, now)
        return request.id


def _begin(
    session: Session, organisation_id: int, kind: RequestKind, person_id: int, actor: Actor, now: datetime
) -> LeadRequest:
    locked(session, Organisation, organisation_id)
    keep_as_it_is(session, organisation_id, now)
    _check_room(session, organisation_id, kind, person_id, now)
    _check_pace(session, actor, now)
    request = LeadRequest(
        organisation_id=organisation_id,
        kind=kind,
        status=RequestStatus.OPEN,
        status_at=now,
        person_id=person_id,
        asked_by_id=actor.user_id,
        asked_at=now,
        ends_at=runs_out_at(kind, now),
    )
    session.add(request)
    session.flush()
    return request


def _check_pace(session: Session, actor: Actor, now: datetime) -> None:
    """Asking, taking back and asking again fills mailboxes as well, since everybody there is told each time."""
    lately = select(func.count()).where(LeadRequest.asked_by_id == actor.user_id, LeadRequest.asked_at > now - WEEK)
    if (session.scalar(lately) or 0) >= MOST_A_WEEK:
        raise Conflict(f"You have asked {MOST_A_WEEK} times within a week. Everybody was told each time. Ask later.")


def _check_room(session: Session, organisation_id: int, kind: RequestKind, person_id: int, now: datetime) -> None:
    """One at a time for each person at each organisation, and few altogether: a form must not fill mailboxes.

    Requests from outside are counted apart, so that nobody outside can keep its own people from passing the lead on.
    """
    rows = session.scalars(
        select(LeadRequest).where(
            LeadRequest.status.in_(ALIVE),
            or_(LeadRequest.organisation_id == organisation_id, LeadRequest.person_id == person_id),
        )
    ).all()
    alive = [row for row in rows if row.standing(now) in ALIVE]
    here = [row for row in alive if row.organisation_id == organisation_id]
    if any(row.person_id == person_id for row in here):
        raise Conflict("There is an open request for this already. Wait for its answer, or take it back first.")
    outside = kind is RequestKind.LET_IN
    alike = [row for row in here if (row.kind is RequestKind.LET_IN) is outside]
    if len(alike) >= MOST_OPEN or len(alive) - len(here) >= MOST_OPEN:
        raise Conflict(f"{MOST_OPEN} requests are open already. Wait until one of them is answered.")


def needed_words(text: str, field: str, missing: str) -> str:
    check_length(text, WORDS_LONGEST, field)
    if not text.strip():
        raise Invalid({field: missing})
    return text.strip()


def _gather(errors: dict[str, str], text: str, field: str, missing: str, longest: int = WORDS_LONGEST) -> str:
    """The text; what is wrong with it goes to `errors`, so that all is said at once."""
    try:
        check_length(text, longest, field)
    except Invalid as error:
        errors.update(error.errors)
    if not text.strip():
        errors[field] = missing
    return text.strip()


def about(session: Session, request: LeadRequest, who: str) -> dict[str, Any]:
    """What every message about a request names."""
    person = session.get_one(User, request.person_id)
    return {
        "organisation": session.get_one(Organisation, request.organisation_id).name,
        "person": person.name,
        "person_email": person.email,
        "who": who,
        "path": f"/lead-requests/{request.id}",
    }


def _tell_of_asking(session: Session, request: LeadRequest, actor: Actor, now: datetime) -> None:
    """Everybody there at once; the schemes too where no lead is left whose answer could be awaited."""
    told = [each for each in people_of(session, request.organisation_id) if each.id != actor.user_id]
    names = about(session, request, actor.name)
    values = {"words": request.reason, "position": request.position, "from_on": uk_day(now + SILENCE)}
    tell(session, told, "lead_asked", now, topic=Topic.PEOPLE, **names, **values)
    leads = select(func.count()).where(
        Membership.organisation_id == request.organisation_id, Membership.role == Role.LEAD
    )
    if not session.scalar(leads):
        tell_schemes(session, request, now)


def tell_schemes(session: Session, request: LeadRequest, now: datetime) -> None:
    """Tell the managers of the schemes that know the organisation that they may decide now."""
    request.others_told_at = now
    for scheme_id, code in deciding_schemes(session, request.organisation_id).items():
        names = {**about(session, request, ""), "path": f"/schemes/{code}/lead-requests/{request.id}"}
        tell(session, officers_of(session, scheme_id), "lead_to_decide", now, topic=Topic.PEOPLE, **names)
