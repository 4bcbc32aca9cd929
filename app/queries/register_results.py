"""What a page of results shows of each entry, and the schemes, read past the session."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Integer, String, Text, bindparam, select, type_coerce
from sqlalchemy import cast as as_type

from app.domain.lifecycle import AwardStatus
from app.models import RegisterEntry, Scheme
from app.queries.commits import UntilCommit
from app.queries.plain import PlainQuery
from app.queries.register_index import state_now
from app.queries.register_rows import EntryRow, entry_row

PAGE_SIZE = 20
ROWS_KEPT = 4_000
"""How many rows each process keeps as they are shown: some 3 kB each."""


@dataclass(frozen=True, eq=False)
class SchemeFacts:
    """What results say of a scheme. Two are the same only where they are one object, which makes them quick keys."""

    id: int
    code: str
    title: str
    details: Mapping[str, Any]


class _Result(NamedTuple):
    """The columns of an entry that a result shows."""

    scheme_id: int
    slug: str
    name: str
    summary: str
    level: str
    level_title: str
    level_colour: str
    status: AwardStatus
    status_on: date
    expires_on: date
    services: list[str]
    areas: list[str]
    area_code: str
    offers: list[dict[str, Any]]


_SCHEMES = PlainQuery(select(Scheme.id, Scheme.code, Scheme.title, as_type(Scheme.details, Text)).order_by(Scheme.id))
_PLACES = [f"id{number}" for number in range(PAGE_SIZE)]
_ROWS = PlainQuery(
    select(
        RegisterEntry.id,
        RegisterEntry.scheme_id,
        RegisterEntry.slug,
        RegisterEntry.name,
        RegisterEntry.summary,
        RegisterEntry.level,
        RegisterEntry.level_title,
        RegisterEntry.level_colour,
        type_coerce(RegisterEntry.status, String),
        as_type(RegisterEntry.status_on, String),
        as_type(RegisterEntry.expires_on, String),
        as_type(RegisterEntry.services, Text),
        as_type(RegisterEntry.areas, Text),
        RegisterEntry.area_code,
        as_type(RegisterEntry.offers, Text),
    ).where(RegisterEntry.id.in_([bindparam(name, type_=Integer) for name in _PLACES]))
)


def schemes_now() -> Mapping[int, SchemeFacts]:
    """The schemes by id. One statement; what it gives is read anew only where it differs."""
    return _schemes_of(_schemes_rows())


_schemes_rows = UntilCommit(lambda: tuple(map(tuple, _SCHEMES.all())))


@lru_cache(maxsize=8)
def _schemes_of(rows: tuple[tuple[Any, ...], ...]) -> Mapping[int, SchemeFacts]:
    return {number: SchemeFacts(number, code, title, orjson.loads(details)) for number, code, title, details in rows}


def rows_of(
    page: Sequence[tuple[int, float | None]],
    schemes: Mapping[int, SchemeFacts],
    services: frozenset[str],
    today: date,
) -> tuple[EntryRow, ...]:
    """The results for a page's ids and miles, at most PAGE_SIZE. One statement."""
    if not page:
        return ()
    ids = [entry_id for entry_id, _ in page]
    wanted = dict(zip(_PLACES, ids + [ids[-1]] * (PAGE_SIZE - len(ids)), strict=True))
    found = {row[0]: tuple(row) for row in _ROWS.all(**wanted)}
    return tuple(
        _row_of(row, schemes[row[1]], services, today).at(miles)
        for entry_id, miles in page
        if (row := found.get(entry_id)) is not None
    )


@lru_cache(maxsize=ROWS_KEPT)
def _row_of(row: tuple[Any, ...], scheme: SchemeFacts, services: frozenset[str], today: date) -> EntryRow:
    """One result without its distance: kept by all that it says, so that it is never out of date."""
    _, scheme_id, slug, name, summary, level, title, colour, status, since, expires, does, areas, area, offers = row
    result = _Result(
        scheme_id,
        slug,
        name,
        summary,
        level,
        title,
        colour,
        AwardStatus(status),
        date.fromisoformat(since),
        date.fromisoformat(expires),
        orjson.loads(does),
        orjson.loads(areas),
        area,
        orjson.loads(offers),
    )
    return entry_row(result, None, scheme, today, services)


def results_state() -> Hashable:
    """What every answer to a search hangs on besides the day: the register, its words, the schemes. Two statements."""
    return state_now(), _schemes_rows()
