"""A list that was locked as of a day: the file that it is, its fingerprint, and what was so on the day as far as is known."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from app.domain.lifecycle import AwardStatus, status_on
from app.domain.uk_time import uk_day

FORMAT = "touchstone/locked-list/1"
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
