"""The second step at the door: a code of the app, a recovery code or a passkey; or a passkey for both steps at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.backends.one_time_codes import matching_step
from app.backends.passkeys import KnownKey, NotProved, Passkeys, credential_in, new_challenge
from app.backends.tokens import Tokens
from app.backends.vault import Vault
from app.domain.errors import Invalid, NotFound, Throttled
from app.domain.topics import Topic
from app.domain.two_step import Means, plain_code, plain_recovery_code
from app.models import AuditRow, Authenticator, Passkey, RecoveryCode, SpentChallenge, User
from app.services.sign_in import PER_ADDRESS, Entered, entered, note_sign_in, self_of
from app.services.telling import tell
from app.services.throttling import Limit, succeed, take_turn
from app.services.transactions import locked, record, transaction

PER_ACCOUNT = Limit(most=5, window=timedelta(minutes=15))
SECRET = "authenticator"  # noqa: S105
CHALLENGE_LASTS = timedelta(minutes=10)
BLOCKED = "second-step.blocked"
WARNED_EVERY = timedelta(days=1)
MOST_SWEPT = 200
BEGIN_AGAIN = "Too much time has passed, or your password was changed meanwhile. Sign in again."
WRONG_CODE = (
    "This code is not right, or it was used already. Wait for the next one and type it. "
    "If none is taken, the clock of your device may be wrong."
)
WRONG_RECOVERY_CODE = "This recovery code is not right, or it was used already. Each works once. Try another."
KEY_REFUSED = "This passkey was not accepted. It may have been removed from your account. Sign in another way."
PAGE_TOO_OLD = "This page was open for too long, or was sent twice. Try again."


def finish_with_code(
    begun: Entered, code: str, *, address: str, vault: Vault, tokens: Tokens, now: datetime
) -> Entered:
    """Let in who has proved their password, with a code of their app. Raises Invalid on `code`, NotFound, Throttled."""
    account, turn = _take_turn(begun.user_id, address, tokens, now)
    with transaction() as session:
        user = still_the_same(session, begun)
        if not take_code(session, user, code, vault, now):
            raise Invalid({"code": WRONG_CODE})
        note_sign_in(session, user, Means.APP, now)
        done = entered(user)
    succeed(turn, account)
    return done


def finish_with_recovery_code(
    begun: Entered, code: str, *, address: str, tokens: Tokens, now: datetime
) -> tuple[Entered, int]:
    """The same with a recovery code, which is spent. Also returns how many are left. Raises as `finish_with_code`."""
    account, turn = _take_turn(begun.user_id, address, tokens, now)
    with transaction() as session:
        user = still_the_same(session, begun)
        if not take_recovery_code(session, user, code, tokens, now):
            raise Invalid({"code": WRONG_RECOVERY_CODE})
        left = codes_left(session, user.id)
        note_sign_in(session, user, Means.RECOVERY_CODE, now)
        done = entered(user)
    succeed(turn, account)
    return done, left


def finish_with_passkey(begun: Entered, answer: str, challenge: str, *, passkeys: Passkeys, now: datetime) -> Entered:
    """The same with a passkey of theirs. Raises Invalid and NotFound."""
    try:
        with transaction() as session:
            user = still_the_same(session, begun)
            if take_passkey(session, answer, challenge, passkeys, now) != user.id:
                raise Invalid({"": KEY_REFUSED})
            note_sign_in(session, user, Means.PASSWORD_AND_PASSKEY, now)
            return entered(user)
    except IntegrityError:
        raise Invalid({"": PAGE_TOO_OLD}) from None


def sign_in_with_passkey(answer: str, challenge: str, *, passkeys: Passkeys, now: datetime) -> Entered:
    """Let in whoever holds a passkey here: it proves the device and the person at it. Raises Invalid.

    No password is asked for, and nothing can be guessed, so nothing needs to be slowed down.
    """
    try:
        with transaction() as session:
            user = locked(session, User, take_passkey(session, answer, challenge, passkeys, now))
            if user.closed_at is not None:
                raise Invalid({"": KEY_REFUSED})
            note_sign_in(session, user, Means.PASSKEY, now)
            return entered(user)
    except IntegrityError:
        raise Invalid({"": PAGE_TOO_OLD}) from None


def ask(why: str, user_id: int, browser: str, *, tokens: Tokens, now: datetime) -> tuple[str, str]:
    """A new challenge, and the signed text in which it travels through the page.

    It is good for one purpose, for one account (0: whichever), in one browser, for ten minutes and one time.
    """
    challenge = new_challenge()
    values = {"challenge": challenge, "why": why, "user": user_id, "browser": browser}
    return challenge, tokens.sign("passkey", values, now, CHALLENGE_LASTS)


def asked(signed: str, why: str, user_id: int, browser: str, *, tokens: Tokens, now: datetime) -> str:
    """The challenge of a page that was made for this. Raises Invalid."""
    values = tokens.read("passkey", signed, now)
    if values is None or (values["why"], values["user"], values["browser"]) != (why, user_id, browser):
        raise Invalid({"": PAGE_TOO_OLD})
    return str(values["challenge"])


def still_the_same(session: Session, begun: Entered) -> User:
    """The account whose password was proved, held. Raises NotFound if its password changed or it closed meanwhile."""
    user = locked(session, User, begun.user_id)
    if user.session_key != begun.session_key or user.closed_at is not None:
        raise NotFound(BEGIN_AGAIN)
    return user


def take_code(session: Session, user: User, code: str, vault: Vault, now: datetime) -> bool:
    """Whether this is a code of the user's app that was not taken before. Then it is not taken again."""
    app = session.scalars(select(Authenticator).where(Authenticator.user_id == user.id).with_for_update()).first()
    secret = vault.open(SECRET, app.sealed_secret) if app else None
    if app is None or secret is None:
        return False
    step = matching_step(secret, plain_code(code), now, app.used_step)
    if step is None:
        return False
    app.used_step = step
    return True


def take_recovery_code(session: Session, user: User, code: str, tokens: Tokens, now: datetime) -> bool:
    """Whether this is a recovery code of the user that is left. Then it is spent, and they are told."""
    found = session.scalars(
        select(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == code_hash(user.id, plain_recovery_code(code), tokens),
            RecoveryCode.used_at.is_(None),
        )
        .with_for_update()
    ).first()
    if found is None:
        return False
    found.used_at = now
    session.flush()
    record(session, self_of(user), "recovery-code.used", found, now)
    tell(session, [user], "recovery_code_used", now, topic=Topic.SECURITY, left=codes_left(session, user.id))
    return True


def take_passkey(session: Session, answer: str, challenge: str, passkeys: Passkeys, now: datetime) -> int:
    """The id of the account whose passkey signed the challenge, which is spent with it. Raises Invalid.

    A challenge that was spent before breaks the transaction: its column is unique.
    """
    try:
        key = session.scalars(
            select(Passkey).where(Passkey.credential_id == credential_in(answer)).with_for_update()
        ).first()
        if key is None:
            raise Invalid({"": KEY_REFUSED})
        key.sign_count = passkeys.check_used(answer, challenge, KnownKey(key.public_key, key.sign_count))
    except NotProved:
        raise Invalid({"": KEY_REFUSED}) from None
    key.last_used_at = now
    spend_challenge(session, challenge, now)
    return key.user_id


def spend_challenge(session: Session, challenge: str, now: datetime) -> None:
    """Never take this challenge again."""
    old = (
        select(SpentChallenge.id)
        .where(SpentChallenge.at < now - 2 * CHALLENGE_LASTS)
        .order_by(SpentChallenge.at)
        .limit(MOST_SWEPT)
    )
    session.execute(delete(SpentChallenge).where(SpentChallenge.id.in_(old)))
    session.add(SpentChallenge(challenge=challenge, at=now))
    session.flush()


def code_hash(user_id: int, code: str, tokens: Tokens) -> str:
    """What is kept of a recovery code."""
    return tokens.fingerprint("recovery-code", f"{user_id}:{code}")


def codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes of the user are unused."""
    left = select(RecoveryCode.id).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return len(session.scalars(left).all())


def second_step_key(user_id: int, tokens: Tokens) -> str:
    """Under what the tries at an account's second step are counted."""
    return tokens.fingerprint("second-step", str(user_id))


def _take_turn(user_id: int, address: str, tokens: Tokens, now: datetime) -> tuple[str, list[int]]:
    account = second_step_key(user_id, tokens)
    limits = {account: PER_ACCOUNT, tokens.fingerprint("second-step-address", address): PER_ADDRESS}
    try:
        return account, take_turn(limits, now)
    except Throttled:
        _warn(user_id, now)
        raise


def _warn(user_id: int, now: datetime) -> None:
    """Tell the person, once a day, that somebody with their password guesses at the second step."""
    lately = select(AuditRow.id).where(
        AuditRow.subject == User.__tablename__,
        AuditRow.subject_id == user_id,
        AuditRow.action == BLOCKED,
        AuditRow.at > now - WARNED_EVERY,
    )
    with transaction() as session:
        user = locked(session, User, user_id)
        if session.scalars(lately.limit(1)).first() is None:
            record(session, self_of(user), BLOCKED, user, now)
            tell(session, [user], "second_step_blocked", now, topic=Topic.SECURITY)
