"""What people change about their own account: name, password, e-mail address."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.backends.passwords import Passwords
from app.backends.tokens import Tokens
from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.people import check_password, email_address, person_name
from app.domain.topics import Language, Topic
from app.extensions import db
from app.models import User
from app.queries.wishes import wishes_of
from app.services.sign_in import PER_ACCOUNT, Entered, entered, new_session_key, self_of
from app.services.sign_up import LINK_LASTS, STALE, mark_of, take_link
from app.services.telling import tell
from app.services.throttling import succeed, take_turn
from app.services.transactions import locked, queue_mail, record, transaction

RESET_LASTS = timedelta(hours=2)
NOT_YOURS = "This is not your password. Type it as you do to sign in."


def rename(name: str, *, actor: Actor, now: datetime) -> None:
    """Change the person's own name. Raises Invalid."""
    require(actor, Action.USE_ACCOUNT)
    name = person_name(name)
    with transaction() as session:
        user = locked(session, User, _own(actor))
        before, user.name = user.name, name
        record(session, actor, "account.renamed", user, now, before=before, after=name)


def change_password(
    current: str, new: str, *, actor: Actor, passwords: Passwords, tokens: Tokens, now: datetime
) -> Entered:
    """Change the person's own password, which ends every other session. Raises Invalid and Throttled."""
    require(actor, Action.USE_ACCOUNT)
    check_own_password(current, "current_password", actor, passwords, tokens, now)
    check_password(new, actor.name, actor.email, field="new_password")
    password_hash = passwords.hash(new)
    with transaction() as session:
        user = locked(session, User, _own(actor))
        user.password_hash, user.session_key = password_hash, new_session_key()
        record(session, actor, "account.password-changed", user, now)
        tell(session, [user], "password_changed", now, topic=Topic.SECURITY)
        return entered(user)


def ask_for_new_address(
    email: str, password: str, *, address: str, actor: Actor, passwords: Passwords, tokens: Tokens, now: datetime
) -> None:
    """Send a link to the new address; the old one stays until the link is used. Raises Invalid and Throttled.

    Whether somebody else has the new address is told only to whoever reads mail there.
    """
    require(actor, Action.USE_ACCOUNT)
    email = email_address(email)
    if email == actor.email:
        raise Invalid({"email": "This is your address already."})
    check_own_password(password, "password", actor, passwords, tokens, now)
    take_link(email, address, tokens, now)
    with transaction() as session:
        user = locked(session, User, _own(actor))
        if _taken(session, email):
            queue_mail(session, email, "account_exists", now, name=actor.name)
            return
        values = {"user": user.id, "email": email, "mark": mark_of(user, tokens)}
        token = tokens.sign("change-address", values, now, LINK_LASTS)
        queue_mail(
            session,
            email,
            "change_address",
            now,
            language=_language(session, user),
            name=user.name,
            token=token,
        )


def change_address(token: str, *, tokens: Tokens, now: datetime) -> Entered:
    """Take the address of the link as the account's. Raises NotFound, and Conflict if somebody took it meanwhile.

    It ends every session and every other link: one may lie in the mailbox that was left.
    """
    values = tokens.read("change-address", token, now)
    if values is None:
        raise NotFound(STALE)
    try:
        with transaction() as session:
            user = locked(session, User, values["user"])
            if mark_of(user, tokens) != values["mark"]:
                raise NotFound(STALE)
            if user.email != values["email"]:
                before, user.email, user.email_confirmed_at = user.email, values["email"], now
                user.session_key = new_session_key()
                record(session, self_of(user), "account.address-changed", user, now)
                queue_mail(
                    session,
                    before,
                    "address_changed",
                    now,
                    language=_language(session, user),
                    name=user.name,
                )
            return entered(user)
    except IntegrityError:
        raise Conflict("Another account has taken this address meanwhile. Choose a different one.") from None


def ask_for_reset(email: str, *, address: str, tokens: Tokens, now: datetime) -> None:
    """Send a link with which to choose a new password, if there is such an account. Raises Invalid and Throttled."""
    email = email_address(email)
    take_link(email, address, tokens, now)
    with transaction() as session:
        user = session.scalars(select(User).where(User.email == email, User.closed_at.is_(None))).first()
        if user is None:
            queue_mail(session, email, "no_account", now)
            return
        token = tokens.sign("reset", {"user": user.id, "mark": mark_of(user, tokens)}, now, RESET_LASTS)
        record(session, self_of(user), "account.reset-asked", user, now)
        queue_mail(session, email, "reset_password", now, name=user.name, token=token)


def check_reset(token: str, *, tokens: Tokens, now: datetime) -> dict[str, Any]:
    """What a reset link says, if it still opens something. Raises NotFound."""
    values = tokens.read("reset", token, now)
    user = db.session.get(User, values["user"]) if values else None
    if values is None or user is None or user.closed_at or mark_of(user, tokens) != values["mark"]:
        raise NotFound(STALE)
    return {**values, "name": user.name, "email": user.email}


def reset_password(token: str, password: str, *, passwords: Passwords, tokens: Tokens, now: datetime) -> None:
    """Choose a new password by the link, once: it ends every session and every other link. Raises Invalid, NotFound."""
    values = check_reset(token, tokens=tokens, now=now)
    check_password(password, values["name"], values["email"])
    password_hash = passwords.hash(password)
    with transaction() as session:
        user = locked(session, User, values["user"])
        if mark_of(user, tokens) != values["mark"]:
            raise NotFound(STALE)
        user.password_hash, user.session_key = password_hash, new_session_key()
        user.email_confirmed_at = user.email_confirmed_at or now  # the link came through this very address
        record(session, self_of(user), "account.password-reset", user, now)
        tell(session, [user], "password_changed", now, topic=Topic.SECURITY)


def _own(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotFound("Nobody is signed in.")
    return actor.user_id


def check_own_password(
    password: str, field: str, actor: Actor, passwords: Passwords, tokens: Tokens, now: datetime
) -> None:
    """Ask again who sits at the keyboard, as slowly as at the door. Raises Invalid on `field`, and Throttled."""
    key = tokens.fingerprint("account", actor.email)
    turn = take_turn({key: PER_ACCOUNT}, now)
    user = db.session.get(User, _own(actor))
    if not passwords.matches(user.password_hash if user else None, password):
        raise Invalid({field: NOT_YOURS})
    succeed(turn, key)


def _language(session: Session, user: User) -> Language:
    return wishes_of(session, [user.id])[user.id].language


def _taken(session: Session, email: str) -> bool:
    return session.scalars(select(User.id).where(User.email == email)).first() is not None
