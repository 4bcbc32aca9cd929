"""Whose approval ends within a year, of those that do one service in one place: by name, where they are few enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.backends.geography import ICB, REGION, groups
from app.backends.searching import AREA, Query, Sort
from app.domain.lifecycle import CURRENT
from app.domain.market import month_limits
from app.extensions import db
from app.models import RegisterEntry
from app.queries.register_index import current_index

MOST = 300
"""Of how many entries the ends are looked up: of more nobody reads the names, and a smaller place has fewer."""


@dataclass(frozen=True)
class Ending:
    """A provider that nobody approves any more after the day `last`, if nothing is renewed."""

    slug: str
    name: str
    last: date


def ending_within_a_year(service: str, group: str, place: str, today: date) -> tuple[Ending, ...] | None:
    """Those whose last approval ends within 12 months, the first first; None where there are too many to look through.

    A provider that two schemes approved stays until the later end, as it counts. One search and one statement.
    """
    found = current_index().search(_query(service, group, place), today)
    if found.total > MOST:
        return None
    ids = [entry_id for entry_id, _ in found.page]
    columns = (RegisterEntry.organisation_id, RegisterEntry.slug, RegisterEntry.name, RegisterEntry.expires_on)
    latest: dict[int, Ending] = {}
    for holder, slug, name, last in db.session.execute(select(*columns).where(RegisterEntry.id.in_(ids))):
        if holder not in latest or last > latest[holder].last:
            latest[holder] = Ending(slug, name, last)
    limit = month_limits(today)[-1]
    return tuple(
        sorted((each for each in latest.values() if each.last <= limit), key=lambda each: (each.last, each.name))
    )


def _query(service: str, group: str, place: str) -> Query:
    kinds = {REGION: "region", ICB: "icb"}
    kind = kinds[groups()[place].kind] if place in groups() else AREA
    chosen = {"service": service, "group": group, kind: place}
    filters = {facet: frozenset({code}) for facet, code in chosen.items() if code}
    standing = frozenset(status.value for status in CURRENT)
    return Query(filters={**filters, "status": standing}, sort=Sort.NAME, limit=MOST, facets=())
