"""Telling people with an account what happened, each in the way they chose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.topics import Topic
from app.models import Membership, User
from app.services.transactions import queue_mail

MOST_TOLD = 50


def tell(
    session: Session, people: Iterable[User], template: str, now: datetime, *, topic: Topic, **values: Any
) -> None:
    """Owe each of `people` the message `templates/email/<template>.txt`, which may also use their `name`."""
    for person in people:
        queue_mail(session, person.email, template, now, name=person.name, **values)


def people_of(session: Session, organisation_id: int, role: Role | None = None) -> list[User]:
    """Those who work for an organisation here, all or only those with `role`, by id; at most 50."""
    members = (
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation_id, User.closed_at.is_(None))
        .order_by(User.id)
        .limit(MOST_TOLD)
    )
    return list(session.scalars(members.where(Membership.role == role) if role else members))
