"""Who works for an organisation and for a scheme: changing roles and removing people, never the last who is needed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.access import ORGANISATION_ROLES, Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.models import Interest, Membership, Organisation, Scheme, SchemePost, User
from app.services.transactions import locked, record, transaction

LAST_LEAD = "Somebody must lead the organisation here. Make another person a lead first."
LAST_MANAGER = "Somebody must manage the scheme. Appoint another manager first."
NOT_THERE = "There is no such page, or it is not open to you."


def change_role(organisation_id: int, user_id: int, role: Role, *, actor: Actor, now: datetime) -> None:
    """Make a colleague a lead or a contributor. Raises NotFound, NotAllowed, Invalid, and Conflict for the last lead."""
    require(actor, Action.INVITE_COLLEAGUE, Subject(organisation_id=organisation_id))
    if role not in ORGANISATION_ROLES:
        raise Invalid({"role": "Choose what they may do."})
    with transaction() as session:
        membership = _membership(session, organisation_id, user_id)
        if membership.role is role:
            return
        if role is not Role.LEAD:
            _keep_a_lead(session, membership)
        before, membership.role = membership.role, role
        record(
            session,
            actor,
            "membership.role-changed",
            membership,
            now,
            organisation_id=organisation_id,
            person=_name(session, user_id),
            before=before.value,
            after=role.value,
        )


def remove_colleague(organisation_id: int, user_id: int, *, actor: Actor, now: datetime) -> None:
    """End a colleague's work for the organisation. Raises NotFound, NotAllowed, and Conflict for the last lead."""
    require(actor, Action.INVITE_COLLEAGUE, Subject(organisation_id=organisation_id))
    with transaction() as session:
        membership = _membership(session, organisation_id, user_id)
        _keep_a_lead(session, membership)
        name, role = _name(session, user_id), membership.role.value
        record(
            session,
            actor,
            "membership.removed",
            membership,
            now,
            organisation_id=organisation_id,
            person=name,
            role=role,
        )
        _remember_tie(session, membership, now)
        session.delete(membership)


def _remember_tie(session: Session, membership: Membership, now: datetime) -> None:
    """Keep that somebody worked there until now: it bars them from judging the organisation for as long as a scheme says."""
    known = session.scalars(
        select(Interest).where(
            Interest.user_id == membership.user_id, Interest.organisation_id == membership.organisation_id
        )
    ).first()
    if known is None:
        session.add(
            Interest(
                user_id=membership.user_id,
                organisation_id=membership.organisation_id,
                nature=f"Worked for the organisation here as {membership.role.value}.",
                declared_at=now,
                ended_at=now,
            )
        )
    elif known.ended_at is not None:  # a tie of another kind that goes on is not ended by this
        known.ended_at = now


def remove_from_post(scheme_id: int, user_id: int, role: Role, *, actor: Actor, now: datetime) -> None:
    """End one role of a person in a scheme. Raises NotFound, NotAllowed, and Conflict for the last manager."""
    require(actor, Action.MANAGE_PEOPLE, Subject(scheme_id=scheme_id))
    with transaction() as session:
        locked(session, Scheme, scheme_id)  # two who remove each other take turns
        post = session.scalars(
            select(SchemePost).where(
                SchemePost.scheme_id == scheme_id, SchemePost.user_id == user_id, SchemePost.role == role
            )
        ).first()
        if post is None:
            raise NotFound(NOT_THERE)
        managers = select(func.count()).where(SchemePost.scheme_id == scheme_id, SchemePost.role == Role.MANAGER)
        if role is Role.MANAGER and session.scalar(managers) == 1:
            raise Conflict(LAST_MANAGER)
        person = _name(session, user_id)
        record(session, actor, "post.removed", post, now, scheme_id=scheme_id, person=person, role=role.value)
        session.delete(post)


def _membership(session: Session, organisation_id: int, user_id: int) -> Membership:
    """The membership, with its organisation held, so that two who change roles at once take turns."""
    locked(session, Organisation, organisation_id)
    membership = session.scalars(
        select(Membership).where(Membership.organisation_id == organisation_id, Membership.user_id == user_id)
    ).first()
    if membership is None:
        raise NotFound(NOT_THERE)
    return membership


def _keep_a_lead(session: Session, membership: Membership) -> None:
    if membership.role is not Role.LEAD:
        return
    leads = select(func.count()).where(
        Membership.organisation_id == membership.organisation_id, Membership.role == Role.LEAD
    )
    if session.scalar(leads) == 1:
        raise Conflict(LAST_LEAD)


def _name(session: Session, user_id: int) -> str:
    return session.get_one(User, user_id).name
