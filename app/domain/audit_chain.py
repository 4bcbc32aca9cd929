"""The chain that the audit trail is: each row's hash covers the row before it, so that no row can change or go unseen.

A row is hashed in two steps. Its content (who, in which words) is hashed with a salt of its own, and the row's facts
with that hash: so the content can be erased where the law asks for it, and the chain still proves what is left and
that nothing else was touched. docs/audit.md says how to check an export without this service.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

GENESIS = "0" * 64
"""Stands for the row before the first."""


@dataclass(frozen=True, slots=True)
class Content:
    """What of a row can be erased: the name of who acted, and the detail. `salt` keeps short words from being guessed."""

    salt: str
    actor_name: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A row as the chain holds it. `content` is None where it was erased; `content_sha256` stays.

    `facts` are what of the row never goes: when, what, on which thing, by which account.
    """

    row_id: int
    facts: Mapping[str, Any]
    content_sha256: str
    hash: str
    content: Content | None


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold: the row, and what is wrong with it, as a sentence."""

    row_id: int
    because: str


def facts_of(
    at: datetime,
    action: str,
    subject: str,
    subject_id: int | None,
    actor_id: int | None,
    *,
    organisation_id: int | None,
    scheme_id: int | None,
    application_id: int | None,
) -> dict[str, Any]:
    """The facts of a row that its hash covers. `at` is written in UTC to the microsecond."""
    return {
        "action": action,
        "actor": actor_id,
        "application": application_id,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "organisation": organisation_id,
        "scheme": scheme_id,
        "subject": subject,
        "subject_id": subject_id,
    }


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def canonical(data: object) -> bytes:
    """The one way in which `data` is written for hashing: JSON with sorted keys, no spaces, in UTF-8."""
    read_back = json.loads(json.dumps(data))  # as a database returns it: keys are text, pairs are lists
    return _encode(read_back).encode()


def hash_of_content(content: Content) -> str:
    """Hex SHA-256 over a row's content with its salt."""
    body = {"actor_name": content.actor_name, "detail": content.detail, "salt": content.salt}
    return sha256(canonical(body)).hexdigest()


def hash_of_row(facts: Mapping[str, Any], content_sha256: str) -> str:
    """Hex SHA-256 over a row alone, whatever came before it."""
    return sha256(canonical({"content": content_sha256, "facts": facts})).hexdigest()


def next_hash(previous: str, row_sha256: str) -> str:
    """The hash that ends the chain once the row is added to it: over the hash before, and the row's own."""
    return sha256(f"{previous}\n{row_sha256}".encode("ascii")).hexdigest()


def breaks(links: Iterable[Link], previous: str = GENESIS) -> Iterator[Break]:
    """Where a chain that goes on from `previous` does not hold, in order.

    After a break it goes on from what the row says, so that each is told once.
    """
    for link in links:
        if link.content is not None and hash_of_content(link.content) != link.content_sha256:
            yield Break(link.row_id, "its words or the name of who acted are not those that were written")
        if next_hash(previous, hash_of_row(link.facts, link.content_sha256)) != link.hash:
            yield Break(link.row_id, "it was changed, or a row before it was added or taken away")
        previous = link.hash


def read_seal(text: str) -> tuple[int, str]:
    """A seal as people keep it, "120:9f86d0...": the id of a row, and the hash there. Raises ValueError."""
    number, colon, found = text.strip().partition(":")
    if not colon or not number.isdigit() or len(found) != len(GENESIS) or set(found) - set("0123456789abcdef"):
        raise ValueError("A seal is the number of a row, a colon and 64 of 0-9 and a-f.")
    return int(number), found
