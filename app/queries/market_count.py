"""Counting the market: one pass over the approvals of the day, into arrays by place and service, for client groups at once.

A figure of a place and a service stands at the cell `place * services + service`. What is read is written down as rows of
numbers and added up by the ten thousand, since a million of them one by one would take a minute.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, select

from app.backends.geography import ICB, REGION, councils, group_names, icbs_of, present_code, regions_of
from app.domain.lifecycle import CURRENT
from app.domain.market import MONTHS, Tally, ends_within, month_limits
from app.domain.offers import STALE_AFTER, Taking
from app.extensions import db
from app.models import RegisterEntry
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles

if TYPE_CHECKING:
    from app.backends.search_store import Numbers

EVERYWHERE = ""
ANY = ""
BATCH = 5_000
ADDED_UP = 50_000  # rows, from which on they are added to the figures
FIGURES = 5 + len(MONTHS)
PROVIDERS, ROOM, WAITING, SAID, FREE, ENDING = range(6)
CAPACITY_BITS = 17  # above MOST_PEOPLE
NEVER = len(MONTHS)
TAKINGS = {Taking.FULL.value: 0, Taking.NOW.value: 1, Taking.WAITING_LIST.value: 2}
NOTHING_SAID = (0, 0, 0)


@dataclass(frozen=True)
class Layout:
    """Which place, service and group stands where. `services` ends with ANY and `groups` begins with ANY."""

    places: Mapping[str, int]
    services: Mapping[str, int]
    groups: Mapping[str, int]

    @property
    def cells(self) -> int:
        return len(self.places) * len(self.services)

    def cell(self, place: str, service: str) -> int:
        """Raises KeyError for what is not known."""
        return self.places[place] * len(self.services) + self.services[service]


@lru_cache(maxsize=1)
def layout() -> Layout:
    """As the lists of this code have it."""
    return Layout(
        _numbered((EVERYWHERE, *group_names(REGION), *group_names(ICB), *councils())),
        _numbered((*titles(SERVICES), ANY)),
        _numbered((ANY, *titles(CLIENT_GROUPS))),
    )


def _numbered(codes: Iterable[str]) -> dict[str, int]:
    return {code: number for number, code in enumerate(codes)}


@dataclass(frozen=True)
class Counted:
    """The market of one client group. `figures` is int64 by figure and cell. `capacities` are pairs of a cell and a
    number of places, in ascending order, written as one number; `numbers` how many providers have each.
    """

    figures: Numbers
    capacities: Numbers
    numbers: Numbers

    def providers(self, cell: int) -> int:
        return int(self.figures[PROVIDERS, cell])

    def tally(self, cell: int) -> Tally:
        """All that there is of one service in one place."""
        told = self.figures[:, cell].tolist()
        first, last = self.capacities.searchsorted([cell << CAPACITY_BITS, (cell + 1) << CAPACITY_BITS])
        tally = Tally(*told[:ENDING], ending=told[ENDING:])
        sizes = self.capacities[first:last] - (cell << CAPACITY_BITS)
        tally.capacities.update(dict(zip(sizes.tolist(), self.numbers[first:last].tolist(), strict=True)))
        return tally


def count_market(groups: Sequence[str], today: date) -> dict[str, Counted]:
    """The market as of today for each of these client groups, ANY among them for everybody. One statement, one pass."""
    counter = _Counter(groups, today)
    for _, entries in groupby(_approved(today), key=lambda row: row.organisation_id):
        counter.add(list(entries))
    return counter.counted()


def _approved(today: date) -> Iterator[Any]:
    """Every entry whose approval holds, those of one organisation one after another; lists as the JSON that they are."""
    entry = RegisterEntry
    listed = (entry.services, entry.areas, entry.client_groups, entry.offers)
    yield from db.session.execute(
        select(entry.organisation_id, entry.area_code, entry.expires_on, *(cast(each, Text) for each in listed))
        .where(entry.status.in_(CURRENT), entry.expires_on >= today)
        .order_by(entry.organisation_id),
        execution_options={"yield_per": BATCH},
    )


@dataclass
class _Entry:
    """One approval in numbers: `within` as ends_within has it, `groups` as bits; `said` of each service what counts."""

    services: list[int]
    areas: int
    within: int
    groups: int
    said: dict[int, tuple[int, int, int]]


@dataclass
class _Rows:
    """One organisation in one service each: the set of its places, what it says, when its award ends, for which groups."""

    areas: list[int] = field(default_factory=list)
    services: list[int] = field(default_factory=list)
    within: list[int] = field(default_factory=list)
    said: list[tuple[int, int, int]] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)


class _Counter:
    """Counts each organisation once in each place and service, however many schemes approved it."""

    def __init__(self, groups: Sequence[str], today: date) -> None:
        import numpy as np

        self._layout = layout()
        self._bits = {group: 1 << self._layout.groups[group] for group in groups}
        self._any = self._layout.services[ANY]
        self._limits, self._oldest = month_limits(today), (today - STALE_AFTER).isoformat()
        self._ends: dict[date, int] = {}
        self._masks: dict[str, int] = {}
        self._set_of_text: dict[tuple[str, str], int] = {}
        self._set_of: dict[frozenset[str], int] = {}
        self._sets: list[frozenset[str]] = []
        self._rows = _Rows()
        self._figures = {group: np.zeros((FIGURES, self._layout.cells), np.int64) for group in groups}
        self._capacities: dict[str, list[tuple[Numbers, Numbers]]] = {group: [] for group in groups}

    def add(self, rows: Sequence[Any]) -> None:
        entries = [self._entry(row) for row in rows]
        if len(entries) == 1:
            self._write(entries, entries[0].groups)
        else:
            for mask in _alike(entries, self._bits.values()):
                self._write([entry for entry in entries if entry.groups & mask], mask)
        if len(self._rows.areas) >= ADDED_UP:
            self._add_up()

    def _entry(self, row: Any) -> _Entry:
        _, area_code, expires_on, services, areas, groups, offers = row
        known = self._layout.services
        within = self._ends.get(expires_on)
        if within is None:
            found = ends_within(expires_on, self._limits)
            within = self._ends[expires_on] = NEVER if found is None else found
        mask = self._masks.get(groups)
        if mask is None:
            named = {ANY, *json.loads(groups)}
            mask = self._masks[groups] = sum(bit for group, bit in self._bits.items() if group in named)
        place = self._set_of_text.get((areas, area_code))
        if place is None:
            place = self._number(frozenset(json.loads(areas) or [area_code]))
            self._set_of_text[areas, area_code] = place
        own = [*(known[each] for each in json.loads(services) if each in known), self._any]
        return _Entry(own, place, within, mask, self._said(offers))

    def _number(self, areas: frozenset[str]) -> int:
        if areas not in self._set_of:
            self._set_of[areas] = len(self._sets)
            self._sets.append(areas)
        return self._set_of[areas]

    def _said(self, offers: str) -> dict[int, tuple[int, int, int]]:
        """What was said of each service and still counts: whom it takes, how many places it has, how many are free."""
        if offers == "[]":
            return {}
        known = self._layout.services
        return {
            known[each["service"]]: (TAKINGS[each["taking"]], each.get("capacity") or 0, each.get("free") or 0)
            for each in json.loads(offers)
            if each["said_on"] >= self._oldest and each["service"] in known
        }

    def _write(self, entries: Sequence[_Entry], mask: int) -> None:
        """Write one organisation down, once a service: its last end, all its areas, and what any of its entries says."""
        if not mask:
            return
        rows = self._rows
        said = {service: told for entry in entries for service, told in entry.said.items()}
        found: dict[int, tuple[int, int]] = {}
        for entry in entries:
            for service in entry.services:
                areas, within = found.get(service, (entry.areas, entry.within))
                if areas != entry.areas:
                    areas = self._number(self._sets[areas] | self._sets[entry.areas])
                found[service] = areas, max(within, entry.within)
        for service, (areas, within) in found.items():
            rows.areas.append(areas)
            rows.services.append(service)
            rows.within.append(within)
            rows.said.append(said.get(service, NOTHING_SAID))
            rows.groups.append(mask)

    def _add_up(self) -> None:
        """Add the rows to the figures of every place that they count in."""
        import numpy as np

        if not self._rows.areas:
            return
        rows, self._rows = self._rows, _Rows()
        areas, services, within, groups = map(np.array, (rows.areas, rows.services, rows.within, rows.groups))
        said = np.array(rows.said, np.int64)
        numbers, places = self._places_of(areas)
        cells = places * len(self._layout.services) + services[numbers]
        for group, bit in self._bits.items():
            ours = (groups & bit != 0)[numbers]
            self._add_group(group, cells[ours], within[numbers[ours]], said[numbers[ours]])

    def _places_of(self, areas: Numbers) -> tuple[Numbers, Numbers]:
        """Each row's number as often as it has places, and these places."""
        import numpy as np

        known, place = np.unique(areas, return_inverse=True)
        sets = [_places(self._sets[each]) for each in known.tolist()]
        sizes = np.array([len(each) for each in sets])
        starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        flat = np.array([each for places in sets for each in places], np.int64)
        lengths = sizes[place]
        numbers = np.repeat(np.arange(len(areas)), lengths)
        firsts = np.cumsum(lengths) - lengths
        return numbers, flat[np.arange(len(numbers)) - firsts[numbers] + starts[place[numbers]]]

    def _add_group(self, group: str, cells: Numbers, within: Numbers, said: Numbers) -> None:
        import numpy as np

        taking, capacity, free = said.T
        size, figures = self._layout.cells, self._figures[group]
        chosen = {PROVIDERS: slice(None), ROOM: taking == 1, WAITING: taking == 2, SAID: capacity > 0}
        chosen |= {ENDING + months: within <= months for months in range(len(MONTHS))}
        for figure, which in chosen.items():
            figures[figure] += np.bincount(cells[which], minlength=size)
        figures[FREE] += np.rint(np.bincount(cells, free, minlength=size)).astype(np.int64)
        told = capacity > 0
        self._capacities[group].append(
            np.unique((cells[told] << CAPACITY_BITS) + capacity[told], return_counts=True)  # type: ignore[arg-type]
        )

    def counted(self) -> dict[str, Counted]:
        self._add_up()
        return {group: Counted(self._figures[group], *_joined(self._capacities[group])) for group in self._bits}


@lru_cache(maxsize=20_000)
def _places(areas: frozenset[str]) -> tuple[int, ...]:
    """Every place in which somebody counts who works in these councils. Many work in the same ones."""
    known = layout().places
    present = {present_code(code) for code in areas if code}
    codes = (EVERYWHERE, *present, *regions_of(present), *icbs_of(present))
    return tuple(known[code] for code in codes if code in known)


def _alike(entries: Sequence[_Entry], bits: Iterable[int]) -> list[int]:
    """Groups, as bits, put together where the same entries are for them."""
    found: dict[tuple[bool, ...], int] = {}
    for bit in bits:
        key = tuple(bool(entry.groups & bit) for entry in entries)
        if any(key):
            found[key] = found.get(key, 0) | bit
    return list(found.values())


def _joined(parts: Sequence[tuple[Numbers, Numbers]]) -> tuple[Numbers, Numbers]:
    import numpy as np

    if not parts:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    keys, place = np.unique(np.concatenate([each for each, _ in parts]), return_inverse=True)
    numbers = np.concatenate([each for _, each in parts])
    return keys, np.rint(np.bincount(place, numbers, minlength=len(keys))).astype(np.int64)
