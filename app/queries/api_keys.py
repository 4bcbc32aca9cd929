"""The keys that people made to the open APIs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.access import Action, Actor, require
from app.domain.api_keys import MOST_KEYS
from app.domain.errors import NotFound
from app.extensions import db
from app.models import ApiKey, User

MOST_REVOKED = 20


@dataclass(frozen=True)
class KnownKey:
    """A key that counts, and whose it is."""

    key_id: int
    user_id: int
    last_used_on: date | None


@dataclass(frozen=True)
class KeyRow:
    """A key as its owner sees it. `beginning` are its first characters."""

    key_id: int
    name: str
    beginning: str
    made_at: datetime
    last_used_on: date | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class KeysPage:
    """A person's keys, the newest first, and whether there may be another one."""

    keys: tuple[KeyRow, ...]
    revoked: tuple[KeyRow, ...]
    most: int = MOST_KEYS

    @property
    def room(self) -> bool:
        return len(self.keys) < self.most


def key_of(digest: str) -> KnownKey | None:
    """The key with this hash, unless it was revoked or its owner's account was closed. One statement."""
    row = db.session.execute(
        select(ApiKey.id, ApiKey.user_id, ApiKey.last_used_on)
        .join(User, User.id == ApiKey.user_id)
        .where(ApiKey.key_hash == digest, ApiKey.revoked_at.is_(None), User.closed_at.is_(None))
    ).first()
    return KnownKey(row.id, row.user_id, row.last_used_on) if row else None


def keys_page(*, actor: Actor) -> KeysPage:
    """The actor's own keys: those that count, and the last that were revoked."""
    require(actor, Action.USE_ACCOUNT)
    own = select(ApiKey).where(ApiKey.user_id == actor.user_id).order_by(ApiKey.id.desc())
    kept = db.session.scalars(own.where(ApiKey.revoked_at.is_(None)).limit(MOST_KEYS)).all()
    revoked = db.session.scalars(own.where(ApiKey.revoked_at.is_not(None)).limit(MOST_REVOKED)).all()
    return KeysPage(tuple(map(_row, kept)), tuple(map(_row, revoked)))


def own_key(key_id: int, *, actor: Actor) -> KeyRow:
    """One of the actor's own keys. Raises NotFound."""
    require(actor, Action.USE_ACCOUNT)
    key = db.session.get(ApiKey, key_id)
    if key is None or key.user_id != actor.user_id:
        raise NotFound("There is no such key, or it is not yours.")
    return _row(key)


def _row(key: ApiKey) -> KeyRow:
    return KeyRow(key.id, key.name, key.beginning, key.made_at, key.last_used_on, key.revoked_at)
