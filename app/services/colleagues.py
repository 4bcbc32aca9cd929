"""Who works for an organisation and for a scheme: changing roles, removing people and leaving, never the last who is needed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.domain.access import ORGANISATION_ROLES, Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.topics import Topic
from app.models import Organisation, Scheme, SchemePost
from app.services.memberships import (
    NOT_THERE,
    end_membership,
    keep_a_lead,
    keep_as_it_is,
    name_of,
    own_membership,
)
from app.services.telling import people_of, tell
from app.services.transactions import locked, record, transaction

LAST_MANAGER = "Somebody must manage the scheme. Appoint another manager first."


def change_role(organisation_id: int, user_id: int, role: Role, *, actor: Actor, now: datetime) -> None:
    """Make a colleague a lead or a contributor. Raises NotFound, NotAllowed, Invalid, and Conflict for the last lead."""
    require(actor, Action.INVITE_COLLEAGUE, Subject(organisation_id=organisation_id))
    if role not in ORGANISATION_ROLES:
        raise Invalid({"role": "Choose what they may do."})
    with transaction() as session:
        membership = own_membership(session, organisation_id, user_id)
        if membership.role is role:
            return
        keep_as_it_is(session, organisation_id, now)
        if role is not Role.LEAD:
            keep_a_lead(session, membership)
        before, membership.role = membership.role, role
        record(
            session,
            actor,
            "membership.role-changed",
            membership,
            now,
            organisation_id=organisation_id,
            person=name_of(session, user_id),
            before=before.value,
            after=role.value,
        )


def remove_colleague(organisation_id: int, user_id: int, *, actor: Actor, now: datetime) -> None:
    """End a colleague's work for the organisation. Raises NotFound, NotAllowed, and Conflict for the last lead."""
    require(actor, Action.INVITE_COLLEAGUE, Subject(organisation_id=organisation_id))
    with transaction() as session:
        membership = own_membership(session, organisation_id, user_id)
        keep_as_it_is(session, organisation_id, now)
        keep_a_lead(session, membership)
        about: dict[str, Any] = {"person": name_of(session, user_id), "role": membership.role.value}
        record(session, actor, "membership.removed", membership, now, organisation_id=organisation_id, **about)
        end_membership(session, membership, now)


def leave_organisation(organisation_id: int, *, actor: Actor, now: datetime) -> None:
    """End one's own work for the organisation; its leads are told. Raises NotFound, and Conflict for the last lead."""
    require(actor, Action.LEAVE_ORGANISATION, Subject(organisation_id=organisation_id))
    with transaction() as session:
        membership = own_membership(session, organisation_id, actor.user_id or 0)
        keep_a_lead(session, membership)
        role = membership.role.value
        record(session, actor, "membership.left", membership, now, organisation_id=organisation_id, role=role)
        end_membership(session, membership, now)
        session.flush()
        organisation = session.get_one(Organisation, organisation_id)
        told = {"person": actor.name, "organisation": organisation.name, "organisation_id": organisation_id}
        leads = people_of(session, organisation_id, Role.LEAD)
        tell(session, leads, "colleague_left", now, topic=Topic.PEOPLE, **told)


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
        person = name_of(session, user_id)
        record(session, actor, "post.removed", post, now, scheme_id=scheme_id, person=person, role=role.value)
        session.delete(post)
