"""A charity in the Charity Commission's register beside what a profile says: field by field, to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.backends.postcodes import Places
from app.domain.charity_record import (
    CLIENT_GROUPS as GROUP_RULES,
)
from app.domain.charity_record import (
    SERVICES as SERVICE_RULES,
)
from app.domain.charity_record import (
    CharityRecord,
    Standing,
    Suggestion,
    is_shouted,
    organisation_kind,
    suggestions,
    tidy_name,
    tidy_text,
)
from app.domain.errors import Invalid
from app.domain.framework import Fact, FactKind
from app.domain.identifiers import parse_company_number, parse_postcode
from app.domain.people import email_address
from app.domain.web_address import web_address
from app.extensions import db
from app.models import Organisation
from app.queries.lists import CLIENT_GROUPS, ORGANISATION_TYPES, SERVICES, title

LABELS = {
    "name": "Name",
    "kind": "Kind of organisation",
    "charity_number": "Charity number",
    "company_number": "Company number",
    "summary": "What you do, in one sentence",
    "description": "More about what you do",
    "postcode": "Postcode",
    "address": "Address",
    "website": "Website",
    "email": "E-mail address for the public",
    "phone": "Phone number for the public",
    "areas": "Council areas where you work",
}
FACTS = {"income": FactKind.MONEY, "staff": FactKind.COUNT, "volunteers": FactKind.COUNT}
"""Facts of frameworks that the register knows, by their code, where they are of this kind."""

PLACES = frozenset({"postcode", "address"})
TEXTS = frozenset({"summary", "description"})
UNKNOWN_PLACE = "We do not know this postcode, so that it cannot be taken."


@dataclass(frozen=True)
class Row:
    """One field: what the profile says and what the register says, in words. `value` is what taking it would store."""

    field: str
    label: str
    ours: str
    theirs: str
    value: Any
    note: str = ""
    refused: str = ""
    careful: bool = False  # never ticked by itself

    @property
    def same(self) -> bool:
        """Capitals aside: the register has many texts in capitals only."""
        return bool(self.ours) and self.ours.strip().casefold() == self.theirs.strip().casefold()

    @property
    def differs(self) -> bool:
        return bool(self.ours) and not self.same

    @property
    def offered(self) -> bool:
        return not self.same and not self.refused


@dataclass(frozen=True)
class Hint:
    """A service or a group that the register's classes point to. `field` and `code` say where it would go."""

    field: str
    code: str
    title: str
    because: str


@dataclass(frozen=True)
class Comparison:
    """A record beside a profile. `warning` is said first; `holder` is the organisation that has its number here already."""

    record: CharityRecord
    name: str
    warning: str
    holder: str
    rows: tuple[Row, ...]
    hints: tuple[Hint, ...]
    unknown_areas: tuple[str, ...]

    @property
    def preselected(self) -> frozenset[str]:
        """What is ticked at first: what the profile says nothing of, and that needs no second look."""
        return frozenset(row.field for row in self.rows if row.offered and not row.ours and not row.careful)

    @property
    def choices(self) -> frozenset[str]:
        hints = {f"{hint.field}:{hint.code}" for hint in self.hints}
        return frozenset(row.field for row in self.rows if row.offered) | hints


def compare(
    record: CharityRecord,
    values: Mapping[str, Any],
    facts: tuple[Fact, ...],
    places: Places,
    organisation_id: int | None = None,
) -> Comparison:
    """A record beside a profile's values (all empty for a new one). One statement."""
    areas, unknown = _areas(record, places)
    rows = [*_plain_rows(record, values, places), *_fact_rows(record, values, facts)]
    if areas:
        ours = ", ".join(places.area_name(code) for code in values.get("areas") or ())
        theirs = ", ".join(places.area_name(code) for code in areas)
        rows.append(Row("areas", LABELS["areas"], ours, theirs, areas))
    return Comparison(
        record=record,
        name=tidy_name(record.name),
        warning=_warning(record),
        holder=_holder(record, organisation_id),
        rows=tuple(rows),
        hints=tuple(_hints(record, values)),
        unknown_areas=unknown,
    )


def _warning(record: CharityRecord) -> str:
    when = f" on {record.removed_on.day} {record.removed_on:%b %Y}" if record.removed_on else ""
    sentences = {
        Standing.REMOVED: f"This charity was removed from the register{when}. Make sure that it is the right one.",
        Standing.INSOLVENT: "The register says that this charity is insolvent.",
        Standing.IN_ADMINISTRATION: "The register says that this charity is in administration.",
    }
    return sentences.get(record.standing, "")


def _holder(record: CharityRecord, organisation_id: int | None) -> str:
    """The name of another organisation here that has the charity's or the company's number; "" where there is none."""
    same = [Organisation.charity_number == record.charity_number]
    if record.company:
        same.append(Organisation.company_number == record.company)
    others = select(Organisation.name).where(or_(*same)).order_by(Organisation.id).limit(1)
    if organisation_id is not None:
        others = others.where(Organisation.id != organisation_id)
    return db.session.scalars(others).first() or ""


def _plain_rows(record: CharityRecord, values: Mapping[str, Any], places: Places) -> Iterator[Row]:
    kind = organisation_kind(record)
    description = tidy_text(record.activities)
    theirs = {
        "name": tidy_name(record.name),
        "kind": kind,
        "charity_number": record.charity_number,
        "company_number": _or_nothing(parse_company_number, record.company),
        "summary": record.summary,
        "description": description if description != record.summary else "",
        "postcode": _or_nothing(parse_postcode, record.postcode),
        "address": ", ".join(tidy_name(line) for line in record.address.split(", ")),
        "website": _or_nothing(web_address, record.web),
        "email": _or_nothing(email_address, record.email),
        "phone": record.phone,
    }
    for field, value in theirs.items():
        if value:
            yield _row(field, value, values, record, places)


def _row(field: str, value: str, values: Mapping[str, Any], record: CharityRecord, places: Places) -> Row:
    ours, shown = str(values.get(field) or ""), value
    if field == "kind":
        ours, shown = (title(ORGANISATION_TYPES, each) if each else "" for each in (ours, value))
    unknown = field == "postcode" and places.find(value) is None
    note = _note(field, values, record)
    refused, careful = UNKNOWN_PLACE if unknown else "", field == "kind" or (field in PLACES and bool(note))
    return Row(field, LABELS[field], ours, shown, value, note, refused, careful)


def _note(field: str, values: Mapping[str, Any], record: CharityRecord) -> str:
    if field in PLACES and values.get("address_private"):
        return "You keep your address private here. The Commission’s register shows this one to everybody."
    if field == "kind":
        return "We read this from its form and its numbers. Check it."
    if field in TEXTS and is_shouted(record.activities):
        return "The register has it in capitals. Check the names in it."
    return ""


def _or_nothing(parse: Any, text: str) -> str:
    try:
        found: str = parse(text)
    except Invalid:
        return ""
    return found


def _fact_rows(record: CharityRecord, values: Mapping[str, Any], facts: tuple[Fact, ...]) -> Iterator[Row]:
    known = {"income": record.income, "staff": record.employees, "volunteers": record.volunteers}
    ours = values.get("facts") or {}
    for fact in facts:
        value = known.get(fact.code)
        if value is None or FACTS.get(fact.code) is not fact.kind:
            continue
        mine = ours.get(fact.code)
        words = f"£{value:,}" if fact.kind is FactKind.MONEY else f"{value:,}"
        said = "" if mine is None else (f"£{mine:,}" if fact.kind is FactKind.MONEY else f"{mine:,}")
        until = record.income_to if fact.code == "income" else None
        label = f"{fact.title}{f' (year to {until.day} {until:%b %Y})' if until else ''}"
        yield Row(f"fact_{fact.code}", label, said, words, value)


def _areas(record: CharityRecord, places: Places) -> tuple[list[str], tuple[str, ...]]:
    """The councils among the places where the charity works, and those places that are none (counties, whole countries)."""
    codes = {" ".join(name.casefold().split()): code for code, name in places.areas.items()}
    found: list[str] = []
    unknown: list[str] = []
    for _, name in record.areas:
        plain = " ".join(name.casefold().split())
        code = codes.get(plain) or codes.get(plain.removesuffix(" city")) or codes.get(plain.removeprefix("city of "))
        if code and code not in found:
            found.append(code)
        elif not code:
            unknown.append(tidy_name(name))
    return found, tuple(dict.fromkeys(unknown))


def _hints(record: CharityRecord, values: Mapping[str, Any]) -> Iterator[Hint]:
    for field, rules, list_name in (
        ("services", SERVICE_RULES, SERVICES),
        ("client_groups", GROUP_RULES, CLIENT_GROUPS),
    ):
        ours = values.get(field) or ()
        for each in _new(suggestions(record.classes, rules), ours):
            yield Hint(field, each.code, title(list_name, each.code), each.because)


def _new(found: Iterable[Suggestion], ours: Iterable[str]) -> Iterator[Suggestion]:
    known = set(ours)
    return (each for each in found if each.code not in known)


def taken(comparison: Comparison, chosen: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """A profile's values with what was chosen in place of its own. Lists of services and groups grow; areas are replaced.

    What is not offered is not taken, whatever was sent.
    """
    result = {**values, "facts": dict(values.get("facts") or {})}
    picked = set(chosen) & comparison.choices
    for row in comparison.rows:
        if row.field in picked:
            if row.field.startswith("fact_"):
                result["facts"][row.field.removeprefix("fact_")] = row.value
            else:
                result[row.field] = row.value
    for hint in comparison.hints:
        if f"{hint.field}:{hint.code}" in picked:
            result[hint.field] = [*(result.get(hint.field) or ()), hint.code]
    return result
