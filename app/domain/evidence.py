"""What a provider may bring as evidence, and what must be right about it before it is kept."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.errors import DomainError, Invalid
from app.domain.web_address import web_address

LONGEST_TITLE = 200
LONGEST_STATEMENT = 20_000


class Brought(StrEnum):
    """The kinds of evidence that a library holds."""

    DOCUMENT = "document"
    LINK = "link"
    STATEMENT = "statement"


class AlreadyInLibrary(DomainError):
    """The same file, link or text is in the library already. `item_id` and `title` name it."""

    def __init__(self, item_id: int, title: str, *, archived: bool = False) -> None:
        where = "archived in your library" if archived else "in your library"
        super().__init__(f"This is {where} already, as “{title}”. Use that one: nothing was added twice.")
        self.item_id, self.title = item_id, title


@dataclass(frozen=True, slots=True)
class Contents:
    """What one version of a piece of evidence holds besides a file, and when it was issued and runs out."""

    url: str = ""
    text: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


def checked(kind: str, title: str, contents: Contents, *, has_file: bool, today: date) -> Contents:
    """The same contents, tidied. Raises Invalid, naming every field that is wrong."""
    if kind not in set(Brought):
        raise Invalid({"kind": "Choose a file, a link or a statement."})
    no_file = kind == Brought.DOCUMENT and not has_file
    errors = {"file": "Choose the file to upload."} if no_file else {}
    if title.strip() or not no_file:  # a file may lend its own name as a title, once there is one
        errors.update(_title_errors(title.strip()))
    url, text = contents.url.strip(), contents.text.strip()
    if kind == Brought.LINK:
        url, refusal = _address(url)
        errors.update(refusal)
    if kind == Brought.STATEMENT:
        errors.update(_statement_errors(text))
    errors.update(_date_errors(contents, today))
    if errors:
        raise Invalid(errors)
    return Contents(
        url=url if kind == Brought.LINK else "",
        text=text if kind == Brought.STATEMENT else "",
        issued_on=contents.issued_on,
        expires_on=contents.expires_on,
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


def _statement_errors(text: str) -> dict[str, str]:
    if not text:
        return {"text": "Write the statement."}
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
