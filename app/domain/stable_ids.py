"""Ids that stay the same for ever and need no table: made from a register's name and the row that they stand for.

An id of a row is a UUID of version 8 (RFC 9562, which leaves its bits to whoever makes it): 8 bits for the kind of thing,
40 for the row's number, and 74 of a hash over all of it and the register's name. So the row is found from the id by its
number, an id that was guessed does not check, and two registers never give out the same one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from uuid import NAMESPACE_URL, UUID, uuid5

_ROW_BITS = 40
_TAIL_BITS = 74


class Kind(IntEnum):
    """What an id stands for. Never renumbered: the number is part of every id."""

    ORGANISATION = 1
    SERVICE = 2
    SERVICE_AT_LOCATION = 3


@dataclass(frozen=True)
class StableIds:
    """The ids of one register. `name` never changes: ids are made from it."""

    name: str

    def of_row(self, kind: Kind, row_id: int, code: str = "") -> UUID:
        """The id of a row, or of the part `code` of it."""
        tail = int.from_bytes(sha256(f"{self.name}\n{kind.value}\n{row_id}\n{code}".encode()).digest(), "big")
        tail &= (1 << _TAIL_BITS) - 1
        head = kind.value << _ROW_BITS | row_id
        return UUID(int=head << 80 | 8 << 76 | (tail >> 62) << 64 | 2 << 62 | tail & ((1 << 62) - 1))

    def row_of(self, kind: Kind, text: str) -> int | None:
        """The number of the row that an id may stand for; None where it cannot. The caller checks it with `of_row`."""
        try:
            head = UUID(text).int >> 80
        except ValueError:
            return None
        row_id = head & ((1 << _ROW_BITS) - 1)
        return row_id if head >> _ROW_BITS == kind.value and row_id < 2**31 else None

    def of_words(self, *words: str) -> UUID:
        """The id of something that is named by words alone (a UUID of version 5)."""
        return uuid5(NAMESPACE_URL, "\n".join((self.name, *words)))
