"""Proving once more who sits at the keyboard, before what is sensitive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.backends.passkeys import Passkeys
from app.backends.passwords import Passwords
from app.backends.tokens import Tokens
from app.backends.vault import Vault
from app.domain.access import Action, Actor, require
from app.domain.errors import Invalid
from app.domain.two_step import RECOVERY_LENGTH, plain_code
from app.models import User
from app.services.accounts import check_own_password
from app.services.second_step import (
    KEY_REFUSED,
    PAGE_TOO_OLD,
    PER_ACCOUNT,
    WRONG_CODE,
    WRONG_RECOVERY_CODE,
    second_step_key,
    take_code,
    take_passkey,
    take_recovery_code,
)
from app.services.throttling import succeed, take_turn
from app.services.transactions import locked, transaction


def prove(
    password: str,
    code: str,
    *,
    actor: Actor,
    passwords: Passwords,
    vault: Vault,
    tokens: Tokens,
    now: datetime,
) -> None:
    """Check the person's password and, where they have two-step sign-in, a code of their app or a recovery code.

    Raises Invalid on `password` or `code`, and Throttled.
    """
    require(actor, Action.USE_ACCOUNT)
    check_own_password(password, "password", actor, passwords, tokens, now)
    key = second_step_key(actor.user_id or 0, tokens)
    turn = take_turn({key: PER_ACCOUNT}, now)
    with transaction() as session:
        user = locked(session, User, actor.user_id or 0)
        recovery = len(plain_code(code)) == RECOVERY_LENGTH
        if user.two_step_at is not None:
            taken = take_recovery_code(session, user, code, tokens, now) if recovery else False
            if not (taken or take_code(session, user, code, vault, now)):
                raise Invalid({"code": WRONG_RECOVERY_CODE if recovery else WRONG_CODE})
    succeed(turn, key)


def prove_with_passkey(answer: str, challenge: str, *, actor: Actor, passkeys: Passkeys, now: datetime) -> None:
    """The same with one of the person's own passkeys alone. Raises Invalid."""
    require(actor, Action.USE_ACCOUNT)
    try:
        with transaction() as session:
            if take_passkey(session, answer, challenge, passkeys, now) != actor.user_id:
                raise Invalid({"": KEY_REFUSED})
    except IntegrityError:
        raise Invalid({"": PAGE_TOO_OLD}) from None
