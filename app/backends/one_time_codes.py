"""Codes of authenticator apps (TOTP, RFC 6238: SHA-1, six digits, a new one every 30 seconds), and the picture to set one up."""

from __future__ import annotations

from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
PICTURE_NAME = "QR code to scan with an authenticator app"
SKEW_STEPS = 1
"""A telephone's clock may be a little off: the code before and the code after count as well."""


def new_secret() -> str:
    """A new random key of 160 bits, in base 32 as apps take it."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, now: datetime, used: int | None = None) -> int | None:
    """The number of the 30 seconds whose code this is, later than `used`; else None.

    Whoever keeps that number as the next `used` lets no code in twice.
    """
    totp = pyotp.TOTP(secret)
    current = int(now.timestamp()) // STEP_SECONDS
    for step in range(current - SKEW_STEPS, current + SKEW_STEPS + 1):
        fresh = used is None or step > used
        if pyotp.utils.strings_equal(totp.generate_otp(step), code) and fresh:
            return step
    return None


def setup_address(secret: str, account: str, issuer: str) -> str:
    """The otpauth:// address that an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def setup_picture(address: str) -> str:
    """A QR code of the address as an SVG element for a page, black on white with its quiet zone, and named for readers."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="ts-qr", lineclass=None, omitsize=True
    )
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{PICTURE_NAME}" ', 1)
