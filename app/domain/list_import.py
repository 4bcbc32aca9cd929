"""Bringing an existing list of approved providers in: which column says what, and what a row comes to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from app.domain.errors import Invalid
from app.domain.identifiers import parse_charity_number, parse_company_number, parse_cqc_id, parse_postcode
from app.domain.places import Place

MOST_ROWS = 200_000


class Column(StrEnum):
    """What a column of somebody's list may say, by our own names."""

    NAME = "name"
    REFERENCE = "reference"
    LEVEL = "level"
    GRANTED = "granted_on"
    EXPIRES = "expires_on"
    CHARITY = "charity_number"
    COMPANY = "company_number"
    CQC = "cqc_provider_id"
    POSTCODE = "postcode"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    WEBSITE = "website"
    SUMMARY = "summary"
    DESCRIPTION = "description"
    SERVICES = "services"
    CLIENT_GROUPS = "client_groups"
    AREAS = "areas"


@dataclass(frozen=True)
class About:
    """A column's title for people, and the headers by which it is known in lower case without punctuation."""

    title: str
    known_as: tuple[str, ...]


ABOUT: Mapping[Column, About] = {
    Column.NAME: About(
        "Name of the provider",
        ("provider name", "organisation name", "organization name", "charity name", "organisation", "provider", "name"),
    ),
    Column.REFERENCE: About(
        "Number in your list",
        ("certificate number", "certificate", "membership number", "reference", "ref", "award number"),
    ),
    Column.LEVEL: About("Level", ("level", "award level", "grade", "tier", "award")),
    Column.GRANTED: About(
        "Granted on",
        ("granted on", "date granted", "award date", "date of award", "start date", "valid from", "awarded on"),
    ),
    Column.EXPIRES: About(
        "Expires on",
        ("expires on", "expiry date", "expiry", "end date", "valid until", "valid to", "expires", "renewal date"),
    ),
    Column.CHARITY: About(
        "Charity number", ("charity number", "registered charity number", "charity no", "charity", "charity reg no")
    ),
    Column.COMPANY: About(
        "Company number",
        ("company number", "companies house number", "company no", "company registration number", "company"),
    ),
    Column.CQC: About(
        "CQC provider ID", ("cqc provider id for office use only", "cqc provider id", "cqc id", "cqc number")
    ),
    Column.POSTCODE: About("Postcode", ("postcode", "post code", "postal code", "zip")),
    Column.ADDRESS: About("Address", ("address", "postal address", "street address", "full address")),
    Column.PHONE: About("Phone", ("phone number", "phone", "telephone", "telephone number", "tel", "contact number")),
    Column.EMAIL: About("E-mail", ("email", "e mail", "email address", "contact email")),
    Column.WEBSITE: About(
        "Website", ("services website if available", "website", "web", "url", "web address", "web site")
    ),
    Column.SUMMARY: About("What it does, in a sentence", ("summary", "what they do", "strapline", "activities")),
    Column.DESCRIPTION: About("More about it", ("description", "about", "details", "notes for the public")),
    Column.SERVICES: About("Services", ("service types", "services", "service", "services offered", "service type")),
    Column.CLIENT_GROUPS: About(
        "Who it is for",
        ("specialisms services", "client groups", "client group", "who it is for", "beneficiaries", "specialisms"),
    ),
    Column.AREAS: About(
        "Council areas",
        ("local authority", "council areas", "council area", "areas", "council", "area", "areas covered"),
    ),
}


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"  # an organisation that is not here yet
    KNOWN = "known"  # one that is here: by a number of its own, or by name and postcode
    PERHAPS = "perhaps"  # one or more that are here look like it: a person says
    STANDING = "standing"  # it holds an award of this scheme already: left as it is
    TWICE = "twice"  # an earlier row of the same file is the same provider
    WRONG = "wrong"  # it cannot be brought in as it is


LEFT_OUT = frozenset({Outcome.PERHAPS, Outcome.STANDING, Outcome.TWICE, Outcome.WRONG})
"""What is not brought in unless a person decides otherwise; of STANDING, TWICE and WRONG never."""


@dataclass(frozen=True)
class Terms:
    """What rows are read with. `levels`, `services` and `groups` map words in lower case to codes, `area` a council's name.

    `level`, `granted_on` and `expires_on` are for rows that say nothing; `last_day` gives an award's usual last day by its
    level and day of grant. `place` finds a full postcode.
    """

    levels: Mapping[str, str]
    services: Mapping[str, str]
    groups: Mapping[str, str]
    area: Callable[[str], str | None]
    place: Callable[[str], Place | None]
    last_day: Callable[[str, date], date]
    today: date
    level: str = ""
    granted_on: date | None = None
    expires_on: date | None = None


@dataclass
class Row:
    """One row as it was read: values by column (lists for services, groups, areas), what is wrong, and what to know."""

    values: dict[str, object] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    place: Place | None = None


_APART = re.compile(r"[^\w\s]|_")


@lru_cache(maxsize=5_000)  # the same words for services and levels come in row after row
def plain(text: str) -> str:
    """A header or a word of a list, to compare: lower case, letters and digits with single spaces."""
    return " ".join(_APART.sub(" ", text.lower().replace("'", "").replace("’", "")).split())


def guess(headers: Sequence[str]) -> dict[Column, str]:
    """Which header says what, by its words; each header once. The first known name that is there wins."""
    by_plain: dict[str, str] = {}
    for header in headers:
        by_plain.setdefault(plain(header), header)
    found: dict[Column, str] = {}
    for column, about in ABOUT.items():
        named = [by_plain[name] for name in about.known_as if name in by_plain]
        if named and named[0] not in found.values():
            found[column] = named[0]
    return found


def read_row(cells: Mapping[str, str], mapping: Mapping[Column, str], terms: Terms) -> Row:
    """What a row of the file comes to. `cells` are its own, by header; nothing is guessed that would be published."""
    said = {column: cells.get(header, "").strip() for column, header in mapping.items()}
    row = Row()
    _name(row, said)
    _numbers(row, said)
    _where(row, said, terms)
    _words(row, said)
    _coded(row, said, Column.SERVICES, terms.services, "service")
    _coded(row, said, Column.CLIENT_GROUPS, terms.groups, "group of people")
    _award(row, said, terms)
    return row


LONGEST = {
    Column.NAME: 200,
    Column.REFERENCE: 80,
    Column.ADDRESS: 400,
    Column.PHONE: 40,
    Column.EMAIL: 254,
    Column.WEBSITE: 300,
    Column.SUMMARY: 300,
    Column.DESCRIPTION: 5_000,
}


def _name(row: Row, said: Mapping[Column, str]) -> None:
    name = " ".join(said.get(Column.NAME, "").split())
    row.values[Column.NAME] = name
    if not name:
        row.problems[Column.NAME] = "The name is missing."
    elif len(name) > LONGEST[Column.NAME]:
        row.problems[Column.NAME] = f"The name is longer than {LONGEST[Column.NAME]} characters."


def _numbers(row: Row, said: Mapping[Column, str]) -> None:
    parsers: dict[Column, Callable[[str], str]] = {
        Column.CHARITY: parse_charity_number,
        Column.COMPANY: parse_company_number,
        Column.CQC: parse_cqc_id,
    }
    for column, parse in parsers.items():
        text = said.get(column, "")
        if not text:
            continue
        try:
            row.values[column] = parse(text)
        except Invalid:
            row.problems[column] = f"“{text[:40]}” is no {_lower(ABOUT[column].title)}."


def _where(row: Row, said: Mapping[Column, str], terms: Terms) -> None:
    _postcode(row, said.get(Column.POSTCODE, ""), terms)
    areas: list[str] = []
    for name in _parts(said.get(Column.AREAS, "")):
        code = terms.area(name)
        if code is None:
            row.notes.append(
                f"There is no single council called “{name[:60]}”. It is left out: name each council by itself."
            )
        elif code not in areas:
            areas.append(code)
    if row.place and row.place.area_code and not areas:
        areas.append(row.place.area_code)
    row.values[Column.AREAS] = areas


def _postcode(row: Row, text: str, terms: Terms) -> None:
    if not text:
        return
    try:
        code = parse_postcode(text)
    except Invalid:
        row.problems[Column.POSTCODE] = f"“{text[:20]}” is no full UK postcode."
        return
    row.values[Column.POSTCODE] = code
    row.place = terms.place(code)
    if row.place is None:
        row.notes.append(f"The postcode {code} is not in the national list, so the provider is not found by distance.")


def _words(row: Row, said: Mapping[Column, str]) -> None:
    for column in (
        Column.REFERENCE,
        Column.ADDRESS,
        Column.PHONE,
        Column.EMAIL,
        Column.WEBSITE,
        Column.SUMMARY,
        Column.DESCRIPTION,
    ):
        text = said.get(column, "")
        if column is Column.WEBSITE and text and "://" not in text:
            text = f"https://{text}"
        if column is Column.EMAIL and text and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
            row.notes.append(f"“{text[:60]}” is no e-mail address. It is left out.")
            text = ""
        if column is Column.WEBSITE and re.search(r"\s", text):
            row.notes.append(f"“{text[:60]}” is no web address. It is left out.")
            text = ""
        if len(text) > LONGEST[column]:
            row.notes.append(f"{ABOUT[column].title}: cut after {LONGEST[column]:,} characters.")
            text = text[: LONGEST[column] - 1].rstrip() + "…"
        if text:
            row.values[column] = text


def _coded(row: Row, said: Mapping[Column, str], column: Column, codes: Mapping[str, str], noun: str) -> None:
    found: list[str] = []
    whole = said.get(column, "")
    parts = [whole] if plain(whole) in codes else _parts(whole, codes)
    for part in parts:
        code = codes.get(plain(part))
        if code is None:
            row.notes.append(f"We do not know the {noun} “{part[:60]}”. It is left out.")
        elif code not in found:
            found.append(code)
    row.values[column] = found


def _parts(text: str, known: Mapping[str, str] | None = None) -> list[str]:
    """What a cell lists, between bars, semicolons or lines; between commas only where a part in itself is not known."""
    parts: list[str] = []
    for part in re.split(r"[|;\n]", text):
        whole = known is not None and plain(part) in known
        parts += [part] if whole else part.split(",")
    return [part.strip() for part in parts if part.strip()]


def _award(row: Row, said: Mapping[Column, str], terms: Terms) -> None:
    level = _level(row, said.get(Column.LEVEL, ""), terms)
    granted = _day(row, said, Column.GRANTED) or terms.granted_on
    expires = _day(row, said, Column.EXPIRES) or terms.expires_on
    if granted is None and Column.GRANTED not in row.problems:
        row.problems[Column.GRANTED] = "The day of the award is missing."
    if level is None or granted is None:
        return
    if granted > terms.today:
        row.problems[Column.GRANTED] = "The award would be granted in the future."
    if expires is None and Column.EXPIRES not in row.problems:
        expires = terms.last_day(level, granted)
        row.notes.append("No last day was given. It is counted from the day of the award, as the framework says.")
    if expires is not None and expires < granted:
        row.problems[Column.EXPIRES] = "The award would end before it begins."
    row.values |= {Column.GRANTED: granted, Column.EXPIRES: expires}


def _level(row: Row, text: str, terms: Terms) -> str | None:
    level = terms.levels.get(plain(text)) if text else terms.level or None
    if level is None:
        said = f"There is no level “{text[:40]}” in this framework." if text else "The level is missing."
        row.problems[Column.LEVEL] = said
    row.values[Column.LEVEL] = level or ""
    return level


MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _day(row: Row, said: Mapping[Column, str], column: Column) -> date | None:
    text = said.get(column, "")
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        row.problems[column] = f"“{text[:30]}” is no date. Write it as 31/03/2029."
    return day


def parse_day(text: str) -> date | None:
    """The day that a cell names: 2029-03-31, 31/03/2029, 31.3.29, 31 Mar 2029; None where it names none. The day is first."""
    text = text.strip().removesuffix("T00:00:00").removesuffix(" 00:00:00")
    patterns = (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4}|\d{2})",
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[\s\-](?P<m>[A-Za-z]{3,9})\.?,?[\s\-](?P<y>\d{4}|\d{2})",
    )
    for pattern in patterns:
        match = re.fullmatch(pattern, text)
        if match:
            return _as_date(match["y"], match["m"], match["d"])
    return None


def _as_date(year: str, month: str, day: str) -> date | None:
    name = month[:3].lower()
    number = int(month) if month.isdigit() else MONTHS.index(name) + 1 if name in MONTHS else 0
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
    except ValueError:
        return None


def _lower(title: str) -> str:
    return title if title[:3].isupper() else title[0].lower() + title[1:]
