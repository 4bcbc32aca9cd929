"""A consortium and its members: invited by a lead, joined by a lead of the member, left at any time by either."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.people import email_address
from app.domain.topics import Topic
from app.models import ConsortiumMember, Invitation, Organisation, User
from app.queries.invitations import GONE, token_hash
from app.queries.parts import MOST_MEMBERS
from app.services.invitations import send_new, sent_to
from app.services.parts import put_all_together
from app.services.telling import people_of, tell
from app.services.transactions import locked, record, transaction

NOT_THERE = "There is no such page, or it is not open to you."


def invite_member(consortium_id: int, email: str, *, actor: Actor, now: datetime) -> int:
    """Ask somebody who leads another organisation to join with it. Returns the invitation's id.

    Raises NotFound, NotAllowed, Throttled, Invalid on `email`, Conflict where this organisation is a member itself.
    """
    require(actor, Action.MANAGE_MEMBERS, Subject(organisation_id=consortium_id))
    email = email_address(email)
    with transaction() as session:
        consortium = locked(session, Organisation, consortium_id)
        if _belongs_to(session, consortium_id):
            raise Conflict(
                f"{consortium.name} is a member of a consortium itself, so it cannot have members of its own."
            )
        offer = Invitation(email=email, organisation_id=consortium_id, role=Role.MEMBER)
        return send_new(session, offer, consortium.name, actor, now)


def join_consortium(token: str, member_id: int, *, actor: Actor, now: datetime) -> None:
    """Take up an invitation with one of one's organisations. The first to join leads until that is changed.

    Raises NotFound, NotAllowed where it was sent to somebody else or one does not lead the organisation, Conflict.
    """
    with transaction() as session:
        offer = session.scalars(
            select(Invitation).where(Invitation.token_hash == token_hash(token)).with_for_update()
        ).first()
        _join(session, offer, member_id, actor, now)


def take_up_own_offer(invitation_id: int, member_id: int, *, actor: Actor, now: datetime) -> None:
    """The same without the link in the message, by whoever owns the address that the invitation was sent to."""
    with transaction() as session:
        _join(session, sent_to(session, invitation_id, actor, now), member_id, actor, now)


def _join(session: Session, offer: Invitation | None, member_id: int, actor: Actor, now: datetime) -> None:
    if actor.organisations.get(member_id) is not Role.LEAD:
        raise NotAllowed("Only a lead of an organisation can join with it. Ask one of them.")
    if offer is None or offer.role is not Role.MEMBER or _is_gone(offer, now):
        raise NotFound(GONE)
    if offer.email != actor.email:
        raise NotAllowed(f"This invitation was sent to {offer.email}. Sign in with that address to accept it.")
    consortium_id = offer.organisation_id or 0
    consortium = locked(session, Organisation, consortium_id)
    _check(session, consortium, member_id)
    offer.accepted_at = now
    member = ConsortiumMember(
        consortium_id=consortium_id,
        member_id=member_id,
        leads=not _standing(session, consortium_id),
        joined_at=now,
        joined_by_id=actor.user_id,
    )
    session.add(member)
    session.flush()
    _record(session, "consortium.joined", member, actor, now)
    put_all_together(session, consortium_id, actor, now)
    leads = people_of(session, consortium_id, Role.LEAD)
    tell(session, leads, "member_joined", now, topic=Topic.SHARING, **_words(member, consortium))


def _is_gone(offer: Invitation, now: datetime) -> bool:
    return offer.accepted_at is not None or offer.cancelled_at is not None or offer.expires_at < now


def _check(session: Session, consortium: Organisation, member_id: int) -> None:
    if member_id == consortium.id:
        raise Conflict("An organisation cannot be a member of itself.")
    if _standing(session, member_id):
        raise Conflict("A consortium cannot be a member of another.")
    standing = _standing(session, consortium.id)
    if member_id in {row.member_id for row in standing}:
        raise Conflict(f"Your organisation is a member of {consortium.name} already.")
    if len(standing) >= MOST_MEMBERS:
        raise Conflict(f"{consortium.name} has {MOST_MEMBERS} members, which is as many as there can be.")


def end_membership(membership_id: int, *, actor: Actor, now: datetime) -> None:
    """End a membership, as a lead of the consortium or of the member. What the member answered stays with its answers.

    Raises NotFound, NotAllowed, Conflict where it has ended.
    """
    with transaction() as session:
        member = locked(session, ConsortiumMember, membership_id)
        if actor.organisations.get(member.member_id) is not Role.LEAD:
            require(actor, Action.MANAGE_MEMBERS, Subject(organisation_id=member.consortium_id))
        if member.left_at is not None:
            raise Conflict("This membership has ended already.")
        consortium = locked(session, Organisation, member.consortium_id)
        member.left_at, member.left_by_id = now, actor.user_id
        led, member.leads = member.leads, False
        session.flush()
        left = _standing(session, member.consortium_id)
        if led and left:
            left[0].leads = True
        session.flush()
        _record(session, "consortium.left", member, actor, now)
        put_all_together(session, member.consortium_id, actor, now)
        told = [*people_of(session, member.consortium_id, Role.LEAD), *people_of(session, member.member_id, Role.LEAD)]
        tell(session, _others(told, actor), "member_left", now, topic=Topic.SHARING, **_words(member, consortium))


def make_lead_member(membership_id: int, *, actor: Actor, now: datetime) -> None:
    """Let this member lead the consortium in place of the one that does. Raises NotFound, NotAllowed, Conflict."""
    with transaction() as session:
        member = locked(session, ConsortiumMember, membership_id)
        require(actor, Action.MANAGE_MEMBERS, Subject(organisation_id=member.consortium_id))
        if member.left_at is not None:
            raise Conflict("This membership has ended already.")
        for row in _standing(session, member.consortium_id):
            row.leads = row.id == member.id
        session.flush()
        _record(session, "consortium.lead-changed", member, actor, now)
        put_all_together(session, member.consortium_id, actor, now)


def _standing(session: Session, consortium_id: int) -> list[ConsortiumMember]:
    """The members of a consortium now, in the order in which they joined."""
    return list(
        session.scalars(
            select(ConsortiumMember)
            .where(ConsortiumMember.consortium_id == consortium_id, ConsortiumMember.left_at.is_(None))
            .order_by(ConsortiumMember.joined_at, ConsortiumMember.id)
            .limit(MOST_MEMBERS + 1)
        )
    )


def _belongs_to(session: Session, organisation_id: int) -> bool:
    """Whether an organisation is a member of a consortium."""
    found = select(func.count()).where(
        ConsortiumMember.member_id == organisation_id, ConsortiumMember.left_at.is_(None)
    )
    return bool(session.scalar(found))


def _words(member: ConsortiumMember, consortium: Organisation) -> dict[str, object]:
    return {"member": member.member.name, "consortium": consortium.name, "consortium_id": consortium.id}


def _others(people: list[User], actor: Actor) -> list[User]:
    """Each of them once, without who acts."""
    return list({person.id: person for person in people if person.id != actor.user_id}.values())


def _record(session: Session, action: str, member: ConsortiumMember, actor: Actor, now: datetime) -> None:
    record(
        session,
        actor,
        action,
        member,
        now,
        organisation_id=member.consortium_id,
        member=member.member.name,
        member_id=member.member_id,
    )
