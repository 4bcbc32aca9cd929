"""Making an account, and confirming that its e-mail address is the person's own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.backends.passwords import Passwords
from app.backends.tokens import Tokens
from app.domain.errors import NotFound
from app.domain.people import check_password, email_address, person_name
from app.models import User
from app.services.sign_in import Entered, entered, new_session_key, self_of
from app.services.throttling import Limit, take_turn
from app.services.transactions import locked, queue_mail, record, transaction

LINK_LASTS = timedelta(days=3)
LINKS_PER_ACCOUNT = Limit(most=5, window=timedelta(hours=1))
LINKS_PER_ADDRESS = Limit(most=30, window=timedelta(hours=1))
STALE = "This link does not work any more. It may be old, or used already. Ask for a new one."


@dataclass(frozen=True)
class Confirmation:
    """The address that a link confirms. It `changes` the address of an account, or confirms a new account's."""

    email: str
    changes: bool


def sign_up(
    name: str, email: str, password: str, *, address: str, passwords: Passwords, tokens: Tokens, now: datetime
) -> None:
    """Make an account that waits for its address to be confirmed, and send the link for it.

    Where there is a confirmed account the mail says so instead: the page never tells who has an account, and takes as
    long either way. An unconfirmed one is made anew, so that nobody can take another's address in advance.
    Raises Invalid and Throttled.
    """
    name, email = person_name(name), email_address(email)
    check_password(password, name, email)
    take_link(email, address, tokens, now)
    password_hash = passwords.hash(password)
    with suppress(IntegrityError), transaction() as session:  # pressed twice: the other press has sent the mail
        user = _by_email(session, email)
        if user is not None and user.email_confirmed_at is not None:
            queue_mail(session, email, "account_exists", now, name=user.name)
            return
        if user is None:
            user = User(email=email, created_at=now)
            session.add(user)
        user.name, user.password_hash, user.session_key = name, password_hash, new_session_key()
        session.flush()  # gives a new account its id
        record(session, self_of(user), "account.signed-up", user, now)
        _send_link(session, user, tokens, now)


def send_confirmation(email: str, *, address: str, tokens: Tokens, now: datetime) -> None:
    """Send the link again to who has signed up and not confirmed. Says nothing to anybody else. Raises Throttled."""
    email = email_address(email)
    take_link(email, address, tokens, now)
    with transaction() as session:
        user = _by_email(session, email)
        if user is not None and user.email_confirmed_at is None:
            _send_link(session, user, tokens, now)
        elif user is not None:
            queue_mail(session, email, "account_exists", now, name=user.name)


def confirm(token: str, *, tokens: Tokens, now: datetime) -> Entered:
    """Take the address of the token's account as confirmed. Pressing twice does no harm. Raises NotFound."""
    values = tokens.read("confirm", token, now)
    if values is None:
        raise NotFound(STALE)
    with transaction() as session:
        user = locked(session, User, values["user"])
        if user.email != values["email"] or mark_of(user, tokens) != values["mark"]:
            raise NotFound(STALE)
        if user.email_confirmed_at is None:
            user.email_confirmed_at = now
            record(session, self_of(user), "account.confirmed", user, now)
        return entered(user)


def confirmation(token: str, *, tokens: Tokens, now: datetime) -> Confirmation:
    """What a confirmation link is about. Raises NotFound where it has run out or was never ours."""
    for purpose in ("confirm", "change-address"):
        values = tokens.read(purpose, token, now)
        if values is not None:
            return Confirmation(values["email"], changes=purpose == "change-address")
    raise NotFound(STALE)


def take_link(email: str, address: str, tokens: Tokens, now: datetime) -> None:
    """Count one mail with a link to this e-mail, asked for from this network address. Raises Throttled."""
    take_turn(
        {
            tokens.fingerprint("link-account", email): LINKS_PER_ACCOUNT,
            tokens.fingerprint("link-address", address): LINKS_PER_ADDRESS,
        },
        now,
    )


def mark_of(user: User, tokens: Tokens) -> str:
    """Stands in a link for the account as it is: it changes with the password, which makes the link useless."""
    return tokens.fingerprint("session", user.session_key)


def _by_email(session: Session, email: str) -> User | None:
    return session.scalars(select(User).where(User.email == email).with_for_update()).first()


def _send_link(session: Session, user: User, tokens: Tokens, now: datetime) -> None:
    values = {"user": user.id, "email": user.email, "mark": mark_of(user, tokens)}
    token = tokens.sign("confirm", values, now, LINK_LASTS)
    queue_mail(session, user.email, "confirm_email", now, name=user.name, token=token)
