"""The register's rows as a search sees them, whichever backend searches."""

from __future__ import annotations

import json
from datetime import date
from functools import lru_cache

from sqlalchemy import Row, Select, String, Text, cast, func, literal_column, select, type_coerce

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
    # Lists as they are written: most of them repeat, and each is read once.
    cast(RegisterEntry.services, Text),
    cast(RegisterEntry.client_groups, Text),
    cast(RegisterEntry.areas, Text),
    RegisterEntry.area_code,
    RegisterEntry.level,
    Scheme.code,
    type_coerce(RegisterEntry.status, String),
    RegisterEntry.expires_on,
    RegisterEntry.easting,
    RegisterEntry.northing,
    RegisterEntry.granted_on,
    RegisterEntry.size,
    cast(RegisterEntry.languages, Text),
    cast(RegisterEntry.access, Text),
    cast(RegisterEntry.offers, Text),
    cast(RegisterEntry.identifiers, Text),
    RegisterEntry.revision,
).join(Scheme, Scheme.id == RegisterEntry.scheme_id)

KEPT = 20_000
_read = json.JSONDecoder().raw_decode
"""The value of a text and where it ends. `json.loads` takes three times as long for texts as short as these."""


def document_of(row: Row[tuple[object, ...]]) -> Document:
    """What a backend has to know of a row of ROWS."""
    entry_id, name, summary, description, services, groups, areas, area_code, level, scheme, status, *more = row
    expires_on, easting, northing, granted_on, size, languages, access, offers, identifiers, _ = more
    covered, regions, icbs = _where(areas, area_code)
    return Document(
        entry_id=entry_id,
        texts={
            "name": name,
            "services": "; ".join([_named(services, groups), *_numbers(identifiers)]),
            "summary": summary,
            "description": description,
        },
        facets={
            "service": _listed(services),
            "group": _listed(groups),
            "area": covered,
            "region": regions,
            "icb": icbs,
            "level": (level,),
            "scheme": (scheme,),
            "size": (size,) if size else (),
            "language": _listed(languages),
            "access": _listed(access),
        },
        easting=easting,
        northing=northing,
        status=status,
        expires_on=expires_on,
        granted_on=granted_on,
        until=_until(offers),
    )


@lru_cache(maxsize=KEPT)
def _listed(written: str) -> tuple[str, ...]:
    return tuple(_read(written)[0])


@lru_cache(maxsize=KEPT)
def _where(written: str, area_code: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The councils in which an entry works, with their regions and care boards: as the market map counts it.

    Where it is based counts where nothing is said of where it works: an office in London is no help to Londoners that it
    does not serve, and a gap that it hides is not seen.
    """
    areas = tuple(dict.fromkeys(code for code in _read(written)[0] or (area_code,) if code))
    return areas, regions_of(areas), icbs_of(areas)


@lru_cache(maxsize=KEPT)
def _named(services: str, groups: str) -> str:
    """The titles of services and client groups, of services in Welsh too."""
    named, people = _in_both_languages(), titles(CLIENT_GROUPS)
    found = [named[code] for code in _listed(services) if code in named]
    return "; ".join([*found, *(people.get(code, "") for code in _listed(groups))])


@lru_cache(maxsize=1)
def _in_both_languages() -> dict[str, str]:
    """What each service is called, in English and in Welsh."""
    english, welsh = titles(SERVICES), titles(SERVICES_IN_WELSH)
    return {code: "; ".join(names[code] for names in (english, welsh) if code in names) for code in english}


def _numbers(written: str) -> list[str]:
    """Official numbers as people type them: of GB-CHC-1123456 the end."""
    if written == "{}":
        return []
    return [value.split("-", 2)[2] if value.startswith("GB-") else value for value in _read(written)[0].values()]


@lru_cache(maxsize=KEPT)
def _counts_through(said_on: str) -> date:
    return date.fromisoformat(said_on) + STALE_AFTER


def _until(written: str) -> dict[str, list[tuple[str, date]]]:
    """What was said about capacity, of any service and of each, through the last day on which it counts."""
    if written == "[]":
        return {"availability": [], OFFER: []}
    said = [(each["service"], each["taking"], _counts_through(each["said_on"])) for each in _read(written)[0]]
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
