"""A certificate of another body as a provider enters it, what a scheme says of it, and when its end is told of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import Invalid
from app.domain.web_address import web_address
from app.domain.wording import dated

LONGEST_NUMBER = 80
LONGEST_NAME = 200
LONGEST_REASON = 2_000
MOST_HELD = 200


class CheckState(StrEnum):
    """Where a certificate stands with one scheme that was asked to check it."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REVOKED = "revoked"


class CheckMove(StrEnum):
    """What a scheme can do with it."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    REVOKE = "revoke"


_S, _M = CheckState, CheckMove
CHECK_MOVES: Mapping[tuple[CheckState, CheckMove], CheckState] = {
    (_S.WAITING, _M.ACCEPT): _S.ACCEPTED,
    (_S.WAITING, _M.REFUSE): _S.REFUSED,
    (_S.ACCEPTED, _M.REVOKE): _S.REVOKED,
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a provider says of a certificate: dates are the first and the last day on which it is valid.

    `scheme`, `level` and `criterion` are codes that frameworks name it by; without a scheme it answers nothing, and
    `title` says what it is.
    """

    title: str
    number: str
    holder: str
    issued_on: date | None
    ends_on: date | None
    endless: bool = False
    scheme: str = ""
    level: str | None = None
    criterion: str | None = None
    url: str = ""


def checked_certificate(given: Certificate, *, has_proof: bool, today: date) -> Certificate:
    """The same, tidied. `has_proof` says that a file comes with it. Raises Invalid, naming every field that is wrong."""
    errors: dict[str, str] = {}
    texts = {
        "title": (given.title, LONGEST_NAME, "Say what it is called, such as Investors in People."),
        "number": (given.number, LONGEST_NUMBER, "Enter the number or reference that stands on the certificate."),
        "holder": (given.holder, LONGEST_NAME, "Enter the name of the holder as it is written on the certificate."),
    }
    for field, (text, longest, missing) in texts.items():
        if not text.strip():
            errors[field] = missing
        elif len(text.strip()) > longest:
            errors[field] = f"Use at most {longest} characters. This has {len(text.strip())}."
    errors |= _date_errors(given, today)
    url, refusal = _address(given.url)
    errors |= refusal
    if not has_proof and not url and not refusal:
        errors["file"] = "Bring a file that shows it, or the address of a public page on which it can be checked."
    if errors:
        raise Invalid(errors)
    return Certificate(
        title=given.title.strip(),
        number=given.number.strip(),
        holder=given.holder.strip(),
        issued_on=given.issued_on,
        ends_on=None if given.endless else given.ends_on,
        endless=given.endless,
        scheme=given.scheme,
        level=given.level,
        criterion=given.criterion,
        url=url,
    )


def _date_errors(given: Certificate, today: date) -> dict[str, str]:
    errors: dict[str, str] = {}
    if given.issued_on is None:
        errors["issued_on"] = "Enter the day on which it was issued."
    elif given.issued_on > today:
        errors["issued_on"] = "The day of issue cannot be in the future."
    if given.endless and given.ends_on is not None:
        errors["ends_on"] = "Enter its last day, or tick that it has no end. Not both."
    elif given.endless:
        return errors
    elif given.ends_on is None:
        errors["ends_on"] = "Enter the last day on which it is valid, or tick that it has no end."
    elif given.ends_on < today:
        errors["ends_on"] = f"It ended on {dated(given.ends_on)}, so it counts no more. Bring the one that followed it."
    elif given.issued_on is not None and given.ends_on < given.issued_on:
        errors["ends_on"] = "The last day must be on or after the day of issue."
    return errors


def _address(typed: str) -> tuple[str, dict[str, str]]:
    if not typed.strip():
        return "", {}
    try:
        return web_address(typed), {}
    except Invalid as refusal:
        return typed, refusal.errors


AHEAD = (60, 14, 0)
"""How many days before the last one its end is told of; the last of them on that day itself."""
ENDED = -1
"""Told that it is over."""
SOON = AHEAD[0]


def notice_due(ends_on: date | None, today: date, told: int | None) -> int | None:
    """Which notice is owed today: 60, 14 or 0 days ahead, or ENDED; None where none is.

    `told` is the last one that was given. Of several that were missed only the latest is owed.
    """
    if ends_on is None:
        return None
    left = (ends_on - today).days
    due = ENDED if left < 0 else min((stage for stage in AHEAD if left <= stage), default=None)
    return due if due is not None and (told is None or due < told) else None
