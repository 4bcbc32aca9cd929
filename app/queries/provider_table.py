"""Providers as a table to take away, a row for each: the same columns for a search, a shortlist and a locked list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.backends.postcodes import area_names
from app.backends.searching import Query
from app.domain.identifiers import charity_number_of
from app.domain.offers import TAKING_WORDS, Taking
from app.domain.size import SIZE_WORDS
from app.domain.wording import dated
from app.extensions import db
from app.models import Award, FrameworkEdition, RegisterEntry, Scheme
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, ORGANISATION_TYPES, SERVICES, title
from app.queries.register_index import current_index
from app.queries.register_rows import STATUS_TITLES, standing

Cell = str | int | date | None
Row = tuple[Cell, ...]

COLUMNS: tuple[tuple[str, float], ...] = (
    ("Name", 34.0),
    ("Status", 22.0),
    ("Level", 14.0),
    ("Scheme", 26.0),
    ("Standards", 26.0),
    ("Certificate", 18.0),
    ("Granted", 13.0),
    ("Last day", 13.0),
    ("Services", 40.0),
    ("Capacity as the provider said", 44.0),
    ("Who it is for", 34.0),
    ("Areas", 40.0),
    ("Languages", 22.0),
    ("Access", 26.0),
    ("Size", 26.0),
    ("Type", 22.0),
    ("Based in", 20.0),
    ("Postcode", 12.0),
    ("Telephone", 18.0),
    ("E-mail", 28.0),
    ("Website", 28.0),
    ("Charity number", 16.0),
    ("Company number", 16.0),
    ("CQC number", 16.0),
    ("Page on the register", 44.0),
)
"""(heading, width in characters)."""

BATCH = 500
JOIN = "; "


def found_by(query: Query, today: date, most: int) -> tuple[Sequence[int], int]:
    """The ids of the first `most` entries that a search finds, in the order of its pages, and how many it finds in all."""
    found = current_index().search(replace(query, offset=0, limit=most), today)
    return [entry_id for entry_id, _ in found.page], found.total


def table_rows(ids: Sequence[int], today: date, base_url: str) -> Iterator[Row]:
    """A row under COLUMNS for each of `ids` that is on the register, in that order. One statement for every 500."""
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        found = {entry.id: entry for entry in db.session.scalars(_asked().where(RegisterEntry.id.in_(batch)))}
        yield from (_row(found[key], today, base_url) for key in batch if key in found)
        db.session.expunge_all()  # a long table is not held in memory


def _asked() -> Select[tuple[RegisterEntry]]:
    award = joinedload(RegisterEntry.award).load_only(Award.number)
    return select(RegisterEntry).options(
        joinedload(RegisterEntry.scheme).load_only(Scheme.title),
        award,
        award.joinedload(Award.edition).load_only(FrameworkEdition.title, FrameworkEdition.edition),
    )


def _row(entry: RegisterEntry, today: date, base_url: str) -> Row:
    status = standing(entry.status, entry.status_on, entry.expires_on, today).status
    edition, contact, numbers = entry.award.edition, entry.contact, entry.identifiers
    return (
        entry.name,
        STATUS_TITLES[status],
        entry.level_title,
        entry.scheme.title,
        f"{edition.title} {edition.edition}",
        entry.award.number,
        entry.granted_on,
        entry.expires_on,
        _titles(SERVICES, entry.services),
        _capacity(entry),
        _titles(CLIENT_GROUPS, entry.client_groups),
        JOIN.join(area_names().get(code, code) for code in entry.areas or [entry.area_code] if code),
        _titles(LANGUAGES, entry.languages),
        _titles(ACCESS, entry.access),
        SIZE_WORDS.get(entry.size, ""),
        title(ORGANISATION_TYPES, entry.kind),
        area_names().get(entry.area_code, ""),
        entry.postcode,
        contact.get("phone", ""),
        contact.get("email", ""),
        contact.get("website", ""),
        charity_number_of(numbers["charity"]) if "charity" in numbers else "",
        numbers.get("company", "").removeprefix("GB-COH-"),
        numbers.get("cqc", ""),
        f"{base_url}/register/{entry.slug}",
    )


def _titles(name: str, codes: Sequence[str]) -> str:
    return JOIN.join(title(name, code) for code in codes)


def _capacity(entry: RegisterEntry) -> str:
    """What was said of each service that the award covers, with its day: what is old is not taken for new."""
    said = [each for each in entry.offers if each["service"] in entry.services]
    return JOIN.join(
        f"{title(SERVICES, each['service'])}: {TAKING_WORDS[Taking(each['taking'])].lower()}"
        f" (said on {dated(date.fromisoformat(each['said_on']))})"
        for each in said
    )
