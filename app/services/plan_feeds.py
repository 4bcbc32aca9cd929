"""Private addresses from which calendars read the plan: made, ended, and dead with whoever's rights they rest on."""

from __future__ import annotations

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import NotFound
from app.models import PlanFeed
from app.services.transactions import record, transaction

TOKEN_BYTES = 24


def hash_of(token: str) -> str:
    """What is kept of an address's secret. It is long and random, so a plain hash cannot be guessed back."""
    return sha256(token.encode()).hexdigest()


def make_feed(organisation_id: int, *, only_mine: bool, actor: Actor, now: datetime) -> str:
    """Make a private address and return its secret, which is shown once. The one that was there before ends.

    Raises NotFound, NotAllowed.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction() as session:
        require(actor, Action.SEE_PLAN, Subject(organisation_id=organisation_id))
        mine = (PlanFeed.user_id == actor.user_id, PlanFeed.organisation_id == organisation_id)
        for old in session.scalars(select(PlanFeed).where(*mine, PlanFeed.ended_at.is_(None))):
            old.ended_at = now
        feed = PlanFeed(
            user_id=actor.user_id,
            organisation_id=organisation_id,
            token_hash=hash_of(token),
            only_mine=only_mine,
            made_at=now,
        )
        session.add(feed)
        record(session, actor, "calendar.opened", feed, now, organisation_id=organisation_id, only_mine=only_mine)
    return token


def end_feed(organisation_id: int, *, actor: Actor, now: datetime) -> None:
    """End one's own private address. Raises NotFound where there is none."""
    with transaction() as session:
        feed = session.scalars(
            select(PlanFeed).where(
                PlanFeed.user_id == actor.user_id,
                PlanFeed.organisation_id == organisation_id,
                PlanFeed.ended_at.is_(None),
            )
        ).first()
        if feed is None:
            raise NotFound("There is no private address to end.")
        feed.ended_at = now
        record(session, actor, "calendar.ended", feed, now, organisation_id=organisation_id)
