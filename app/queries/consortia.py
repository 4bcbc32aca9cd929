"""The members of a consortium, and the consortia of which an organisation is a member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.access import Action, Actor, Role, Subject, may
from app.domain.errors import NotFound
from app.extensions import db
from app.models import ConsortiumMember, Invitation, Organisation
from app.queries.invitations import InvitationPage, invitation_page
from app.queries.organisations import own_organisation
from app.queries.parts import MOST_MEMBERS

MOST_OFFERS = 100
NOT_THERE = "There is no such page, or it is not open to you."


@dataclass(frozen=True)
class MemberRow:
    """One membership. `organisation_id` and `name` are of the member, or of the consortium where that is listed."""

    membership_id: int
    organisation_id: int
    name: str
    leads: bool
    joined_at: datetime


@dataclass(frozen=True)
class MemberOffer:
    """An invitation to become a member that nobody has taken up."""

    invitation_id: int
    email: str
    expires_at: datetime
    run_out: bool


@dataclass(frozen=True)
class MembersPage:
    """An organisation's members, those invited, and the consortia that it belongs to itself."""

    organisation_id: int
    organisation: str
    members: tuple[MemberRow, ...]
    offers: tuple[MemberOffer, ...]
    consortia: tuple[MemberRow, ...]
    may_change: bool
    may_leave: bool

    def member(self, membership_id: int) -> MemberRow:
        """A membership on this page. Raises NotFound."""
        for row in (*self.members, *self.consortia):
            if row.membership_id == membership_id:
                return row
        raise NotFound(NOT_THERE)


def members_page(organisation_id: int, actor: Actor, now: datetime) -> MembersPage:
    """The page of members: four statements. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.SEE_PEOPLE)
    may_change = may(actor, Action.MANAGE_MEMBERS, Subject(organisation_id=organisation_id))
    return MembersPage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        members=_rows(ConsortiumMember.consortium_id == organisation_id, ConsortiumMember.member_id),
        offers=_offers(organisation_id, now),
        consortia=_rows(ConsortiumMember.member_id == organisation_id, ConsortiumMember.consortium_id),
        may_change=may_change,
        may_leave=actor.organisations.get(organisation_id) is Role.LEAD,
    )


def _rows(where, named) -> tuple[MemberRow, ...]:
    rows = db.session.execute(
        select(ConsortiumMember, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == named)
        .where(where, ConsortiumMember.left_at.is_(None))
        .order_by(ConsortiumMember.leads.desc(), Organisation.name, ConsortiumMember.id)
        .limit(MOST_MEMBERS)
    ).all()
    return tuple(MemberRow(row.id, key, name, row.leads, row.joined_at) for row, key, name in rows)


def _offers(organisation_id: int, now: datetime) -> tuple[MemberOffer, ...]:
    rows = db.session.scalars(
        select(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.role == Role.MEMBER,
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
        )
        .order_by(Invitation.id.desc())
        .limit(MOST_OFFERS)
    ).all()
    return tuple(MemberOffer(row.id, row.email, row.expires_at, row.expires_at < now) for row in rows)


@dataclass(frozen=True)
class JoinPage:
    """An invitation to join a consortium, and (id, name) of the organisations that its reader leads."""

    offer: InvitationPage
    organisations: tuple[tuple[int, str], ...]


def join_page(token: str, actor: Actor, now: datetime) -> JoinPage:
    """What an invitation to a consortium offers. Raises NotFound where it does not stand or is none of that kind."""
    offer = invitation_page(token, now=now)
    if offer.role is not Role.MEMBER:
        raise NotFound(NOT_THERE)
    return JoinPage(offer, led_by(actor))


def led_by(actor: Actor) -> tuple[tuple[int, str], ...]:
    """(id, name) of the organisations that `actor` leads, with which they may join a consortium. One statement."""
    ids = [key for key, role in actor.organisations.items() if role is Role.LEAD]
    rows = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.name)
        .limit(MOST_MEMBERS)
    ).all()
    return tuple((key, name) for key, name in rows)
