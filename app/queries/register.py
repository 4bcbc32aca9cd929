"""The public register: searching it, one entry with its history, and the verification of a certificate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.backends.postcodes import Places, area_names
from app.backends.search import Near, Query
from app.domain import certificate_number
from app.domain.errors import Invalid, NotFound
from app.domain.identifiers import charity_number_of, charity_register_url, company_register_url, cqc_register_url
from app.domain.lifecycle import AwardStatus, status_on
from app.domain.places import Place
from app.extensions import db
from app.models import Award, RegisterEntry, RegisterEvent, Scheme
from app.queries.lists import CLIENT_GROUPS, ORGANISATION_TYPES, SERVICES, title, titles
from app.queries.register_index import current_index

PAGE_SIZE = 20
MOST_PAGES = 2_000
MILES = (5, 10, 20, 40)
DEFAULT_MILES = 20
STANDING = (AwardStatus.AWARDED, AwardStatus.CONDITIONAL, AwardStatus.SUSPENDED)
ENDED = (AwardStatus.EXPIRED, AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED)
MOST_EVENTS = 200
FACETS = ("service", "group", "level", "area", "status", "scheme")
STATUS_TITLES = {
    AwardStatus.AWARDED: "Approved",
    AwardStatus.CONDITIONAL: "Approved with conditions",
    AwardStatus.SUSPENDED: "Suspended",
    AwardStatus.EXPIRED: "Expired",
    AwardStatus.WITHDRAWN: "Withdrawn",
    AwardStatus.SURRENDERED: "Given up",
}


@dataclass(frozen=True)
class Search:
    """What is looked for. `chosen` maps a facet to its codes; `near` is a place as typed; `page` counts from 1."""

    words: str = ""
    near: str = ""
    miles: int = DEFAULT_MILES
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ended: bool = False
    sort: str = ""  # "relevance" or "distance"; by default distance where there is a place
    page: int = 1


@dataclass(frozen=True)
class Standing:
    """What an award is on a day: its status, the sentence about it, and whether the holder may call itself approved."""

    status: AwardStatus
    words: str
    on: date

    @property
    def approved(self) -> bool:
        return self.status in {AwardStatus.AWARDED, AwardStatus.CONDITIONAL}


@dataclass(frozen=True)
class EntryRow:
    """One result."""

    slug: str
    name: str
    summary: str
    level: str
    level_title: str
    level_colour: str
    standing: Standing
    services: tuple[str, ...]
    areas: tuple[str, ...]
    miles: float | None
    brand: Mapping[str, str]
    scheme: str
    expires_on: date


@dataclass(frozen=True)
class Choice:
    """One code of a facet: how many entries there would be, and whether it is chosen."""

    code: str
    title: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class RegisterPage:
    """A page of results. `problem` is a sentence about the place where it was not found; the rest is then without it."""

    search: Search
    total: int
    page: int
    pages: int
    rows: tuple[EntryRow, ...]
    facets: Mapping[str, tuple[Choice, ...]]
    place: Place | None
    problem: str
    also: tuple[str, ...]
    instead: str | None
    by_distance: bool
    schemes: int
    council: str = ""  # in which the place lies: whoever works there is found too


def search_register(search: Search, places: Places, today: date) -> RegisterPage:
    """The page of the register that `search` asks for, as of `today`. Four statements, whatever it finds."""
    place, problem = _place(search.near, places)
    by_distance = place is not None and search.sort != "relevance"
    filters = dict(search.chosen)
    if not filters.get("status"):
        filters["status"] = frozenset(STANDING + (ENDED if search.ended else ()))
    page = min(max(search.page, 1), MOST_PAGES)
    index = current_index()
    query = Query(
        words=search.words,
        filters=filters,
        near=Near(place.easting, place.northing, search.miles, place.area_code) if place else None,
        by_distance=by_distance,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    found = index.search(query, today)
    schemes = _schemes()
    return RegisterPage(
        search=search,
        total=found.total,
        page=page,
        pages=min(max(math.ceil(found.total / PAGE_SIZE), 1), MOST_PAGES),
        rows=_rows(found.page, schemes, today),
        facets=_facets(found.facets, search, schemes),
        place=place,
        problem=problem,
        also=found.also,
        instead=found.instead,
        by_distance=by_distance,
        schemes=len(found.facets.get("scheme", {})),
        council=area_names().get(place.area_code, "") if place else "",
    )


def _place(text: str, places: Places) -> tuple[Place | None, str]:
    if not text.strip():
        return None, ""
    try:
        return places.locate(text), ""
    except Invalid as unknown:
        return None, unknown.message


def _schemes() -> dict[int, Scheme]:
    return {scheme.id: scheme for scheme in db.session.scalars(select(Scheme))}


def _rows(page: Sequence[tuple[int, float | None]], schemes: Mapping[int, Scheme], today: date) -> tuple[EntryRow, ...]:
    ids = [entry_id for entry_id, _ in page]
    found = db.session.scalars(select(RegisterEntry).where(RegisterEntry.id.in_(ids)))
    entries = {entry.id: entry for entry in found}
    return tuple(
        _row(entries[entry_id], miles, schemes[entries[entry_id].scheme_id], today)
        for entry_id, miles in page
        if entry_id in entries
    )


def _row(entry: RegisterEntry, miles: float | None, scheme: Scheme, today: date) -> EntryRow:
    return EntryRow(
        slug=entry.slug,
        name=entry.name,
        summary=entry.summary,
        level=entry.level,
        level_title=entry.level_title,
        level_colour=entry.level_colour,
        standing=standing(entry.status, entry.status_on, entry.expires_on, today),
        services=tuple(title(SERVICES, code) for code in entry.services),
        areas=tuple(area_names().get(code, code) for code in entry.areas or [entry.area_code]),
        miles=miles,
        brand=scheme.details.get("brand") or {},
        scheme=scheme.title,
        expires_on=entry.expires_on,
    )


def standing(stored: AwardStatus, since: date, expires_on: date, today: date) -> Standing:
    """What an award is on a day, in words."""
    status = status_on(stored, expires_on, today)
    sentences = {
        AwardStatus.AWARDED: f"Approved until {_day(expires_on)}",
        AwardStatus.CONDITIONAL: f"Approved with conditions until {_day(expires_on)}",
        AwardStatus.SUSPENDED: f"Suspended since {_day(since)}",
        AwardStatus.EXPIRED: f"Expired on {_day(expires_on)}",
        AwardStatus.WITHDRAWN: f"Withdrawn on {_day(since)}",
        AwardStatus.SURRENDERED: f"Given up on {_day(since)}",
    }
    return Standing(status, sentences[status], today)


def _day(value: date) -> str:
    return f"{value.day} {value:%b %Y}"


def _facets(
    counts: Mapping[str, Mapping[str, int]], search: Search, schemes: Mapping[int, Scheme]
) -> dict[str, tuple[Choice, ...]]:
    named: dict[str, Mapping[str, str]] = {
        "service": titles(SERVICES),
        "group": titles(CLIENT_GROUPS),
        "area": area_names(),
        "status": {status.value: words for status, words in STATUS_TITLES.items()},
        "scheme": {scheme.code: scheme.title for scheme in schemes.values()},
        "level": {},
    }
    return {
        facet: _choices(counts.get(facet, {}), named[facet], search.chosen.get(facet, frozenset())) for facet in FACETS
    }


def _choices(counts: Mapping[str, int], names: Mapping[str, str], chosen: frozenset[str]) -> tuple[Choice, ...]:
    """The most frequent first; what is chosen stays in sight whatever its count."""
    found = {**dict.fromkeys(chosen & set(names), 0), **counts}
    choices = [
        Choice(code, names.get(code, code.replace("-", " ").capitalize()), count, code in chosen)
        for code, count in found.items()
    ]
    return tuple(sorted(choices, key=lambda choice: (-choice.count, choice.title)))


@dataclass(frozen=True)
class EventRow:
    """One change in the history of an entry."""

    at: datetime
    kind: str
    words: str
    number: str
    status: AwardStatus


@dataclass(frozen=True)
class EntryPage:
    """What the register says of one provider."""

    entry: EntryRow
    description: str
    kind: str
    client_groups: tuple[str, ...]
    contact: Mapping[str, str]
    identifiers: Mapping[str, str]
    registers: tuple[tuple[str, str, str], ...]
    postcode: str
    council: str
    private: bool
    number: str
    scope: tuple[str, ...]
    framework: str
    conditions: str
    conditions_due_on: date | None
    granted_on: date
    expires_on: date
    status_reason: str
    awarding_body: str
    invented: bool
    updated_at: datetime
    history: tuple[EventRow, ...]


def register_entry_page(slug: str, today: date) -> EntryPage:
    """One entry, current or ended, with its history. Raises NotFound."""
    entry = db.session.scalars(
        select(RegisterEntry)
        .where(RegisterEntry.slug == slug)
        .options(joinedload(RegisterEntry.scheme), joinedload(RegisterEntry.award).joinedload(Award.edition))
    ).first()
    if entry is None:
        raise NotFound("There is no provider at this address. Search the register for its name.")
    award = entry.award
    return EntryPage(
        entry=_row(entry, None, entry.scheme, today),
        description=entry.description,
        kind=title(ORGANISATION_TYPES, entry.kind),
        client_groups=tuple(title(CLIENT_GROUPS, code) for code in entry.client_groups),
        contact=dict(entry.contact),
        identifiers=dict(entry.identifiers),
        registers=_registers(entry.identifiers),
        postcode=entry.postcode,
        council=area_names().get(entry.area_code, ""),
        private=not entry.postcode,
        number=award.number,
        scope=tuple(award.scope),
        framework=f"{award.edition.title} {award.edition.edition}",
        conditions=award.conditions if entry.status is AwardStatus.CONDITIONAL else "",
        conditions_due_on=award.conditions_due_on,
        granted_on=award.granted_on,
        expires_on=award.expires_on,
        status_reason=award.status_reason,
        awarding_body=str(entry.scheme.details.get("awarding_body") or entry.scheme.title),
        invented=entry.invented,
        updated_at=entry.updated_at,
        history=_history(entry.id),
    )


def _registers(identifiers: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Each official number: which register it is of, the number, and where that register shows it."""
    found: list[tuple[str, str, str]] = []
    if "charity" in identifiers:
        number = charity_number_of(identifiers["charity"])
        found.append(("Charity", number, charity_register_url(number)))
    if "company" in identifiers:
        number = identifiers["company"].removeprefix("GB-COH-")
        found.append(("Company", number, company_register_url(number)))
    if "cqc" in identifiers:
        found.append(("Care Quality Commission", identifiers["cqc"], cqc_register_url(identifiers["cqc"])))
    return tuple(found)


def _history(entry_id: int) -> tuple[EventRow, ...]:
    """The latest events, newest first, bounded."""
    events = db.session.scalars(
        select(RegisterEvent)
        .where(RegisterEvent.entry_id == entry_id)
        .order_by(RegisterEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    return tuple(EventRow(event.at, event.kind, event.words, event.number, event.status) for event in events)


@dataclass(frozen=True)
class Verification:
    """What a certificate number stands for on a day. `known` is False for a number that was never issued."""

    typed: str
    number: str
    known: bool
    mistyped: bool
    standing: Standing | None = None
    holder: str = ""
    level: str = ""
    level_title: str = ""
    level_colour: str = "plain"
    scheme: str = ""
    awarding_body: str = ""
    framework: str = ""
    scope: tuple[str, ...] = ()
    conditions: str = ""
    granted_on: date | None = None
    expires_on: date | None = None
    reason: str = ""
    sha256: str = ""
    slug: str = ""
    superseded_by: str = ""
    brand: Mapping[str, str] = field(default_factory=dict)


def verify_certificate(typed: str, today: date) -> Verification:
    """What the certificate with this number, however it is typed, stands for today. Never raises."""
    read = certificate_number.parse(typed)
    number = read.number or typed.strip()[:40]
    award = db.session.scalars(
        select(Award).where(Award.number == number).options(joinedload(Award.scheme), joinedload(Award.edition))
    ).first()
    if award is None:
        return Verification(typed, number, known=False, mistyped=not read.checks)
    entry = db.session.execute(
        select(RegisterEntry.slug, Award.number)
        .join(Award, Award.id == RegisterEntry.award_id)
        .where(RegisterEntry.organisation_id == award.organisation_id, RegisterEntry.scheme_id == award.scheme_id)
    ).first()
    now = standing(award.status, award.status_on, award.expires_on, today)
    return Verification(
        typed=typed,
        number=award.number,
        known=True,
        mistyped=False,
        standing=now,
        holder=award.holder_name,
        level=award.level,
        level_title=award.level_title,
        level_colour=award.level_colour,
        scheme=award.scheme.title,
        awarding_body=str(award.scheme.details.get("awarding_body") or award.scheme.title),
        framework=f"{award.edition.title} {award.edition.edition}",
        scope=tuple(award.scope),
        conditions=award.conditions if now.status is AwardStatus.CONDITIONAL else "",
        granted_on=award.granted_on,
        expires_on=award.expires_on,
        reason=award.status_reason,
        sha256=award.certificate_sha256,
        slug=entry.slug if entry else "",
        superseded_by=entry.number if entry and entry.number != award.number else "",
        brand=award.scheme.details.get("brand") or {},
    )
