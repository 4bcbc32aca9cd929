"""What an invitation offers, for who opens its link."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.access import Right, Role
from app.domain.errors import NotFound
from app.extensions import db
from app.models import Invitation, Organisation, Scheme, User

GONE = "This invitation does not work any more. It may be old, taken up or cancelled. Ask for a new one."


@dataclass(frozen=True)
class InvitationPage:
    """An open offer, to an adviser of `rights` until `ends_on`.

    `has_account`: its address has a confirmed account, whose owner signs in to accept.
    """

    email: str
    role: Role
    lay: bool
    place: str
    inviter: str
    expires_at: datetime
    has_account: bool
    rights: tuple[Right, ...]
    ends_on: date | None


def token_hash(token: str) -> str:
    """What is stored of an invitation's token. The token is random and long, so a plain hash keeps it safe."""
    return hashlib.sha256(token.encode()).hexdigest()


def invitation_page(token: str, *, now: datetime) -> InvitationPage:
    """The offer behind a link. Raises NotFound where it has run out, was taken up or cancelled, or never was."""
    offer = db.session.scalars(
        select(Invitation).where(
            Invitation.token_hash == token_hash(token),
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
            Invitation.expires_at >= now,
        )
    ).first()
    if offer is None:
        raise NotFound(GONE)
    account = select(User.id).where(User.email == offer.email, User.email_confirmed_at.is_not(None))
    inviter = db.session.get(User, offer.invited_by_id) if offer.invited_by_id else None
    return InvitationPage(
        email=offer.email,
        role=offer.role,
        lay=offer.lay,
        place=_place(offer),
        inviter=inviter.name if inviter else "The operator of this site",
        expires_at=offer.expires_at,
        has_account=db.session.scalars(account).first() is not None,
        rights=tuple(right for right in Right if right in offer.rights),
        ends_on=offer.ends_on,
    )


def _place(offer: Invitation) -> str:
    if offer.organisation_id:
        return db.session.get_one(Organisation, offer.organisation_id).name
    return db.session.get_one(Scheme, offer.scheme_id).title
