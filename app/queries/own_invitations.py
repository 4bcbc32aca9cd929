"""The invitations that wait for a signed-in person's own address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.access import Action, Actor, Role, require
from app.extensions import db
from app.models import Invitation, Organisation, Scheme, User

MOST = 20


@dataclass(frozen=True)
class OwnInvitation:
    """One open offer of a role at `place`."""

    invitation_id: int
    place: str
    role: Role
    inviter: str
    expires_at: datetime


def own_invitations(actor: Actor, now: datetime) -> tuple[OwnInvitation, ...]:
    """The open offers to the address of `actor`, those that end first at the top. One statement. Raises NotFound."""
    require(actor, Action.USE_ACCOUNT)
    found = db.session.execute(
        select(Invitation.id, Organisation.name, Scheme.title, Invitation.role, User.name, Invitation.expires_at)
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
        OwnInvitation(key, organisation or scheme, role, inviter or "The operator of this site", expires_at)
        for key, organisation, scheme, role, inviter, expires_at in found
    )
