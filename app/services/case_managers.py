"""Who of a scheme's office hears about a case: a manager who may manage it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Application, Membership, User
from app.queries.subjects import subject_of
from app.services.telling import officers_of


def managers_of(session: Session, application: Application, today: date, first: int | None = None) -> list[User]:
    """The manager with the id `first`, as the one who last acted, if they may manage the case; else all who may."""
    subject = subject_of(session, application, today)
    shut = subject.tied | subject.blind
    members = set(
        session.scalars(select(Membership.user_id).where(Membership.organisation_id == application.organisation_id))
    )
    free = [each for each in officers_of(session, application.scheme_id) if each.id not in shut | members]
    return [each for each in free if each.id == first] or free
