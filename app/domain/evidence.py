"""What a provider may bring as evidence, and what must be right about it before it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256
from json import dumps
from types import MappingProxyType
from typing import Any

from app.domain.errors import Conflict, DomainError, Invalid
from app.domain.evidence_details import checked_details
from app.domain.web_address import web_address

LONGEST_TITLE = 200
LONGEST_STATEMENT = 20_000
MEGABYTE = 1024 * 1024


class Brought(StrEnum):
    """The kinds of evidence that a library holds: those of the framework format."""

    DOCUMENT = "document"
    LINK = "link"
    STATEMENT = "statement"
    DATA = "data"
    OUTCOME_MEASURE = "outcome-measure"
    OBSERVATION = "observation"
    INTERVIEW = "interview"
    USER_FEEDBACK = "user-feedback"


KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Brought.DOCUMENT: "File",
        Brought.LINK: "Link",
        Brought.STATEMENT: "Statement",
        Brought.DATA: "Data",
        Brought.OUTCOME_MEASURE: "Outcome measure",
        Brought.OBSERVATION: "Observation",
        Brought.INTERVIEW: "Interview notes",
        Brought.USER_FEEDBACK: "User feedback, brought by the provider",
    }
)


class Carrier(StrEnum):
    """What holds a piece of evidence; the names are those of the fields of a form."""

    FILE = "file"
    LINK = "url"
    WORDS = "text"


CARRIERS: Mapping[str, frozenset[Carrier]] = MappingProxyType(
    {
        Brought.DOCUMENT: frozenset({Carrier.FILE}),
        Brought.LINK: frozenset({Carrier.LINK}),
        Brought.STATEMENT: frozenset({Carrier.WORDS}),
        Brought.DATA: frozenset({Carrier.FILE, Carrier.LINK}),
        Brought.OUTCOME_MEASURE: frozenset({Carrier.FILE}),
        Brought.OBSERVATION: frozenset({Carrier.FILE, Carrier.WORDS}),
        Brought.INTERVIEW: frozenset({Carrier.FILE, Carrier.WORDS}),
        Brought.USER_FEEDBACK: frozenset({Carrier.FILE, Carrier.WORDS}),
    }
)
"""What can hold each kind: one of these, of which an outcome measure needs none."""

WANTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        Brought.DOCUMENT: ("file", "Choose the file to upload."),
        Brought.STATEMENT: ("text", "Write the statement."),
        Brought.DATA: ("file", "Choose the file with the figures, or enter the address of the page that has them."),
        Brought.OBSERVATION: ("text", "Write what was observed, or choose a file that says it."),
        Brought.INTERVIEW: ("text", "Write what was said, or choose a file with the notes."),
        Brought.USER_FEEDBACK: ("text", "Write what people said, or choose a file with it."),
    }
)
"""The field and the sentence where nothing was brought of what a kind needs. A link's own field says it better."""


class AlreadyInLibrary(DomainError):
    """The same file, link or text is in the library already. `item_id` and `title` name it."""

    def __init__(self, item_id: int, title: str, *, archived: bool = False) -> None:
        where = "archived in your library" if archived else "in your library"
        super().__init__(f"This is {where} already, as “{title}”. Use that one: nothing was added twice.")
        self.item_id, self.title = item_id, title


class ChangedMeanwhile(Conflict):
    """Somebody else saved the piece after the page that is sent was opened."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What one version of a piece of evidence holds besides a file, and when it was issued and runs out.

    `details` holds what its kind asks for, by code: given as text, whole numbers and dates; `checked` makes days text.
    """

    url: str = ""
    text: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


def checked(kind: str, title: str, contents: Contents, *, has_file: bool, today: date) -> Contents:
    """The same contents, tidied. Raises Invalid, naming every field that is wrong."""
    if kind not in set(Brought):
        raise Invalid({"kind": "Choose a file, a link or a statement."})
    carriers = CARRIERS[kind]
    url = contents.url.strip() if Carrier.LINK in carriers else ""
    text = contents.text.strip() if Carrier.WORDS in carriers else ""
    errors: dict[str, str] = {}
    if kind in WANTED and not (has_file or url or text):
        field, sentence = WANTED[kind]
        errors[field] = sentence
    if title.strip() or not (
        kind == Brought.DOCUMENT and not has_file
    ):  # a file may lend its own name, once it is there
        errors.update(_title_errors(title.strip()))
    if url or kind == Brought.LINK:
        url, refusal = _address(url)
        errors.update(refusal)
    errors.update(_length_errors(text))
    details, wrong = checked_details(kind, contents.details, today)
    errors.update(wrong)
    errors.update(_date_errors(contents, today))
    if errors:
        raise Invalid(errors)
    return Contents(url, text, contents.issued_on, contents.expires_on, details)


def digest_of(kind: str, contents: Contents) -> str:
    """The SHA-256, in hex, by which contents without a file are known again."""
    plain = kind in {Brought.LINK, Brought.STATEMENT}
    return sha256(
        (contents.url or contents.text).encode()
        if plain
        else dumps([kind, contents.url, contents.text, dict(contents.details)], sort_keys=True).encode()
    ).hexdigest()


def fingerprint(number: int, title: str, kind: str, contents: Contents) -> str:
    """What an edit began from, in short: another one means that somebody saved meanwhile."""
    days = [str(contents.issued_on), str(contents.expires_on)]
    return sha256(dumps([number, title, kind, dict(contents.details), days], sort_keys=True).encode()).hexdigest()[:16]


def kinds_for(kind: str, *, has_file: bool, has_url: bool, has_text: bool) -> tuple[Brought, ...]:
    """The kinds that a piece may be called instead of `kind`, itself among them: those that its carrier can hold."""
    carrier = Carrier.FILE if has_file else Carrier.LINK if has_url else Carrier.WORDS if has_text else None
    if carrier is None:
        return (Brought(kind),)
    return tuple(each for each in Brought if carrier in CARRIERS[each] or each == kind)


def check_room(used: int, size: int, limit: int) -> None:
    """Refuse a file of `size` bytes for which a library of `limit` bytes has no room. Raises Invalid on `file`."""
    if limit and used + size > limit:
        raise Invalid(
            {
                "file": f"Your library is full: it holds {used / MEGABYTE:,.0f} of {limit // MEGABYTE:,} MB, and this file "
                f"needs {max(1, round(size / MEGABYTE)):,} MB more. Make the file smaller, put a link to it instead, or ask "
                "whoever runs this service for more room."
            }
        )


def _title_errors(title: str) -> dict[str, str]:
    if not title:
        return {"title": "Give it a title by which your colleagues and the assessor will know it."}
    if len(title) > LONGEST_TITLE:
        return {"title": f"The title may have at most {LONGEST_TITLE} characters."}
    return {}


def _address(typed: str) -> tuple[str, dict[str, str]]:
    try:
        return web_address(typed), {}
    except Invalid as refusal:
        return typed, refusal.errors


def _length_errors(text: str) -> dict[str, str]:
    if len(text) > LONGEST_STATEMENT:
        return {
            "text": f"A statement may have at most {LONGEST_STATEMENT:,} characters. Upload a longer one as a file."
        }
    return {}


def _date_errors(contents: Contents, today: date) -> dict[str, str]:
    errors: dict[str, str] = {}
    if contents.issued_on and contents.issued_on > today:
        errors["issued_on"] = "The date of issue cannot be in the future."
    if contents.issued_on and contents.expires_on and contents.expires_on < contents.issued_on:
        errors["expires_on"] = "The expiry date must be on or after the date of issue."
    return errors
