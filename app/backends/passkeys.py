"""Passkeys (WebAuthn): what the browser is asked for, and whether what it brings back is true."""

from __future__ import annotations

import ipaddress
import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LONGEST_ANSWER = 20_000
CHALLENGE_BYTES = 32
WAIT_MILLISECONDS = 120_000


class NotProved(Exception):
    """What the browser brought proves nothing here. The message is for the log, not for the person."""


@dataclass(frozen=True)
class NewKey:
    """A passkey that was just made. `credential_id` and `public_key` are base64url."""

    credential_id: str
    public_key: str
    sign_count: int


@dataclass(frozen=True)
class KnownKey:
    """A passkey as it was stored."""

    public_key: str
    sign_count: int


class Passkeys:
    """The site as browsers know it. `available` is False where its address is a number, which browsers refuse."""

    def __init__(self, base_url: str, name: str = "Touchstone") -> None:
        self.name = name
        self.site, self.origin = _site_and_origin(base_url)

    @property
    def available(self) -> bool:
        return bool(self.site)

    def ask_to_add(self, challenge: str, handle: str, email: str, person: str, known: list[str]) -> str:
        """The options for navigator.credentials.create, as JSON. `handle` is 64 hex digits for the account."""
        options = generate_registration_options(
            rp_id=self.site,
            rp_name=self.name,
            user_id=bytes.fromhex(handle),
            user_name=email,
            user_display_name=person,
            challenge=base64url_to_bytes(challenge),
            timeout=WAIT_MILLISECONDS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_named(known),
        )
        return options_to_json(options)

    def ask_for_one(self, challenge: str, known: list[str] | None = None) -> str:
        """The options for navigator.credentials.get, as JSON: one of `known`, or whichever the person has here."""
        options = generate_authentication_options(
            rp_id=self.site,
            challenge=base64url_to_bytes(challenge),
            timeout=WAIT_MILLISECONDS,
            allow_credentials=_named(known or []),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json(options)

    def check_added(self, answer: str, challenge: str) -> NewKey:
        """The passkey that the browser made for `challenge`. Raises NotProved."""
        try:
            made = verify_registration_response(
                credential=_read(answer),
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self.site,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise NotProved(str(error)) from error
        return NewKey(
            bytes_to_base64url(made.credential_id), bytes_to_base64url(made.credential_public_key), made.sign_count
        )

    def check_used(self, answer: str, challenge: str, key: KnownKey) -> int:
        """The key's new sign count, if it signed `challenge` and its person was verified. Raises NotProved.

        A count that does not rise past the stored one means that the key was copied, and is refused.
        """
        try:
            used = verify_authentication_response(
                credential=_read(answer),
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self.site,
                expected_origin=self.origin,
                credential_public_key=base64url_to_bytes(key.public_key),
                credential_current_sign_count=key.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise NotProved(str(error)) from error
        return used.new_sign_count


def new_challenge() -> str:
    """A new random challenge, base64url."""
    return bytes_to_base64url(secrets.token_bytes(CHALLENGE_BYTES))


def credential_in(answer: str) -> str:
    """Which passkey the browser says that it used, base64url; unproved. Raises NotProved."""
    try:
        found = _read(answer)["id"]
    except (ValueError, KeyError, TypeError) as error:
        raise NotProved(str(error)) from error
    if not isinstance(found, str):
        raise NotProved("The id is no text.")
    return found


def _read(answer: str) -> dict[str, object]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("The answer is too long.")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise ValueError("The answer is no object.")
    return found


def _named(known: list[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known]


def _site_and_origin(base_url: str) -> tuple[str, str]:
    """The name that passkeys are bound to, and where the browser must be. Without a name: two empty texts.

    A browser takes no number for a name, but calls its own machine localhost.
    """
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return host, f"{parts.scheme}://{parts.netloc}"
    if not number.is_loopback:
        return "", ""
    port = f":{parts.port}" if parts.port else ""
    return "localhost", f"{parts.scheme}://localhost{port}"
