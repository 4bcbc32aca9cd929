"""Entries of the register as they are published, in full: what the APIs hand out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, select, tuple_
from sqlalchemy.orm import contains_eager

from app.domain.identifiers import charity_number_of
from app.extensions import db
from app.models import Award, Organisation, RegisterEntry, RegisterEvent, Scheme
from app.queries.lists import ORGANISATION_TYPES, title
from app.queries.publication import public_conditions
from app.queries.register_documents import SHOWN
from app.queries.register_rows import Standing, standing

MOST_OF_ONE = 50  # entries of one organisation: one in each scheme


@dataclass(frozen=True)
class Published:
    """One entry as the public may read it on a day. Codes are those of standards/lists; areas are GSS codes.

    `postcode`, `easting` and `northing` are empty where the address is private. `offers` are as the register keeps them.
    """

    entry_id: int
    organisation_id: int
    slug: str
    name: str
    kind: str
    summary: str
    description: str
    strengths: str
    identifiers: tuple[str, ...]
    contact: Mapping[str, str]
    postcode: str
    easting: int | None
    northing: int | None
    area_code: str
    areas: tuple[str, ...]
    services: tuple[str, ...]
    client_groups: tuple[str, ...]
    languages: tuple[str, ...]
    access: tuple[str, ...]
    size: str
    offers: tuple[Mapping[str, object], ...]
    scheme_code: str
    scheme: str
    awarding_body: str
    level: str
    level_title: str
    standing: Standing
    certificate: str
    scope: tuple[str, ...]
    conditions: str
    granted_on: date
    expires_on: date
    updated_at: datetime
    revision: int
    invented: bool


@dataclass(frozen=True)
class Change:
    """One event of the register, with the entry that it happened to."""

    event_id: int
    at: datetime
    kind: str
    words: str
    certificate: str
    level: str
    status: str
    slug: str
    name: str


def _entries() -> Select[tuple[RegisterEntry]]:
    """Entries with their award, edition and scheme in the same statement."""
    return (
        select(RegisterEntry)
        .join(RegisterEntry.award)
        .join(RegisterEntry.scheme)
        .join(Award.edition)
        .options(
            contains_eager(RegisterEntry.scheme), contains_eager(RegisterEntry.award).contains_eager(Award.edition)
        )
    )


def _published(entry: RegisterEntry, today: date) -> Published:
    award, scheme = entry.award, entry.scheme
    now = standing(entry.status, entry.status_on, entry.expires_on, today)
    return Published(
        entry_id=entry.id,
        organisation_id=entry.organisation_id,
        slug=entry.slug,
        name=entry.name,
        kind=title(ORGANISATION_TYPES, entry.kind),
        summary=entry.summary,
        description=entry.description,
        strengths=entry.strengths,
        identifiers=tuple(sorted(str(number) for number in entry.identifiers.values())),
        contact=dict(entry.contact),
        postcode=entry.postcode,
        easting=entry.easting,
        northing=entry.northing,
        area_code=entry.area_code,
        areas=tuple(entry.areas or [code for code in [entry.area_code] if code]),
        services=tuple(entry.services),
        client_groups=tuple(entry.client_groups),
        languages=tuple(entry.languages),
        access=tuple(entry.access),
        size=entry.size,
        offers=tuple(entry.offers),
        scheme_code=scheme.code,
        scheme=scheme.title,
        awarding_body=str(scheme.details.get("awarding_body") or scheme.title),
        level=entry.level,
        level_title=entry.level_title,
        standing=now,
        certificate=award.number,
        scope=tuple(award.scope),
        conditions=public_conditions(award, now.status),
        granted_on=entry.granted_on,
        expires_on=entry.expires_on,
        updated_at=entry.updated_at,
        revision=entry.revision,
        invented=entry.invented,
    )


_BY_SLUG = _entries().where(RegisterEntry.slug.in_(bindparam("slugs", expanding=True)))
"""Put together once: that takes longer than its answer."""


def _all(query: Select[tuple[RegisterEntry]], today: date, **values: Any) -> tuple[Published, ...]:
    return tuple(_published(entry, today) for entry in db.session.scalars(query, values))


def published_by_id(ids: Iterable[int], today: date) -> dict[int, Published]:
    """The entries with these ids, of which there are few, by id. One statement."""
    wanted = list(dict.fromkeys(ids))
    return {entry.entry_id: entry for entry in _all(_entries().where(RegisterEntry.id.in_(wanted)), today)}


def published_by_slug(slugs: Sequence[str], today: date) -> dict[str, Published]:
    """The same, by slug."""
    return {entry.slug: entry for entry in _all(_BY_SLUG, today, slugs=list(slugs))}


def published_after(
    place: tuple[int, int], limit: int, today: date, since: datetime | None = None
) -> tuple[Published, ...]:
    """Up to `limit` entries in the order of their last change, after `place` (revision, id); changed at `since` or later.

    Whatever changes moves to the end, so that one who reads on never misses it and needs no second reading of the rest.
    """
    query = _entries().where(tuple_(RegisterEntry.revision, RegisterEntry.id) > place)
    if since is not None:
        query = query.where(RegisterEntry.updated_at >= since)
    return _all(query.order_by(RegisterEntry.revision, RegisterEntry.id).limit(limit), today)


def changes_after(event_id: int, limit: int) -> tuple[Change, ...]:
    """Up to `limit` events after the one with this id, the oldest first."""
    rows = db.session.execute(
        select(RegisterEvent, RegisterEntry.slug, RegisterEntry.name)
        .join(RegisterEntry, RegisterEntry.id == RegisterEvent.entry_id)
        .where(RegisterEvent.id > event_id)
        .order_by(RegisterEvent.id)
        .limit(limit)
    )
    return tuple(
        Change(
            event.id, event.at, event.kind, event.words, event.number, event.level_title, event.status.value, slug, name
        )
        for event, slug, name in rows
    )


def published_of_any(identifiers: Sequence[str], today: date) -> dict[str, tuple[Published, ...]]:
    """The entries that were published under each identifier: an org-id such as GB-CHC-1123456, or a CQC provider id.

    At most three statements, each by an index of the organisations' numbers.
    """
    charities = {charity_number_of(each): each for each in identifiers if each.startswith(_CHARITIES)}
    companies = {each.removeprefix(_COMPANY): each for each in identifiers if each.startswith(_COMPANY)}
    numbers = [each for each in identifiers if each not in {*charities.values(), *companies.values()}]
    found: list[Published] = []
    for column, values in (
        (Organisation.charity_number, list(charities)),
        (Organisation.company_number, list(companies)),
        (Organisation.cqc_provider_id, numbers),
    ):
        if values:
            query = _entries().join(Organisation, Organisation.id == RegisterEntry.organisation_id).where(SHOWN)
            bound = len(values) * MOST_OF_ONE
            found += _all(query.where(column.in_(values)).order_by(RegisterEntry.id).limit(bound), today)
    return {each: tuple(entry for entry in found if each in entry.identifiers) for each in identifiers}


_CHARITIES = ("GB-CHC-", "GB-SC-", "GB-NIC-")
_COMPANY = "GB-COH-"


def scheme_titles() -> dict[str, str]:
    """Every scheme's title by its code."""
    return {code: title for code, title in db.session.execute(select(Scheme.code, Scheme.title)).all()}
