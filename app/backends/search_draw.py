"""The neutral order: each entry draws a lot for the day. Nobody can choose it, and everyone can check it.

With a, b and c from the SHA-256 of the date (`2026-11-16` as ASCII; its first, second and third four bytes, each read as
a big-endian number modulo P - 1, plus 1):

    x = (id * a + b) mod P;  lot = ((x xor (x >> 15)) * c) mod P      where P = 2147483647

The lowest lot comes first, and of two equal lots the lower id. The sum is such that SQL can do it with 64 bits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

PRIME = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Draw:
    """The three numbers of a day."""

    a: int
    b: int
    c: int

    @classmethod
    def of(cls, today: date) -> Draw:
        digest = sha256(today.isoformat().encode()).digest()
        a, b, c = (int.from_bytes(digest[start : start + 4]) % (PRIME - 1) + 1 for start in (0, 4, 8))
        return cls(a, b, c)

    def lots(self, ids: Any) -> Any:
        """The lot of each id, below 2**31. `ids` is a number, or an array of 64-bit integers below 2**31."""
        mixed = (ids % PRIME * self.a + self.b) % PRIME
        return (mixed ^ (mixed >> 15)) * self.c % PRIME
