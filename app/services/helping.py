"""What both an invitation and its end do to somebody who helps from outside: the grant, and the tie that it makes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Right
from app.domain.impartiality import TieKind
from app.models import AdviserGrant, Invitation, User
from app.services.sign_in import self_of
from app.services.tie_keeping import end_advice, keep_tie
from app.services.transactions import record

ADVISES = "Advises the organisation from outside."


def begin_to_advise(session: Session, offer: Invitation, user: User, now: datetime) -> AdviserGrant:
    """Give `user` the rights that the offer names, in place of those held until now, and keep the tie that it makes."""
    for earlier in standing_grants(session, offer.organisation_id or 0, user.id):
        earlier.ended_at, earlier.ended_by_id = now, user.id
    grant = AdviserGrant(
        organisation_id=offer.organisation_id,
        user_id=user.id,
        rights=[right for right in offer.rights if right in set(Right)],
        works_for=offer.works_for,
        ends_on=offer.ends_on,
        granted_at=now,
        granted_by_id=offer.invited_by_id,
    )
    session.add(grant)
    session.flush()
    _tie(session, grant, now)
    record(
        session,
        self_of(user),
        "adviser.began",
        grant,
        now,
        organisation_id=grant.organisation_id,
        person=user.name,
        rights=grant.rights,
        until=str(grant.ends_on or ""),
    )
    return grant


def standing_grants(session: Session, organisation_id: int, user_id: int) -> list[AdviserGrant]:
    """The grants of one person at one organisation that nobody has ended."""
    return list(
        session.scalars(
            select(AdviserGrant).where(
                AdviserGrant.organisation_id == organisation_id,
                AdviserGrant.user_id == user_id,
                AdviserGrant.ended_at.is_(None),
            )
        )
    )


def _tie(session: Session, grant: AdviserGrant, now: datetime) -> None:
    """Who advises an organisation does not judge it: the tie lasts as long as the grant, and bars for a time after it."""
    keep_tie(session, grant.user_id, grant.organisation_id, ADVISES, now, kind=TieKind.ADVISES)


def untie(session: Session, grant: AdviserGrant, now: datetime) -> None:
    """The advice ends. A tie that was declared on its own, and goes on, is not ended by this."""
    end_advice(session, grant.user_id, grant.organisation_id, now)
