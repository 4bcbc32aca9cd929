"""A list that was locked as of a day: the file that it is, its fingerprint, and what was so on the day as far as is known."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from app.domain.errors import Invalid
from app.domain.identifiers import parse_postcode
from app.domain.lifecycle import AwardStatus, status_on
from app.domain.uk_time import uk_day

FORMAT = "touchstone/locked-list/1"
ADDRESS = "Based in"
"""What the fact with the council and the postcode is about."""
NO_LONGER = "Address no longer published"
LARGEST_CHECKED = 8_000_000
"""Bytes. No file of ours comes near it."""

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def canonical(content: Mapping[str, Any]) -> str:
    """The one way in which `content` is written: keys in order, no blanks, letters as they are, in UTF-8."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def fingerprint(text: str) -> str:
    """The SHA-256 of a text in UTF-8, in 64 hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def fingerprints(data: bytes) -> tuple[str, ...]:
    """What a file may be found by: its own fingerprint, that of what it holds if it is written otherwise, or one it is.

    A mail program or an editor may have added blanks or a mark at its beginning: what it says is still the same.
    """
    found = [sha256(data).hexdigest()]
    text = data.decode("utf-8-sig", errors="replace").strip()
    bare = re.sub(r"[\s:]", "", text).lower()
    if _FINGERPRINT.fullmatch(bare):
        found.append(bare)
    content = read(text)
    if content is not None:
        found.append(fingerprint(canonical(content)))
    return tuple(dict.fromkeys(found))


def read(text: str) -> dict[str, Any] | None:
    """The content of a locked list; None for anything else."""
    try:
        content = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) and content.get("format") == FORMAT else None


def with_address(content: Mapping[str, Any]) -> frozenset[str]:
    """The pages of the providers whose postcode stands in a list."""
    return frozenset(each["page"] for each in content["providers"] if _bare(each) != each)


def without_addresses(content: Mapping[str, Any], pages: Collection[str]) -> dict[str, Any]:
    """The list without the postcodes of the providers with these pages; their council stays."""
    return {**content, "providers": [_bare(each) if each["page"] in pages else each for each in content["providers"]]}


def is_without_addresses(copy: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Whether a copy says what the list says, less the addresses of some providers and nothing else."""
    given, known = copy.get("providers"), content["providers"]
    if not isinstance(given, list) or len(given) != len(known):
        return False
    left_out = {each["page"] for each, other in zip(known, given, strict=True) if _bare(each) == other != each}
    return bool(left_out) and canonical(without_addresses(content, left_out)) == canonical(copy)


def _bare(provider: Mapping[str, Any]) -> dict[str, Any]:
    """A provider of a list without its postcode."""
    return {**provider, "facts": [_bare_fact(fact) for fact in provider["facts"]]}


def _bare_fact(fact: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = [", ".join(part for part in text.split(", ") if not _is_postcode(part)) for text in fact["says"]]
    if fact["about"] != ADDRESS or kept == fact["says"]:
        return fact
    return {**fact, "says": [*filter(None, kept), NO_LONGER]}


def _is_postcode(text: str) -> bool:
    try:
        return bool(parse_postcode(text))
    except Invalid:
        return False


def _refuse(constant: str) -> None:
    raise ValueError(constant)


@dataclass(frozen=True, slots=True)
class Event:
    """One change of an entry, as the register wrote it down."""

    event_id: int
    at: datetime
    kind: str
    words: str
    number: str
    level: str
    status: AwardStatus


@dataclass(frozen=True, slots=True)
class OnTheDay:
    """What the register's log tells of a day: the last event up to its end, and the status that follows from it."""

    event: Event
    status: AwardStatus


def on_the_day(events: Sequence[Event], ends: Mapping[str, date], day: date) -> OnTheDay | None:
    """What was so at the end of `day` in the United Kingdom; None where the log has nothing so early.

    `ends` maps a certificate's number to its last day: an award expires by the calendar, without an event.
    """
    until = [event for event in events if uk_day(event.at) <= day]
    if not until:
        return None
    last = max(until, key=lambda event: event.event_id)
    end = ends.get(last.number)
    return OnTheDay(last, status_on(last.status, end, day) if end else last.status)


def what_is_known(events: Sequence[Event], changed_at: datetime, day: date, made_on: date) -> tuple[bool, str]:
    """Whether the facts are those of the day, and the sentence that says so.

    The register keeps what an entry says now, and a log of its changes. So what it said on an earlier day is known where
    nothing changed since; else only its status is.
    """
    if day >= made_on:
        return True, "As the register said when this was made."
    if uk_day(changed_at) <= day:
        return True, "The entry has not changed since that day, so it said the same then."
    later = [event for event in events if uk_day(event.at) > day]
    count = f" {len(later)} {'change is' if len(later) == 1 else 'changes are'} in its history." if later else ""
    return False, (
        "The entry changed after that day. Its status, level and certificate are those of the day. Everything else is as the "
        f"register said when this was made, and may have been different.{count}"
    )
