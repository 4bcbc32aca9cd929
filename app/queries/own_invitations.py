"""The invitations that wait for a signed-in person's own address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.access import Action, Actor, Right, Role, require
from app.extensions import db
from app.models import Invitation, Organisation, Scheme, User

MOST = 20


@dataclass(frozen=True)
class OwnInvitation:
    """One open offer of a role at `place`. To an adviser it offers `rights`, until `ends_on` if there is a last day."""

    invitation_id: int
    place: str
    role: Role
    inviter: str
    expires_at: datetime
    rights: tuple[Right, ...]
    ends_on: date | None


def own_invitations(actor: Actor, now: datetime) -> tuple[OwnInvitation, ...]:
    """The open offers to the address of `actor`, those that end first at the top. One statement. Raises NotFound."""
    require(actor, Action.USE_ACCOUNT)
    found = db.session.execute(
        select(Invitation, Organisation.name, Scheme.title, User.name)
        .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(Scheme, Scheme.id == Invitation.scheme_id)
        .outerjoin(User, User.id == Invitation.invited_by_id)
        .where(
            Invitation.email == actor.email,
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
            Invitation.expires_at >= now,
        )
        .order_by(Invitation.expires_at, Invitation.id)
        .limit(MOST)
    ).all()
    return tuple(
        OwnInvitation(
            offer.id,
            organisation or scheme,
            offer.role,
            inviter or "The operator of this site",
            offer.expires_at,
            tuple(right for right in Right if right in offer.rights),
            offer.ends_on,
        )
        for offer, organisation, scheme, inviter in found
    )
