"""What was read from a row of a list, in the words of the register: so that whoever looks at it sees what would be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.backends.postcodes import area_names
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles
from app.web.jinja import day

NUMBERS = ("charity_number", "company_number", "cqc_provider_id", "postcode")


@dataclass(frozen=True)
class ReadWords:
    """`award` is level and days, `known_by` numbers and the postcode, `scope` what it is approved for and where, by heading."""

    award: str
    known_by: str
    scope: tuple[tuple[str, str], ...]


def what_was_read(read: Mapping[str, Any], levels: Mapping[str, str]) -> ReadWords:
    """Of the values that a row was read as, by the names of `app.domain.list_import`. Codes that are gone stay codes."""
    level = read.get("level") or ""
    days = [(words, read.get(name)) for words, name in (("from", "granted_on"), ("until", "expires_on"))]
    award = [levels.get(level, level), *(f"{words} {day(date.fromisoformat(told))}" for words, told in days if told)]
    lists = (("Services", "services", titles(SERVICES)), ("Who it is for", "client_groups", titles(CLIENT_GROUPS)))
    scope = [(heading, _named(read.get(name), known)) for heading, name, known in lists]
    scope.append(("Works in", _named(read.get("areas"), area_names())))
    return ReadWords(
        award=" ".join(filter(None, award)),
        known_by=" · ".join(str(read[name]) for name in NUMBERS if read.get(name)),
        scope=tuple((heading, words) for heading, words in scope if words),
    )


def _named(codes: Any, known: Mapping[str, str]) -> str:
    return ", ".join(known.get(code, code) for code in codes or ())
