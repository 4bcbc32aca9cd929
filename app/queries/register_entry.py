"""One provider's page on the register: what is published, and its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.backends.postcodes import area_names
from app.domain.errors import NotFound
from app.domain.identifiers import charity_number_of, charity_register_url, company_register_url, cqc_register_url
from app.domain.lifecycle import AwardStatus
from app.extensions import db
from app.models import Award, RegisterEntry, RegisterEvent
from app.queries.appeals_of_case import under_appeal
from app.queries.lists import CLIENT_GROUPS, ORGANISATION_TYPES, title
from app.queries.publication import public_conditions
from app.queries.register_rows import EntryRow, entry_row

MOST_EVENTS = 200


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
    scheme_code: str
    under_appeal: bool
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
        history=_history(entry.id),
    )


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


def _history(entry_id: int) -> tuple[EventRow, ...]:
    """The latest events, newest first, bounded."""
    events = db.session.scalars(
        select(RegisterEvent)
        .where(RegisterEvent.entry_id == entry_id)
        .order_by(RegisterEvent.id.desc())
        .limit(MOST_EVENTS)
    )
    return tuple(EventRow(event.at, event.kind, event.words, event.number, event.status) for event in events)
