"""Passing the lead of an organisation on: what those who are asked answer, and objecting to what others decided."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.access import ORGANISATION_ROLES, Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound, check_length
from app.domain.lead_request import WORDS_LONGEST, RequestKind, RequestMove, RequestStatus
from app.domain.topics import Topic
from app.models import Invitation, LeadRequest, Membership, Organisation, User
from app.queries.lead_requests import deciding_schemes
from app.services.lead_requests import LEAVES, about, needed_words
from app.services.memberships import NOT_THERE, end_membership, give_lead, keep_as_it_is, membership_of
from app.services.telling import by_id, officers_of, people_of, tell
from app.services.transactions import locked, record, transaction


def agree(request_id: int, *, actor: Actor, now: datetime, role: Role = Role.LEAD) -> None:
    """Say yes: the colleague to whom it was offered, or a lead who is asked, who may let somebody in as less (`role`).

    Raises NotFound, NotAllowed, Conflict and IllegalMove.
    """
    with transaction() as session:
        request = _held(session, request_id)
        if request.kind is RequestKind.HAND_OVER:
            _only_for(request.person_id, actor)
            _take_offer(session, request, now)
        else:
            require(actor, Action.ANSWER_LEAD_REQUEST, Subject(organisation_id=request.organisation_id))
            _let_lead(session, request, role, now)
        request.make(RequestMove.AGREE, now)
        request.decided_by_id, request.decided_at = actor.user_id, now
        record(session, actor, "lead.agreed", request, now, organisation_id=request.organisation_id)
        session.flush()
        _tell_of_end(session, request, actor, now, role)


def refuse(request_id: int, words: str, *, actor: Actor, now: datetime) -> None:
    """Say no, with an optional reason. Who may, and what it raises, as `agree`."""
    check_length(words, WORDS_LONGEST, "words")
    with transaction() as session:
        request = _held(session, request_id)
        if request.kind is RequestKind.HAND_OVER:
            _only_for(request.person_id, actor)
        else:
            require(actor, Action.ANSWER_LEAD_REQUEST, Subject(organisation_id=request.organisation_id))
        _only_while_open(request, now)
        request.make(RequestMove.REFUSE, now)
        request.decided_by_id, request.decided_at, request.refusal = actor.user_id, now, words.strip()
        record(session, actor, "lead.refused", request, now, organisation_id=request.organisation_id)
        _tell_of_end(session, request, actor, now)


def withdraw(request_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a request or an offer back: whoever made it. Raises NotFound, NotAllowed and IllegalMove."""
    with transaction() as session:
        request = _held(session, request_id)
        _only_for(request.asked_by_id, actor)
        request.make(RequestMove.WITHDRAW, now)
        record(session, actor, "lead.withdrawn", request, now, organisation_id=request.organisation_id)
        _tell_of_end(session, request, actor, now)


def object_to(request_id: int, words: str, *, actor: Actor, now: datetime) -> None:
    """Object, as an earlier lead, to a lead that was granted: all is as before until it is settled.

    Raises NotFound, NotAllowed, Invalid on `words`, and IllegalMove once the days for it are over.
    """
    words = needed_words(words, "words", "Say why the lead should not have passed.")
    with transaction() as session:
        request = _held(session, request_id)
        require(actor, Action.ANSWER_LEAD_REQUEST, Subject(organisation_id=request.organisation_id))
        if actor.user_id == request.person_id:
            raise NotAllowed("You cannot object to your own request.")
        request.make(RequestMove.OBJECT, now)
        request.objected_by_id, request.objection = actor.user_id, words
        _undo(session, request, now)
        _take_back_invitations(session, request, now)
        record(session, actor, "lead.objected", request, now, organisation_id=request.organisation_id, words=words)
        told = [*people_of(session, request.organisation_id), session.get_one(User, request.person_id)]
        for scheme_id in deciding_schemes(session, request.organisation_id):
            told += officers_of(session, scheme_id)
        tell(
            session, told, "lead_objected", now, topic=Topic.PEOPLE, words=words, **about(session, request, actor.name)
        )


def _held(session: Session, request_id: int) -> LeadRequest:
    """The request, with its organisation held first, as everywhere."""
    found = session.get(LeadRequest, request_id)
    if found is None:
        raise NotFound(NOT_THERE)
    locked(session, Organisation, found.organisation_id)
    return locked(session, LeadRequest, request_id)


def _only_for(user_id: int | None, actor: Actor) -> None:
    if not actor.signed_in or actor.user_id != user_id:
        raise NotFound(NOT_THERE)  # others may read it at most, and those from elsewhere learn nothing


def _only_while_open(request: LeadRequest, now: datetime) -> None:
    """An objection is settled by others, so that its own people no longer refuse the request."""
    if request.standing(now) is RequestStatus.OBJECTED:
        raise NotAllowed("You objected, or somebody did. The scheme settles it now.")


def _take_offer(session: Session, request: LeadRequest, now: datetime) -> None:
    giver = membership_of(session, request.organisation_id, request.asked_by_id or 0)
    person = membership_of(session, request.organisation_id, request.person_id)
    if giver is None or giver.role is not Role.LEAD or person is None:
        raise Conflict("Whoever offered you the lead does not lead the organisation any more. Ask another lead.")
    person.role = Role.LEAD
    session.flush()
    if request.giver_becomes == LEAVES:
        end_membership(session, giver, now)
    elif request.giver_becomes == Role.CONTRIBUTOR.value:
        giver.role = Role.CONTRIBUTOR


def _let_lead(session: Session, request: LeadRequest, role: Role, now: datetime) -> None:
    if role not in ORGANISATION_ROLES:
        raise Invalid({"role": "Choose what they may do."})
    before = membership_of(session, request.organisation_id, request.person_id)
    if role is Role.LEAD:
        keep_as_it_is(session, request.organisation_id, now)
        give_lead(session, request.organisation_id, request.person_id, now)
    elif before is None:
        values = {"user_id": request.person_id, "organisation_id": request.organisation_id}
        session.add(Membership(**values, role=role, created_at=now))


def _undo(session: Session, request: LeadRequest, now: datetime) -> None:
    """The person goes back to what they were before the lead was granted. The objector leads, so somebody does."""
    membership = membership_of(session, request.organisation_id, request.person_id)
    if membership is None:
        return
    if request.role_before is None:
        end_membership(session, membership, now)
    else:
        membership.role = request.role_before


def _take_back_invitations(session: Session, request: LeadRequest, now: datetime) -> None:
    """Nobody comes in by an invitation of somebody who, as it stands, should not have led."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.organisation_id == request.organisation_id,
            Invitation.invited_by_id == request.person_id,
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
        )
        .values(cancelled_at=now)
    )


def _tell_of_end(session: Session, request: LeadRequest, actor: Actor, now: datetime, role: Role = Role.LEAD) -> None:
    """Everybody there, whom it is about and who asked, except whoever ended it."""
    asked = [request.person_id, request.asked_by_id or request.person_id]
    told = [*people_of(session, request.organisation_id), *by_id(session, asked)]
    names = about(session, request, actor.name)
    others = [each for each in told if each.id != actor.user_id]
    values = {"status": request.status.value, "words": request.refusal, "role": role.value}
    tell(session, others, "lead_request_ended", now, topic=Topic.PEOPLE, **names, **values)
