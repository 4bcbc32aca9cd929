"""How commissioners choose: what can be compared and kept, and what they write beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from app.domain.errors import Invalid, check_length

MOST_COMPARED = 6
"""Side by side. More columns than that nobody holds against each other."""

MOST_ON_A_LIST = 200
MOST_LISTS = 100
LONGEST_NAME = 120
LONGEST_NOTE = 2_000
LONGEST_PURPOSE = 4_000
LONGEST_CRITERIA = 2_000

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")


class Verdict(StrEnum):
    """What became of a provider on a shortlist."""

    OPEN = "open"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not-chosen"


VERDICT_WORDS = {
    Verdict.OPEN: "Not decided",
    Verdict.CHOSEN: "Chosen",
    Verdict.NOT_CHOSEN: "Not chosen",
}


def tidy_slugs(given: Iterable[str], most: int) -> tuple[tuple[str, ...], int]:
    """The providers that an address names, each once and in its order, `most` at most; and how many were left out.

    An entry's whole address counts as well as its last part: people paste what they have.
    """
    found: dict[str, None] = {}
    for each in given:
        last = each.strip().rstrip("/").rpartition("/")[2].partition("?")[0].lower()
        if last:
            found[last[:120]] = None
    slugs = tuple(found)
    return slugs[:most], max(len(slugs) - most, 0)


def is_slug(text: str) -> bool:
    """Whether a provider's page could have such an address."""
    return _SLUG.fullmatch(text) is not None


def checked_list_name(text: str) -> str:
    """The name of a list as it is kept: one line, trimmed. Raises Invalid on `name`."""
    name = " ".join(text.split())
    if not name:
        raise Invalid({"name": "Give the list a name, such as: Befriending in Lancaster, autumn."})
    check_length(name, LONGEST_NAME, "name")
    return name


def checked_words(text: str, longest: int, field: str) -> str:
    """A text of several lines as it is kept. Raises Invalid on `field`."""
    words = text.replace("\r\n", "\n").strip()
    check_length(words, longest, field)
    return words
