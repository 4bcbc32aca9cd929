"""Signing in with an address and a password, and what every way in has in common."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.backends.passwords import Passwords
from app.backends.tokens import Tokens
from app.domain.access import Action, Actor, require
from app.domain.errors import Invalid
from app.domain.people import PASSWORD_LONGEST
from app.domain.two_step import Means
from app.extensions import db
from app.models import SignIn, User
from app.services.throttling import Limit, succeed, take_turn
from app.services.transactions import locked, record, transaction

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = Limit(most=10, window=WINDOW)
PER_ADDRESS = Limit(most=60, window=WINDOW)  # a whole office may share one address
SIGN_INS_KEPT = 20
WRONG = "The e-mail address or the password is not right. Check both and try again."


@dataclass(frozen=True)
class Entered:
    """Whose session may begin. Unless `confirmed`, the address has to be confirmed first.

    `second_step`: the account has one, so that this proves the password alone and opens nothing yet.
    """

    user_id: int
    session_key: str
    email: str
    confirmed: bool
    second_step: bool = False


def sign_in(email: str, password: str, *, address: str, passwords: Passwords, tokens: Tokens, now: datetime) -> Entered:
    """Check the password of the account with this e-mail; `address` is the network address that asks.

    Raises Invalid with one and the same sentence whatever is wrong, and Throttled after too many failures. The slow
    comparison runs outside of any transaction, so that it holds nobody up.
    """
    email = email.strip().lower()
    account = tokens.fingerprint("account", email)
    turn = take_turn({account: PER_ACCOUNT, tokens.fingerprint("address", address): PER_ADDRESS}, now)
    user = db.session.scalars(select(User).where(User.email == email, User.closed_at.is_(None))).first()
    stored, user_id = (user.password_hash, user.id) if user else (None, 0)
    if not passwords.matches(stored, password[: PASSWORD_LONGEST + 1]):
        raise Invalid({"password": WRONG})
    succeed(turn, account)
    with transaction() as session:
        user = locked(session, User, user_id)
        if user.two_step_at is None:
            note_sign_in(session, user, Means.PASSWORD, now)
        if passwords.is_dated(user.password_hash):
            user.password_hash = passwords.hash(password)
        return entered(user)


def sign_out_everywhere(*, actor: Actor, now: datetime) -> Entered:
    """End every session of the person's own account. Returns what this browser needs to begin a new one."""
    require(actor, Action.USE_ACCOUNT)
    with transaction() as session:
        user = locked(session, User, actor.user_id or 0)
        user.session_key = new_session_key()
        record(session, actor, "account.signed-out-everywhere", user, now)
        return entered(user)


def note_sign_in(session: Session, user: User, means: Means, now: datetime) -> None:
    """Remember that `user` is in, and how; only the newest of what is remembered stays."""
    user.last_signed_in_at = now
    older = (
        select(SignIn.id)
        .where(SignIn.user_id == user.id)
        .order_by(SignIn.at.desc(), SignIn.id.desc())
        .offset(SIGN_INS_KEPT - 1)
    )
    ids = session.scalars(older).all()
    if ids:
        session.execute(delete(SignIn).where(SignIn.id.in_(ids)))
    session.add(SignIn(user_id=user.id, at=now, means=means))


def entered(user: User) -> Entered:
    """What a session needs to begin for `user`."""
    confirmed = user.email_confirmed_at is not None
    return Entered(user.id, user.session_key, user.email, confirmed, second_step=user.two_step_at is not None)


def new_session_key() -> str:
    """A key that no session has yet: giving it to a user ends all that are open."""
    return secrets.token_hex(16)


def self_of(user: User) -> Actor:
    """The actor for what people do to their own account."""
    return Actor(user_id=user.id, name=user.name, email=user.email)
