"""Where a link from a poster or a message leads: which round, whether it takes answers, and what it asks."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.backends.tokens import Tokens
from app.domain.errors import NotFound
from app.extensions import db
from app.models import VoiceInvite, VoiceRound
from app.queries.lists import SERVICES, title

KEY, SIGNATURE = 16, 24  # hex digits of the two parts of a personal link


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


def personal_link(key: str, tokens: Tokens) -> str:
    """The link of one invitation. It cannot be made from what the database holds alone."""
    return key + tokens.fingerprint("voice-invitation", key)[:SIGNATURE]


def way_in(link: str, tokens: Tokens, today: date) -> Way:
    """Where an open or a personal link leads. Two statements at most. Raises NotFound."""
    invite = _invite(link, tokens) if len(link) == KEY + SIGNATURE else None
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


def _invite(link: str, tokens: Tokens) -> VoiceInvite | None:
    key = link[:KEY]
    if not hmac.compare_digest(personal_link(key, tokens).encode(), link.encode()):
        return None
    return db.session.scalars(select(VoiceInvite).where(VoiceInvite.key == key)).first()


def _ended(found: VoiceRound, invite: VoiceInvite | None, today: date) -> str:
    if invite is not None and invite.used:
        return "used"
    if found.closed_at is not None or today > found.closes_on:
        return "over"
    return "early" if today < found.opens_on else ""
