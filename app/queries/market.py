"""The market map: who is there for what and where, against need, and what would be left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import select

from app.backends.geography import ICB, REGION, councils, councils_of, group_names, groups
from app.domain.errors import Invalid
from app.domain.market import Tally, per_thousand
from app.extensions import db
from app.models import Population
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles
from app.queries.market_count import Counted, layout
from app.queries.market_ending import Ending, ending_within_a_year
from app.queries.market_kept import market_of


@dataclass(frozen=True)
class Market:
    """The market for one client group by place and service: places are councils, regions, care boards and "" for all."""

    counted: Counted
    as_of: datetime

    def at(self, place: str, service: str) -> Tally:
        return self.counted.tally(layout().cell(place, service))

    def providers(self, place: str, service: str) -> int:
        return self.counted.providers(layout().cell(place, service))


@dataclass(frozen=True)
class People:
    """How many people there are, of which year, and who says so."""

    count: int
    year: int
    source: str
    invented: bool


@dataclass(frozen=True)
class ServiceRow:
    """One service in the place: what there is, in how many councils there is nobody, and in how many just one."""

    code: str
    title: str
    tally: Tally
    without: int
    with_one: int
    parts: tuple[int, ...]  # providers in each part, in the order of the page's parts


@dataclass(frozen=True)
class AreaRow:
    """One part of the place for the chosen service."""

    code: str
    name: str
    tally: Tally
    people: People | None
    per_thousand: Fraction | None


@dataclass(frozen=True)
class Asked:
    """What the map shows: codes, each "" for all."""

    service: str = ""
    group: str = ""
    place: str = ""


@dataclass(frozen=True)
class MarketPage:
    """`services` is filled without a chosen service, `areas`, `without` and `with_one` (councils) with one.

    `ending` names whose approval ends within a year, None for too many; `counted_groups` are those with figures of people.
    """

    asked: Asked
    place_name: str
    whole: Tally
    services: tuple[ServiceRow, ...]
    parts: tuple[tuple[str, str], ...]
    areas: tuple[AreaRow, ...]
    without: tuple[tuple[str, str], ...]
    with_one: tuple[tuple[str, str], ...]
    councils: int
    people: People | None
    per_thousand: Fraction | None
    as_of: datetime
    ending: tuple[Ending, ...] | None
    counted_groups: tuple[str, ...]


def market_page(asked: Asked, today: date, now: datetime) -> MarketPage | None:
    """The market as of today, or as of when it was counted last; None while the first count is under way elsewhere.

    Five statements at most where it is held. Raises Invalid for codes that are not known.
    """
    _check(asked)
    held = market_of(asked.group, today, now)
    if held is None:
        return None
    market = Market(*held)
    people = _people(asked.group)
    inside = _councils_in(asked.place)
    parts = _parts(asked.place)
    here = _people_in(asked.place, inside, people)
    counts = [(code, councils()[code].name, market.providers(code, asked.service)) for code in inside]
    whole = market.at(asked.place, asked.service)
    chosen = bool(asked.service)
    return MarketPage(
        asked=asked,
        place_name=place_names().get(asked.place, "the United Kingdom"),
        whole=whole,
        services=()
        if chosen
        else tuple(_service_row(market, asked.place, code, inside, parts) for code in _by_title()),
        parts=parts,
        areas=tuple(_area_row(market, asked.service, code, name, people) for code, name in parts) if chosen else (),
        without=tuple((code, name) for code, name, count in counts if not count) if chosen else (),
        with_one=tuple((code, name) for code, name, count in counts if count == 1) if chosen else (),
        councils=len(inside),
        people=here,
        per_thousand=per_thousand(whole.places, here.count) if here and chosen and whole.said else None,
        as_of=market.as_of,
        ending=ending_within_a_year(asked.service, asked.group, asked.place, today) if chosen else (),
        counted_groups=tuple(db.session.scalars(select(Population.client_group).distinct())) if chosen else (),
    )


def _by_title() -> list[str]:
    """The codes of all services, in the order in which people look for their names."""
    known = titles(SERVICES)
    return sorted(known, key=lambda code: known[code])


def place_names() -> dict[str, str]:
    """Every place that can be chosen, by code: regions and nations, care boards, councils, each by name."""
    by_name = sorted((council.name, code) for code, council in councils().items())
    return {**group_names(REGION), **group_names(ICB), **{code: name for name, code in by_name}}


def _check(asked: Asked) -> None:
    wrong = {}
    for name, code, known in (
        ("service", asked.service, titles(SERVICES)),
        ("group", asked.group, titles(CLIENT_GROUPS)),
        ("place", asked.place, place_names()),
    ):
        if code and code not in known:
            wrong[name] = f"“{code[:40]}” is no {name} that we know. Choose one from the list on the market map."
    if wrong:
        raise Invalid(wrong)


def _councils_in(place: str) -> tuple[str, ...]:
    known = councils()
    if place in known:
        return (place,)
    inside = councils_of(place) if place else (code for code, council in known.items() if council.region)  # no islands
    return tuple(sorted((code for code in inside if code in known), key=lambda code: known[code].name))


def _parts(place: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of what a place is divided into: the country into regions and nations, these into councils."""
    if not place:
        return tuple(group_names(REGION).items())
    return tuple((code, councils()[code].name) for code in _councils_in(place))


def _service_row(
    market: Market, place: str, code: str, inside: Sequence[str], parts: Sequence[tuple[str, str]]
) -> ServiceRow:
    counts = [market.providers(council, code) for council in inside]
    in_parts = tuple(market.providers(part, code) for part, _ in parts)
    return ServiceRow(code, titles(SERVICES)[code], market.at(place, code), counts.count(0), counts.count(1), in_parts)


def _area_row(market: Market, service: str, code: str, name: str, people: Mapping[str, People]) -> AreaRow:
    tally = market.at(code, service)
    here = _people_in(code, _councils_in(code), people)
    return AreaRow(code, name, tally, here, per_thousand(tally.places, here.count) if here and tally.said else None)


def _people(group: str) -> dict[str, People]:
    rows = db.session.scalars(select(Population).where(Population.client_group == group))
    return {row.area: People(row.people, row.year, row.source, row.invented) for row in rows}


def _people_in(place: str, inside: Sequence[str], people: Mapping[str, People]) -> People | None:
    """The people of a council, or of a region of which every council is known. Care boards cut through councils: None."""
    if place in groups() and groups()[place].kind == ICB:
        return None
    found = [people[code] for code in inside if code in people]
    if not found or len(found) < len(inside):
        return None
    first = found[0]
    count = sum(each.count for each in found)
    return People(count, min(each.year for each in found), first.source, any(each.invented for each in found))
