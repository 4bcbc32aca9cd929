"""Passwords as argon2id hashes."""

from __future__ import annotations

from unicodedata import normalize

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_CHEAP = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}
# OWASP's first choice for argon2id: 19 MiB, two passes, one lane. About 30 ms on the small machines this runs on.
_DEAR = {"time_cost": 2, "memory_cost": 19 * 1024, "parallelism": 1}


class Passwords:
    """Hashes passwords and checks them. `cheap` is for tests alone."""

    def __init__(self, cheap: bool = False) -> None:
        self._hasher = PasswordHasher(type=Type.ID, **(_CHEAP if cheap else _DEAR))
        self._nobodys = self._hasher.hash("the password of nobody at all")

    def hash(self, password: str) -> str:
        return self._hasher.hash(_plain(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the one behind `stored`. Without one it takes as long and says no.

        So the time of an answer does not tell whether there is such an account.
        """
        try:
            self._hasher.verify(stored or self._nobodys, _plain(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_dated(self, stored: str) -> bool:
        """Whether `stored` was made with weaker settings than today's."""
        return self._hasher.check_needs_rehash(stored)


def _plain(password: str) -> str:
    # The same word typed on two keyboards may come as different code points.
    return normalize("NFKC", password)
