"""Making and revoking keys to the open APIs."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import func, select, update

from app.domain.access import Action, Actor, require
from app.domain.api_keys import MOST_KEYS, SHOWN, key_name
from app.domain.errors import Conflict, NotFound
from app.models import ApiKey, User
from app.services.transactions import locked, record, transaction

BEGINNING = "ts_"


def make_key(name: str, *, actor: Actor, now: datetime) -> str:
    """A new key of the actor's, which is told this once. Raises Invalid on `name`, Conflict where there are enough."""
    require(actor, Action.USE_ACCOUNT)
    name = key_name(name)
    key = BEGINNING + secrets.token_urlsafe(24)
    with transaction() as session:
        locked(session, User, actor.user_id or 0)
        count = select(func.count()).where(ApiKey.user_id == actor.user_id, ApiKey.revoked_at.is_(None))
        if (session.scalar(count) or 0) >= MOST_KEYS:
            raise Conflict(
                f"You have {MOST_KEYS} keys already. Revoke one that nothing uses any more, then make a new one."
            )
        row = ApiKey(
            user_id=actor.user_id,
            name=name,
            beginning=key[:SHOWN],
            key_hash=sha256(key.encode()).hexdigest(),
            made_at=now,
        )
        session.add(row)
        record(session, actor, "api-key.made", row, now, name=name)
    return key


def revoke_key(key_id: int, *, actor: Actor, now: datetime) -> str:
    """End a key of the actor's; its hash. One that is revoked already stays so. Raises NotFound."""
    require(actor, Action.USE_ACCOUNT)
    with transaction() as session:
        row = session.get(ApiKey, key_id)
        if row is None or row.user_id != actor.user_id:
            raise NotFound("There is no such key, or it is not yours.")
        if row.revoked_at is None:
            row.revoked_at = now
            record(session, actor, "api-key.revoked", row, now, name=row.name)
        return row.key_hash


def note_used(key_id: int, *, today: date) -> None:
    """Keep the day on which a key was last used: not the hour, nor what for. Nobody's act, so without an audit row."""
    with transaction() as session:
        session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_on=today))
