"""How a person signs in: their second steps, their passkeys, and when they were here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.domain.access import Action, Actor, require
from app.domain.errors import NotFound
from app.domain.two_step import Means
from app.extensions import db
from app.models import Authenticator, Passkey, RecoveryCode, SignIn, User

MOST_PASSKEYS = 50
MOST_SIGN_INS = 20


@dataclass(frozen=True)
class PasskeyRow:
    """A passkey of one's own. `credential_id` is base64url."""

    passkey_id: int
    name: str
    credential_id: str
    added_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True)
class SignInRow:
    """One time that the person signed in."""

    at: datetime
    means: Means


@dataclass(frozen=True)
class SecurityPage:
    """What stands behind the person's sign-in. `on_since` is None while a password alone is enough."""

    name: str
    email: str
    on_since: datetime | None
    app_since: datetime | None
    passkeys: tuple[PasskeyRow, ...]
    codes_left: int
    sign_ins: tuple[SignInRow, ...]


@dataclass(frozen=True)
class Steps:
    """What an account can show as a second step at the door."""

    has_app: bool
    passkeys: tuple[str, ...]  # their credential ids, base64url
    codes_left: int


def security_page(*, actor: Actor) -> SecurityPage:
    """The page about one's own sign-in: five statements."""
    require(actor, Action.USE_ACCOUNT)
    user = db.session.get(User, actor.user_id)
    if user is None:
        raise NotFound("Nobody is signed in.")
    sign_ins = db.session.execute(
        select(SignIn.at, SignIn.means)
        .where(SignIn.user_id == user.id)
        .order_by(SignIn.at.desc(), SignIn.id.desc())
        .limit(MOST_SIGN_INS)
    )
    return SecurityPage(
        name=user.name,
        email=user.email,
        on_since=user.two_step_at,
        app_since=db.session.scalar(select(Authenticator.added_at).where(Authenticator.user_id == user.id)),
        passkeys=_passkeys(user.id),
        codes_left=_codes_left(user.id),
        sign_ins=tuple(SignInRow(at, means) for at, means in sign_ins),
    )


def passkey_row(passkey_id: int, *, actor: Actor) -> PasskeyRow:
    """One passkey of one's own. Raises NotFound."""
    found = next((row for row in _passkeys(actor.user_id or 0) if row.passkey_id == passkey_id), None)
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return found


def steps_of(user_id: int) -> Steps:
    """What the account with this id can show at the door: three statements."""
    app = db.session.scalar(select(Authenticator.id).where(Authenticator.user_id == user_id))
    keys = tuple(row.credential_id for row in _passkeys(user_id))
    return Steps(app is not None, keys, _codes_left(user_id))


def _passkeys(user_id: int) -> tuple[PasskeyRow, ...]:
    rows = db.session.scalars(
        select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.added_at, Passkey.id).limit(MOST_PASSKEYS)
    )
    return tuple(PasskeyRow(row.id, row.name, row.credential_id, row.added_at, row.last_used_at) for row in rows)


def _codes_left(user_id: int) -> int:
    unused = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0
