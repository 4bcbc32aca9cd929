"""Invitations to an organisation or a scheme that wait for a person's own address."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.domain.access import Actor
from app.domain.to_do import Kind, ToDo
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import Invitation, Organisation, Scheme

MOST = 20


def things(actor: Actor, today: date) -> list[ToDo]:
    """One thing for each open invitation to the actor's address, due when it runs out. One statement.

    An invitation is taken up on the page of those that wait, or by the link in its message.
    """
    if not actor.email:
        return []
    found = db.session.execute(
        select(Invitation.id, Invitation.expires_at, Organisation.name, Scheme.title)
        .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(Scheme, Scheme.id == Invitation.scheme_id)
        .where(
            Invitation.email == actor.email,
            Invitation.accepted_at.is_(None),
            Invitation.cancelled_at.is_(None),
        )
        .order_by(Invitation.expires_at)
        .limit(MOST)
    ).all()
    return [
        ToDo(
            Kind.INVITATION,
            f"Say whether you want to work with {organisation or scheme}",
            "/account/invitations",
            due_on=uk_day(expires_at),
            when="The invitation ends",
        )
        for _, expires_at, organisation, scheme in found
        if uk_day(expires_at) >= today
    ]
