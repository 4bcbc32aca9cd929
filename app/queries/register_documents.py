"""The register's rows as a search sees them, whichever backend searches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Row, Select, func, literal_column, select

from app.backends.geography import icbs_of, regions_of
from app.backends.searching import OFFER, Document
from app.domain.lifecycle import LEFT_OUT, AwardStatus, status_on
from app.domain.offers import STALE_AFTER
from app.models import RegisterEntry, Scheme
from app.queries.lists import CLIENT_GROUPS, SERVICES, SERVICES_IN_WELSH, titles

SHOWN = RegisterEntry.status.not_in(LEFT_OUT)
"""What never stood is in no search, count, file or list: its own page, lists that name it and the log of changes tell of it."""

HIDDEN = select(func.count(RegisterEntry.id)).where(RegisterEntry.status == literal_column("'void'"))
"""How many are not shown, by an index of those alone: the value is written out, or SQLite would not take that index."""

ROWS: Select[tuple[object, ...]] = select(
    RegisterEntry.id,
    RegisterEntry.name,
    RegisterEntry.summary,
    RegisterEntry.description,
    RegisterEntry.services,
    RegisterEntry.client_groups,
    RegisterEntry.areas,
    RegisterEntry.area_code,
    RegisterEntry.level,
    Scheme.code.label("scheme"),
    RegisterEntry.status,
    RegisterEntry.expires_on,
    RegisterEntry.easting,
    RegisterEntry.northing,
    RegisterEntry.granted_on,
    RegisterEntry.size,
    RegisterEntry.languages,
    RegisterEntry.access,
    RegisterEntry.offers,
    RegisterEntry.identifiers,
    RegisterEntry.revision,
).join(Scheme, Scheme.id == RegisterEntry.scheme_id)


def document_of(row: Row[tuple[object, ...]]) -> Document:
    """What a backend has to know of a row of ROWS."""
    areas = tuple(dict.fromkeys(code for code in (*row.areas, row.area_code) if code))
    return Document(
        entry_id=row.id,
        texts={
            "name": row.name,
            "services": "; ".join([_named(row.services, row.client_groups), *_numbers(row.identifiers)]),
            "summary": row.summary,
            "description": row.description,
        },
        facets={
            "service": tuple(row.services),
            "group": tuple(row.client_groups),
            "area": areas,
            "region": regions_of(areas),
            "icb": icbs_of(areas),
            "level": (row.level,),
            "scheme": (row.scheme,),
            "size": (row.size,) if row.size else (),
            "language": tuple(row.languages),
            "access": tuple(row.access),
        },
        easting=row.easting,
        northing=row.northing,
        status=row.status,
        expires_on=row.expires_on,
        granted_on=row.granted_on,
        until=_until(row.offers),
    )


def _named(services: Sequence[str], groups: Sequence[str]) -> str:
    """The titles of services and client groups, of services in Welsh too."""
    english, welsh, people = titles(SERVICES), titles(SERVICES_IN_WELSH), titles(CLIENT_GROUPS)
    found = [names[code] for code in services for names in (english, welsh) if code in names]
    return "; ".join([*found, *(people.get(code, "") for code in groups)])


def _numbers(identifiers: Mapping[str, str]) -> list[str]:
    """Official numbers as people type them: of GB-CHC-1123456 the end."""
    return [value.split("-", 2)[2] if value.startswith("GB-") else value for value in identifiers.values()]


def _until(offers: Sequence[Mapping[str, str]]) -> dict[str, list[tuple[str, date]]]:
    """What was said about capacity, of any service and of each, through the last day on which it counts."""
    said = [(each["service"], each["taking"], date.fromisoformat(each["said_on"]) + STALE_AFTER) for each in offers]
    latest: dict[str, date] = {}
    for _, taking, last in said:
        latest[taking] = max(last, latest.get(taking, last))
    return {
        "availability": sorted(latest.items()),
        OFFER: [(f"{service}:{taking}", last) for service, taking, last in said],
    }


def shown(row: Row[tuple[object, ...]]) -> bool:
    """Whether a search may find a row of ROWS at all."""
    return row.status not in LEFT_OUT


def status_of(stored: str, expires_on: date, today: date) -> str:
    """What an award's status is on a day, as a code of the facet."""
    return status_on(AwardStatus(stored), expires_on, today).value
