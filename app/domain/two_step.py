"""Signing in with two steps: the ways in, codes as people type them, and who must have a second step."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.access import SCHEME_ROLES, Actor
from app.domain.errors import Invalid

CODE_DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""31 signs without those that are read for another (0 and o, 1, l and i): ten of them hold almost 50 bits."""
RECOVERY_LENGTH = 10
PASSKEY_NAME_LONGEST = 60
MOST_PASSKEYS = 20

SECOND_STEP_WITHIN = timedelta(minutes=10)
"""How long after the password the second step may take."""
PROVED_FOR = timedelta(minutes=10)
"""How long a proof of who one is opens what is sensitive."""
PROVED_FOR_SENDING = timedelta(minutes=30)
"""How long it lets through what was filled in on such a page, so that nothing typed there is lost."""
SET_UP_WITHIN = timedelta(days=7)
"""How long somebody who must have a second step may put off setting it up, from the day they are first asked."""


class Means(StrEnum):
    """What a sign-in was made with."""

    PASSWORD = "password"  # noqa: S105
    APP = "app"  # the password, then a code of an authenticator app
    RECOVERY_CODE = "recovery-code"
    PASSWORD_AND_PASSKEY = "password-and-passkey"  # noqa: S105
    PASSKEY = "passkey"
    LINK = "link"  # from a mail: a new account that is confirmed or invited


class Required(StrEnum):
    """Of whom an installation requires two steps."""

    NONE = "none"
    STAFF = "staff"  # whoever holds a role in a scheme
    EVERYONE = "everyone"


def is_required_of(actor: Actor, required: Required) -> bool:
    """Whether this person must have a second step."""
    if not actor.signed_in:
        return False
    return required is Required.EVERYONE or (required is Required.STAFF and bool(actor.roles & SCHEME_ROLES))


def may_put_off(asked_at: datetime | None, now: datetime) -> bool:
    """Whether somebody of whom it is required may still go on without it. `asked_at`: when they were first asked."""
    return asked_at is None or now < asked_at + SET_UP_WITHIN


def plain_code(text: str) -> str:
    """A code of an app as it was typed, without spaces and hyphens."""
    return "".join(text.split()).replace("-", "")


def plain_recovery_code(text: str) -> str:
    """A recovery code as it was typed, without spaces and hyphens, in small letters."""
    return plain_code(text).lower()


def recovery_code_in_print(code: str) -> str:
    """The code in two halves, which are easier to copy: abcde-fghjk."""
    return f"{code[: RECOVERY_LENGTH // 2]}-{code[RECOVERY_LENGTH // 2 :]}"


def passkey_name(text: str, field: str = "passkey_name") -> str:
    """The name on one line. Raises Invalid on `field`."""
    name = " ".join(text.split())
    if not name:
        raise Invalid({field: "Give the passkey a name, such as the device that it is on."})
    if len(name) > PASSKEY_NAME_LONGEST or not name.isprintable():
        raise Invalid({field: f"Enter a name of at most {PASSKEY_NAME_LONGEST} characters."})
    return name
