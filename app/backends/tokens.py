"""Signed texts that travel through mail and pages, and keyed hashes of what need not be stored in clear."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from itsdangerous import BadData, URLSafeSerializer


class Tokens:
    """Signs and reads values for one purpose each, so that a token made for one thing opens no other."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def sign(self, purpose: str, values: dict[str, Any], now: datetime, lasts: timedelta) -> str:
        """`values` (JSON-able) as a text for an address, good until `now` + `lasts`. Signed, not secret."""
        return self._serializer(purpose).dumps({**values, "until": int((now + lasts).timestamp())})

    def read(self, purpose: str, token: str, now: datetime) -> dict[str, Any] | None:
        """The values of a token that was signed here for `purpose` and has not run out; else None."""
        try:
            values = self._serializer(purpose).loads(token)
        except BadData:
            return None
        if not isinstance(values, dict) or values.pop("until", 0) < now.timestamp():
            return None
        return values

    def fingerprint(self, purpose: str, text: str) -> str:
        """64 hex digits that stand for `text` and do not tell it to who reads the database."""
        return hmac.new(self._secret.encode(), f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._secret, salt=f"touchstone.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
        )
