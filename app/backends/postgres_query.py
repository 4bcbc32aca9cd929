"""A search of the register in PostgreSQL's own words: units as tsquery, filters, places and the day's lots as conditions.

Values are always sent apart from the statement. What is written into it are our own words, and names of facets, which are
checked to be letters and hyphens.
"""

# ruff: noqa: S608
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.backends.search_draw import PRIME, Draw
from app.backends.search_query import Unit, Way
from app.backends.searching import AREA, OFFER, Near, Query, Reach, Sort
from app.domain.places import METRES_IN_A_MILE

WEIGHTS = "ABCD"  # of a tsvector, by field of FIELDS
TIER_WEIGHT = (8, 4, 2, 1)
RANKED_UNITS = 3
SERVICE, AVAILABILITY = "service", "availability"
DATED = (AVAILABILITY, OFFER)
"""Facets whose codes count through a day: they stand in the column `dated`, as facet:code|last day."""


def lexeme(stem: str, weight: str = "") -> str:
    quoted = stem.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':{weight}" if weight else f"'{quoted}'"


def _way(way: Way, weight: str) -> str:
    """A way of saying a unit, where `weight` is the best place of any of its words; anywhere without one."""
    if way.adjacent:
        pairs = list(zip(way.stems, way.stems[1:], strict=False))
        inside = [
            " & ".join(f"({lexeme(a, place)} <-> {lexeme(b, place)})" for a, b in pairs) for place in weight or WEIGHTS
        ]
        return " | ".join(f"({each})" for each in inside)
    here = " | ".join(lexeme(each, weight) for each in way.stems)
    if len(way.stems) == 1:
        return here
    everywhere = " & ".join(map(lexeme, way.stems))
    return f"{everywhere} & ({here})" if weight else everywhere


def tsquery(unit: Unit, weight: str = "") -> str:
    """A unit's ways as one tsquery; "" where it has none but its codes."""
    return " | ".join(f"({_way(way, weight)})" for way in unit.ways if way.stems)


@dataclass
class Sql:
    """A statement under way: the conditions of words and place, and the values to send along."""

    unit_tests: list[str] = field(default_factory=list)
    unit_tiers: list[str] = field(default_factory=list)
    near_test: str = "TRUE"
    miles: str = "NULL::float8"
    values: dict[str, Any] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"

    def having(self, codes: Sequence[str]) -> str:
        return f"codes && CAST({self.bind(list(codes))} AS text[])"

    def add_unit(self, unit: Unit, facet: str) -> None:
        coded = [f"{facet}:{code}" for code in sorted(unit.codes)]
        tests = {weight: self._test(tsquery(unit, weight)) for weight in ("", *WEIGHTS[:3])}
        by_code = self.having(coded) if coded else "FALSE"
        self.unit_tests.append(f"({tests['']} OR {by_code})")
        self.unit_tiers.append(
            f"CASE WHEN {tests['A']} THEN 0 WHEN {tests['B']} OR {by_code} THEN 1 WHEN {tests['C']} THEN 2 ELSE 3 END"
        )

    def _test(self, query: str) -> str:
        return f"words @@ CAST({self.bind(query)} AS tsquery)" if query else "FALSE"

    def add_place(self, near: Near) -> None:
        east, north, reach = (self.bind(each) for each in (near.easting, near.northing, near.miles * METRES_IN_A_MILE))
        squared = f"((easting - {east})::float8 ^ 2 + (northing - {north})::float8 ^ 2)"
        box = f"easting BETWEEN {east} - {reach} AND {east} + {reach} AND northing BETWEEN {north} - {reach} AND {north} + {reach}"
        within = f"({box} AND sqrt({squared}) <= {reach})"
        serving = self.having([f"{AREA}:{near.area_code}"])
        self.near_test = {
            Reach.BASED: within,
            Reach.SERVED: serving,
            Reach.EITHER: f"({within} OR {serving})",
        }[near.reach]
        self.miles = f"CASE WHEN {within} THEN sqrt({squared}) / {METRES_IN_A_MILE} END"

    def lot(self, today: date) -> str:
        """The day's lot of an entry, as app.backends.search_draw tells it."""
        draw = Draw.of(today)
        mixed = f"((entry_id::bigint % {PRIME} * {draw.a} + {draw.b}) % {PRIME})"
        return f"(({mixed} # ({mixed} >> 15)) * {draw.c} % {PRIME})"

    def status(self, lapsed: Mapping[str, str], today: date) -> str:
        """The status on the day: `lapsed` tells what a stored one becomes after its last day."""
        changed = " ".join(
            f"WHEN {self.bind(stored)} THEN {self.bind(then)}" for stored, then in lapsed.items() if stored != then
        )
        after = f"CASE status {changed} ELSE status END" if changed else "status"
        return f"CASE WHEN expires_on < {self.bind(today)} THEN {after} ELSE status END"

    def fresh(self, codes: Sequence[str], today: date) -> str:
        """Whether any of these dated codes counts on the day."""
        wanted, day = self.bind(list(codes)), self.bind(today.isoformat())
        return f"EXISTS (SELECT FROM unnest(dated) d WHERE left(d, -11) = ANY(CAST({wanted} AS text[])) AND right(d, 10) >= {day})"

    def filters(self, filters: Mapping[str, frozenset[str]], status: str, today: date) -> dict[str, str]:
        """A condition for each chosen facet. With a service, an availability is that service's."""
        found = {}
        for facet, codes in filters.items():
            if facet == "status":
                found[facet] = f"{status} = ANY(CAST({self.bind(sorted(codes))} AS text[]))"
            elif facet == AVAILABILITY and filters.get(SERVICE):
                offers = [f"{OFFER}:{service}:{each}" for service in filters[SERVICE] for each in codes]
                found[facet] = self.fresh(offers, today)
            elif facet in DATED:
                found[facet] = self.fresh([f"{facet}:{code}" for code in codes], today)
            else:
                found[facet] = self.having([f"{facet}:{code}" for code in sorted(codes)])
        return found

    @property
    def base(self) -> str:
        """The condition of words and place."""
        return " AND ".join([*self.unit_tests, self.near_test])

    def order(self, query: Query, steps: Sequence[tuple[int, float]], name: str, lot: str) -> str:
        """`steps` are the ranked units, the rarest first, with how much each counts."""
        last = f"{lot}, entry_id"
        if query.order is Sort.DISTANCE:
            return f"round(({self.miles}) * 10) NULLS LAST, {last}"
        if query.order is Sort.NAME:
            return f"name_key, {last}"
        if query.order is Sort.NEWEST:
            return f"granted_on DESC NULLS LAST, {last}"
        if not steps:
            return last
        tiers = [self.unit_tiers[unit] for unit, _ in steps]
        named = f"name_key = {self.bind(name)} DESC, "
        weights = [
            f"{step}::float8 * (CASE {tier} WHEN 0 THEN 8 WHEN 1 THEN 4 WHEN 2 THEN 2 ELSE 1 END)"
            for tier, (_, step) in zip(tiers, steps, strict=True)
        ]
        return f"{named}{' + '.join(weights)} DESC, {', '.join(tiers)}, {last}"


def facets_statement(sql: Sql, tests: Mapping[str, str], status: str, query: Query, today: date) -> str:
    """Total and counts in one statement: rows of (facet:code, number), the total with the code "total"."""
    chosen, wanted = query.filters, query.facets
    for name in (*chosen, *(wanted or ())):
        if not name.replace("-", "").isalpha():
            raise ValueError(f"{name!r} is no name of a facet.")
    names = list(tests)
    columns = "".join(f", ({tests[name]}) AS f{number}" for number, name in enumerate(names))
    # Who misses two choices or more counts nowhere; with service and availability together both may be missed.
    joint = SERVICE in tests and AVAILABILITY in tests
    missing = " + ".join(f"(NOT ({tests[name]}))::int" for name in names) or "0"
    day = sql.bind(today.isoformat())
    base = f"""WITH base AS MATERIALIZED (SELECT entry_id, codes, dated, {status} AS status_now{columns}
      FROM register_search.entry WHERE {sql.base} AND {missing} <= {2 if joint else 1}),
      matched AS (SELECT * FROM base WHERE {_passing(names)})"""
    # With a service chosen, how many have room is told of that service; and the other way round.
    both = [SERVICE, AVAILABILITY]
    apart = [*names, *(name for name in both if name not in names and set(both) & set(names))]
    parts = ["SELECT 'total' AS code, count(*) AS number FROM matched", *_of_all(day, apart, wanted)]
    for name in apart if wanted is None else [each for each in apart if each in wanted]:
        if name in both and both[1 - both.index(name)] in names:
            parts.append(_joint(sql, name, names, chosen, day))
        else:
            parts.append(_of_chosen(name, _passing(names, name), day))
    return f"{base} {' UNION ALL '.join(parts)}"


def _passing(names: Sequence[str], *without: str) -> str:
    return " AND ".join(f"f{number}" for number, name in enumerate(names) if name not in without) or "TRUE"


def _of_all(day: str, names: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    """Counts of every facet in which nothing is chosen, or of those that are wanted."""
    found = []
    if wanted is None:
        code, dated = (_unlike("code", names), _unlike("d", (*names, OFFER)))
    else:
        rest = [name for name in wanted if name not in names]
        code, dated = (_like_any("code", set(rest) - set(DATED)), _like_any("d", set(rest) & set(DATED)))
    if code:
        found.append(f"SELECT code, count(*) FROM matched, unnest(codes) code WHERE ({code}) GROUP BY 1")
    if dated:
        found.append(_dated("matched", f"({dated}) AND right(d, 10) >= {day}"))
    if "status" not in names and (wanted is None or "status" in wanted):
        found.append("SELECT 'status:' || status_now, count(*) FROM matched GROUP BY 1")
    return found


def _unlike(what: str, names: Sequence[str]) -> str:
    return " AND ".join(f"{what} NOT LIKE '{name}:%'" for name in names) or "TRUE"


def _like_any(what: str, names: Collection[str]) -> str:
    return " OR ".join(f"{what} LIKE '{name}:%'" for name in sorted(names))


def _dated(table: str, test: str) -> str:
    return f"SELECT left(d, -11), count(DISTINCT entry_id) FROM {table}, unnest(dated) d WHERE {test} GROUP BY 1"


def _of_chosen(name: str, others: str, day: str) -> str:
    """Counts of one facet in which something is chosen, over those who pass the `others`."""
    if name == "status":
        return f"SELECT 'status:' || status_now, count(*) FROM base WHERE {others} GROUP BY 1"
    if name in DATED:
        return _dated("base", f"{others} AND d LIKE '{name}:%' AND right(d, 10) >= {day}")
    return f"SELECT code, count(*) FROM base, unnest(codes) code WHERE {others} AND code LIKE '{name}:%' GROUP BY 1"


def _joint(sql: Sql, name: str, names: Sequence[str], chosen: Mapping[str, frozenset[str]], day: str) -> str:
    """Counts of services that have the chosen availability, or of what the chosen services say of theirs."""
    service, taking = "split_part(d, ':', 2)", "split_part(left(d, -11), ':', 3)"
    wanted = sql.bind(sorted(chosen[AVAILABILITY if name == SERVICE else SERVICE]))
    offers = f"d LIKE '{OFFER}:%' AND right(d, 10) >= {day}"
    if name == SERVICE:
        others = _passing(names, SERVICE, AVAILABILITY)
        test = f"{others} AND {offers} AND {taking} = ANY(CAST({wanted} AS text[])) AND 'service:' || {service} = ANY(codes)"
        return f"SELECT 'service:' || {service}, count(DISTINCT entry_id) FROM base, unnest(dated) d WHERE {test} GROUP BY 1"
    test = f"{_passing(names, AVAILABILITY)} AND {offers} AND {service} = ANY(CAST({wanted} AS text[]))"
    return f"SELECT '{AVAILABILITY}:' || {taking}, count(DISTINCT entry_id) FROM base, unnest(dated) d WHERE {test} GROUP BY 1"
