"""Who works for an organisation and for a scheme, and who is invited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from app.domain.access import ORGANISATION_ROLES, Action, Actor, Role, Subject, may, require
from app.domain.errors import NotFound
from app.extensions import db
from app.models import Invitation, Membership, Organisation, Scheme, SchemePost, User
from app.queries.lead_requests import LeadRequestRow, open_requests

MOST_PEOPLE = 500
MOST_INVITATIONS = 200
NOT_THERE = "There is no such page, or it is not open to you."


@dataclass(frozen=True)
class PersonRow:
    """A person with one role here."""

    user_id: int
    name: str
    email: str
    role: Role
    lay: bool
    since: datetime
    last_signed_in_at: datetime | None
    two_step: bool
    is_me: bool


@dataclass(frozen=True)
class InvitationRow:
    """An offer that nobody has taken up or cancelled."""

    invitation_id: int
    email: str
    role: Role
    lay: bool
    expires_at: datetime
    run_out: bool


@dataclass(frozen=True)
class PeoplePage:
    """The people of an organisation (`id` its id) or of a scheme (`code` its code). `may_manage`: they may change it."""

    id: int
    code: str
    name: str
    people: tuple[PersonRow, ...]
    invitations: tuple[InvitationRow, ...]
    may_manage: bool
    requests: tuple[LeadRequestRow, ...] = ()  # about who leads, that are not over

    @property
    def leads(self) -> tuple[PersonRow, ...]:
        return tuple(person for person in self.people if person.role is Role.LEAD)


@dataclass(frozen=True)
class SchemeRow:
    """A scheme that somebody manages."""

    code: str
    title: str


def organisation_people(organisation_id: int, *, actor: Actor, now: datetime) -> PeoplePage:
    """The people page of an organisation: five statements. Raises NotFound and NotAllowed."""
    subject = Subject(organisation_id=organisation_id)
    require(actor, Action.SEE_PEOPLE, subject)
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound(NOT_THERE)
    rows = db.session.execute(
        select(User, Membership)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(User.name, User.id)
        .limit(MOST_PEOPLE)
    ).all()
    return PeoplePage(
        id=organisation.id,
        code="",
        name=organisation.name,
        people=tuple(_person(user, membership, False, actor) for user, membership in rows),
        invitations=_open_invitations(
            (Invitation.organisation_id == organisation_id) & Invitation.role.in_(ORGANISATION_ROLES), now
        ),
        may_manage=may(actor, Action.INVITE_COLLEAGUE, subject),
        requests=open_requests(organisation_id, now=now),
    )


def scheme_people(code: str, *, actor: Actor, now: datetime) -> PeoplePage:
    """The people page of a scheme: three statements. Raises NotFound and NotAllowed."""
    scheme = db.session.scalars(select(Scheme).where(Scheme.code == code)).first()
    if scheme is None:
        raise NotFound(NOT_THERE)
    require(actor, Action.MANAGE_PEOPLE, Subject(scheme_id=scheme.id))
    rows = db.session.execute(
        select(User, SchemePost)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(SchemePost.scheme_id == scheme.id)
        .order_by(User.name, User.id, SchemePost.role)
        .limit(MOST_PEOPLE)
    ).all()
    return PeoplePage(
        id=scheme.id,
        code=scheme.code,
        name=scheme.title,
        people=tuple(_person(user, post, post.lay, actor) for user, post in rows),
        invitations=_open_invitations(Invitation.scheme_id == scheme.id, now),
        may_manage=True,
    )


def schemes_with(role: Role, *, actor: Actor) -> tuple[SchemeRow, ...]:
    """The schemes in which `actor` holds `role`, by title."""
    ids = [scheme_id for scheme_id, roles in actor.schemes.items() if role in roles]
    if not ids:
        return ()
    rows = db.session.execute(select(Scheme.code, Scheme.title).where(Scheme.id.in_(ids)).order_by(Scheme.title))
    return tuple(SchemeRow(code, title) for code, title in rows)


def _person(user: User, held: Membership | SchemePost, lay: bool, actor: Actor) -> PersonRow:
    return PersonRow(
        user_id=user.id,
        name=user.name,
        email=user.email,
        role=held.role,
        lay=lay,
        since=held.created_at,
        last_signed_in_at=user.last_signed_in_at,
        two_step=user.two_step_at is not None,
        is_me=user.id == actor.user_id,
    )


def _open_invitations(where: ColumnElement[bool], now: datetime) -> tuple[InvitationRow, ...]:
    rows = db.session.scalars(
        select(Invitation)
        .where(where, Invitation.accepted_at.is_(None), Invitation.cancelled_at.is_(None))
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
        .limit(MOST_INVITATIONS)
    ).all()
    return tuple(
        InvitationRow(row.id, row.email, row.role, row.lay, row.expires_at, row.expires_at < now) for row in rows
    )
