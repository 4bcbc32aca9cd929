"""One provider's page on the register: what is published, and its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, String, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import aliased, joinedload

from app.backends.postcodes import area_names
from app.domain.errors import NotFound
from app.domain.identifiers import charity_number_of, charity_register_url, company_register_url, cqc_register_url
from app.domain.lifecycle import AwardStatus
from app.domain.size import SIZE_WORDS
from app.extensions import db
from app.models import Appeal, Application, Award, FrameworkEdition, RegisterEntry, RegisterEvent
from app.queries.appealing import STANDING
from app.queries.appeals_of_case import under_appeal
from app.queries.entry_offers import ServiceLine, service_lines
from app.queries.lists import ACCESS, CLIENT_GROUPS, LANGUAGES, ORGANISATION_TYPES, title
from app.queries.plain import PlainQuery
from app.queries.publication import public_conditions
from app.queries.published_result import PublishedResult, published_result
from app.queries.register_documents import SHOWN
from app.queries.register_rows import EntryRow, Standing, entry_row, standing

MOST_EVENTS = 200
MOST_OTHERS = 20
NO_SUCH = "There is no provider at this address. Search the register for its name."


# Statements are put together once: SQLAlchemy takes longer over that than the database over the answer.
_ENTRY = (
    select(RegisterEntry)
    .where(RegisterEntry.slug == bindparam("slug"))
    .options(
        joinedload(RegisterEntry.scheme),
        joinedload(RegisterEntry.award).joinedload(Award.edition),
        joinedload(RegisterEntry.award).joinedload(Award.application).joinedload(Application.edition),
    )
)
_OTHERS = (
    select(RegisterEntry)
    .where(RegisterEntry.organisation_id == bindparam("organisation_id"))
    .where(RegisterEntry.id != bindparam("entry_id"), SHOWN)
    .options(joinedload(RegisterEntry.scheme))
    .limit(MOST_OTHERS)
)
_HISTORY = (
    select(RegisterEvent.at, RegisterEvent.kind, RegisterEvent.words, RegisterEvent.number, RegisterEvent.status)
    .where(RegisterEvent.entry_id == bindparam("entry_id"))
    .order_by(RegisterEvent.id.desc())
    .limit(MOST_EVENTS)
)


@dataclass(frozen=True)
class EventRow:
    """One change in the history of an entry."""

    at: datetime
    kind: str
    words: str
    number: str
    status: AwardStatus


@dataclass(frozen=True)
class OtherRow:
    """Another entry of the same organisation, in another scheme."""

    slug: str
    scheme: str
    level_title: str
    standing: Standing


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
    scheme_code: str
    under_appeal: bool
    invented: bool
    updated_at: datetime
    history: tuple[EventRow, ...]
    services: tuple[ServiceLine, ...] = ()
    languages: tuple[tuple[str, str], ...] = ()  # (code, title)
    access: tuple[str, ...] = ()
    strengths: str = ""
    size: str = ""
    areas: tuple[tuple[str, str], ...] = ()  # (GSS code, name)
    result: PublishedResult = field(default_factory=PublishedResult)
    others: tuple[OtherRow, ...] = ()
    kind_code: str = ""

    @property
    def said_of_capacity(self) -> bool:
        return any(line.offer for line in self.services)


def register_entry_page(slug: str, today: date) -> EntryPage:
    """One entry, current or ended, with its history. Raises NotFound."""
    entry = db.session.scalars(_ENTRY, {"slug": slug}).first()
    if entry is None:
        raise NotFound(NO_SUCH)
    award = entry.award
    conditions = public_conditions(award, entry.status)
    return EntryPage(
        entry=entry_row(entry, None, entry.scheme, today),
        description=entry.description,
        kind=title(ORGANISATION_TYPES, entry.kind),
        client_groups=tuple(title(CLIENT_GROUPS, code) for code in entry.client_groups),
        contact=dict(entry.contact),
        identifiers=dict(entry.identifiers),
        registers=registers_of(entry.identifiers),
        postcode=entry.postcode,
        council=area_names().get(entry.area_code, ""),
        private=not entry.postcode,
        number=award.number,
        scope=tuple(award.scope),
        framework=f"{award.edition.title} {award.edition.edition}",
        conditions=conditions,
        conditions_due_on=award.conditions_due_on if conditions else None,
        granted_on=award.granted_on,
        expires_on=award.expires_on,
        status_reason=award.status_reason,
        awarding_body=str(entry.scheme.details.get("awarding_body") or entry.scheme.title),
        scheme_code=entry.scheme.code,
        under_appeal=under_appeal(db.session(), award.id),
        invented=entry.invented,
        updated_at=entry.updated_at,
        history=history_of(entry.id),
        services=service_lines(entry.services, entry.offers, today),
        languages=tuple((code, title(LANGUAGES, code)) for code in entry.languages),
        access=tuple(title(ACCESS, code) for code in entry.access),
        strengths=entry.strengths,
        size=SIZE_WORDS.get(entry.size, ""),
        areas=_areas(entry.areas or [entry.area_code]),
        result=published_result(award, today),
        others=_others(entry, today),
        kind_code=entry.kind,
    )


@dataclass(frozen=True)
class EntryState:
    """What a provider's page hangs on besides the day: it changes whenever any of what the page says does."""

    entry_id: int
    revision: int
    under_appeal: bool


def _state() -> Select[tuple[int, int, bool]]:
    """The statement of `entry_state`."""
    own, any_of_it = RegisterEntry, aliased(RegisterEntry)
    newest = select(func.max(any_of_it.revision)).where(any_of_it.organisation_id == own.organisation_id)
    stands = or_(*(type_coerce(Appeal.status, String) == status.value for status in STANDING))
    appealed = select(Appeal.id).where(Appeal.organisation_id == own.organisation_id, stands)
    asked = select(own.id, newest.correlate(own).scalar_subquery(), appealed.correlate(own).exists())
    return asked.where(own.slug == bindparam("slug"))


_STATE = PlainQuery(_state())


def entry_state(slug: str) -> EntryState:
    """The state of the page at this address, in one statement. Raises NotFound.

    The revision is the highest of the organisation's entries, since the page names its other awards too.
    """
    found = _STATE.first(slug=slug)
    if found is None:
        raise NotFound(NO_SUCH)
    entry_id, revision, appealed = found
    return EntryState(entry_id, revision, bool(appealed))


def _areas(codes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Councils with their names, by name."""
    named = ((code, area_names().get(code, code)) for code in codes if code)
    return tuple(sorted(named, key=lambda area: area[1]))


def _others(entry: RegisterEntry, today: date) -> tuple[OtherRow, ...]:
    """The organisation's entries in other schemes, by the scheme's title. One statement."""
    found = db.session.scalars(_OTHERS, {"organisation_id": entry.organisation_id, "entry_id": entry.id})
    rows = [
        OtherRow(
            each.slug,
            each.scheme.title,
            each.level_title,
            standing(each.status, each.status_on, each.expires_on, today),
        )
        for each in found
    ]
    return tuple(sorted(rows, key=lambda row: row.scheme))


def registers_of(identifiers: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
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


def history_of(entry_id: int) -> tuple[EventRow, ...]:
    """The latest events, newest first, bounded. One statement."""
    return tuple(EventRow(*row) for row in db.session.execute(_HISTORY, {"entry_id": entry_id}))


def framework_of(entry_id: int) -> str:
    """The title and edition of what the entry's award was assessed against. One statement."""
    title_and_edition = _FRAMEWORK.first(entry_id=entry_id)
    return " ".join(title_and_edition) if title_and_edition else ""


_FRAMEWORK = PlainQuery(
    select(FrameworkEdition.title, FrameworkEdition.edition)
    .join(Award, Award.edition_id == FrameworkEdition.id)
    .join(RegisterEntry, RegisterEntry.award_id == Award.id)
    .where(RegisterEntry.id == bindparam("entry_id"))
)
