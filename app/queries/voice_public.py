"""Where a link from a poster or a message leads: which round, whether it takes answers, and what it asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from app.domain.errors import NotFound
from app.extensions import db
from app.models import VoiceInvite, VoiceRound
from app.queries.lists import SERVICES, title

PERSONAL = 40  # hex digits of a personal link


@dataclass(frozen=True)
class Way:
    """Where a link leads. `ended` is why it takes no answers: early, over or used; empty where it does."""

    round_id: int
    organisation_id: int
    provider: str
    service_code: str
    service: str
    questions: dict[str, Any]
    opens_on: date
    invite_id: int | None
    ended: str


def key_of(link: str) -> str:
    """What is kept of a personal link: enough to know it again, and not to make it."""
    return sha256(link.encode()).hexdigest()[:PERSONAL]


def way_in(link: str, today: date) -> Way:
    """Where an open or a personal link leads. Two statements at most. Raises NotFound."""
    asked = select(VoiceInvite).where(VoiceInvite.key == key_of(link))
    invite = db.session.scalars(asked).first() if len(link) == PERSONAL else None
    where = VoiceRound.id == invite.round_id if invite else VoiceRound.link == link.lower()
    found = db.session.scalars(select(VoiceRound).where(where)).first()
    if found is None:
        raise NotFound("There is no such link.")
    return Way(
        round_id=found.id,
        organisation_id=found.organisation_id,
        provider=found.organisation.name,
        service_code=found.service,
        service=title(SERVICES, found.service) if found.service else "",
        questions=found.questions,
        opens_on=found.opens_on,
        invite_id=invite.id if invite else None,
        ended=_ended(found, invite, today),
    )


def _ended(found: VoiceRound, invite: VoiceInvite | None, today: date) -> str:
    if invite is not None and invite.used:
        return "used"
    if found.closed_at is not None or today > found.closes_on:
        return "over"
    return "early" if today < found.opens_on else ""
