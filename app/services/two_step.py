"""Setting up and ending two-step sign-in: the authenticator app, passkeys and recovery codes of one's own account."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.backends.one_time_codes import matching_step
from app.backends.passkeys import NotProved, Passkeys
from app.backends.tokens import Tokens
from app.backends.vault import Vault
from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.people import email_address
from app.domain.topics import Topic
from app.domain.two_step import (
    MOST_PASSKEYS,
    RECOVERY_ALPHABET,
    RECOVERY_CODES,
    RECOVERY_LENGTH,
    passkey_name,
    plain_code,
    recovery_code_in_print,
)
from app.models import Authenticator, Passkey, RecoveryCode, User
from app.services.second_step import PAGE_TOO_OLD, SECRET, code_hash, spend_challenge
from app.services.sign_in import new_session_key
from app.services.telling import tell
from app.services.transactions import locked, record, transaction

WRONG_FIRST_CODE = (
    "This code is not right. Type the six figures that your app shows now. "
    "If no code is taken, check that the clock of your device is right."
)
NOT_MADE = "Your browser did not make a passkey that we can use. Try again, or use an authenticator app."
NO_SUCH_KEY = "There is no such passkey any more."


def set_up_app(secret: str, code: str, *, actor: Actor, vault: Vault, tokens: Tokens, now: datetime) -> tuple[str, ...]:
    """Take `secret` as that of the person's app, in place of an earlier one, once its first code is right.

    Returns the recovery codes where this turns two-step sign-in on; they are told this once. Raises Invalid on `code`.
    """
    require(actor, Action.USE_ACCOUNT)
    step = matching_step(secret, plain_code(code), now)
    if step is None:
        raise Invalid({"code": WRONG_FIRST_CODE})
    with transaction() as session:
        user = _own(session, actor)
        session.execute(delete(Authenticator).where(Authenticator.user_id == user.id))
        sealed = vault.seal(SECRET, secret)
        app = Authenticator(user_id=user.id, sealed_secret=sealed, used_step=step, added_at=now)
        session.add(app)
        record(session, actor, "two-step.app-set-up", app, now)
        return _turn_on(session, user, actor, tokens, now, "app_set_up")


def remove_app(*, actor: Actor, now: datetime) -> bool:
    """Take the app off the account. Whether two-step sign-in is still on. The page has asked who it is."""
    require(actor, Action.USE_ACCOUNT)
    with transaction() as session:
        user = _own(session, actor)
        app = session.scalars(select(Authenticator).where(Authenticator.user_id == user.id)).first()
        if app is None:
            raise Conflict("There is no authenticator app on your account any more.")
        record(session, actor, "two-step.app-removed", app, now)
        session.delete(app)
        return _turn_off_if_last(session, user, actor, now, "app_removed")


def add_passkey(
    answer: str, challenge: str, name: str, *, actor: Actor, passkeys: Passkeys, tokens: Tokens, now: datetime
) -> tuple[str, ...]:
    """Keep the passkey that the browser made. Returns recovery codes as `set_up_app` does.

    Raises Invalid, on `passkey_name` or on no field.
    """
    require(actor, Action.USE_ACCOUNT)
    name = passkey_name(name)
    try:
        made = passkeys.check_added(answer, challenge)
    except NotProved:
        raise Invalid({"": NOT_MADE}) from None
    try:
        with transaction() as session:
            user = _own(session, actor)
            _keep_within_limit(session, user)
            spend_challenge(session, challenge, now)
            values = {"credential_id": made.credential_id, "public_key": made.public_key}
            key = Passkey(user_id=user.id, name=name, sign_count=made.sign_count, added_at=now, **values)
            session.add(key)
            record(session, actor, "passkey.added", key, now, name=name)
            return _turn_on(session, user, actor, tokens, now, "passkey_added", key=name)
    except IntegrityError:  # the challenge was spent, or the passkey is known
        raise Invalid({"": PAGE_TOO_OLD}) from None


def rename_passkey(passkey_id: int, name: str, *, actor: Actor, now: datetime) -> None:
    """Give a passkey of one's own another name. Raises Invalid on `passkey_name`, and NotFound."""
    require(actor, Action.USE_ACCOUNT)
    name = passkey_name(name)
    with transaction() as session:
        key = _own_key(session, passkey_id, actor)
        before, key.name = key.name, name
        record(session, actor, "passkey.renamed", key, now, before=before, after=name)


def remove_passkey(passkey_id: int, *, actor: Actor, now: datetime) -> bool:
    """Take a passkey off one's own account. Whether two-step sign-in is still on. Raises NotFound."""
    require(actor, Action.USE_ACCOUNT)
    with transaction() as session:
        user = _own(session, actor)
        key = _own_key(session, passkey_id, actor)
        name = key.name
        record(session, actor, "passkey.removed", key, now, name=name)
        session.delete(key)
        return _turn_off_if_last(session, user, actor, now, "passkey_removed", key=name)


def make_recovery_codes(*, actor: Actor, tokens: Tokens, now: datetime) -> tuple[str, ...]:
    """New recovery codes in place of all earlier ones. They are told this once. Raises Conflict where they are for nothing."""
    require(actor, Action.USE_ACCOUNT)
    with transaction() as session:
        user = _own(session, actor)
        if user.two_step_at is None:
            raise Conflict("Set up an authenticator app or a passkey first.")
        codes = _new_codes(session, user, tokens, now)
        record(session, actor, "recovery-codes.made", user, now)
        tell(session, [user], "recovery_codes_made", now, topic=Topic.SECURITY)
        return codes


def reset_two_step(email: str, *, now: datetime) -> None:
    """Take every second step off an account, by whoever runs the installation. Raises Invalid, NotFound and Conflict.

    It ends the account's sessions. The password stays, and the person is told.
    """
    operator = Actor(name="The operator of this site")
    email = email_address(email)
    with transaction() as session:
        user = session.scalars(select(User).where(User.email == email).with_for_update()).first()
        if user is None:
            raise NotFound(f"There is no account with the address {email}.")
        if user.two_step_at is None:
            raise Conflict(f"{email} has no two-step sign-in.")
        for table in (Authenticator, Passkey, RecoveryCode):
            session.execute(delete(table).where(table.user_id == user.id))
        user.two_step_at, user.session_key = None, new_session_key()
        record(session, operator, "two-step.reset", user, now)
        tell(session, [user], "two_step_reset", now, topic=Topic.SECURITY)


def ask_of(user_id: int, now: datetime) -> None:
    """Note that somebody was first told that they must set up two-step sign-in: from then on they have a week."""
    with transaction() as session:
        user = locked(session, User, user_id)
        user.two_step_asked_at = user.two_step_asked_at or now


def _own(session: Session, actor: Actor) -> User:
    return locked(session, User, actor.user_id or 0)


def _own_key(session: Session, passkey_id: int, actor: Actor) -> Passkey:
    key = session.get(Passkey, passkey_id)
    if key is None or key.user_id != actor.user_id:
        raise NotFound(NO_SUCH_KEY)
    return key


def _keep_within_limit(session: Session, user: User) -> None:
    count = session.scalar(select(func.count()).where(Passkey.user_id == user.id)) or 0
    if count >= MOST_PASSKEYS:
        raise Invalid({"": f"You have {MOST_PASSKEYS} passkeys. Remove one that you do not use."})


def _turn_on(
    session: Session, user: User, actor: Actor, tokens: Tokens, now: datetime, template: str, **values: str
) -> tuple[str, ...]:
    """Recovery codes where two-step sign-in begins with this. Either way the person is told what was added."""
    begins = user.two_step_at is None
    tell(session, [user], template, now, topic=Topic.SECURITY, begins=begins, **values)
    if not begins:
        return ()
    user.two_step_at = now
    record(session, actor, "two-step.turned-on", user, now)
    return _new_codes(session, user, tokens, now)


def _turn_off_if_last(session: Session, user: User, actor: Actor, now: datetime, template: str, **values: str) -> bool:
    """Without an app and without passkeys recovery codes are for nothing, and the password alone is enough again."""
    session.flush()
    app = session.scalar(select(func.count()).where(Authenticator.user_id == user.id)) or 0
    keys = session.scalar(select(func.count()).where(Passkey.user_id == user.id)) or 0
    stays = bool(app or keys)
    tell(session, [user], template, now, topic=Topic.SECURITY, stays=stays, **values)
    if not stays:
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
        user.two_step_at = None
        record(session, actor, "two-step.turned-off", user, now)
    return stays


def _new_codes(session: Session, user: User, tokens: Tokens, now: datetime) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes: list[str] = []
    while len(codes) < RECOVERY_CODES:
        code = "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
        if code not in codes:
            codes.append(code)
            session.add(RecoveryCode(user_id=user.id, code_hash=code_hash(user.id, code, tokens), made_at=now))
    return tuple(recovery_code_in_print(code) for code in codes)
