"""Texts that the database keeps and must not tell to who reads it: encrypted with a key made from SECRET_KEY."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Vault:
    """Seals and opens texts for one purpose each. What was sealed under another SECRET_KEY opens no more."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def seal(self, purpose: str, text: str) -> str:
        """The text encrypted, as letters that a column or a cookie takes. Nobody can change it unseen."""
        return self._fernet(purpose).encrypt(text.encode()).decode()

    def open(self, purpose: str, sealed: str) -> str | None:
        """What was sealed here for `purpose`; else None."""
        try:
            return self._fernet(purpose).decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def _fernet(self, purpose: str) -> Fernet:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"touchstone.vault.{purpose}".encode())
        return Fernet(base64.urlsafe_b64encode(derive.derive(self._secret.encode())))
