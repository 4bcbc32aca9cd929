"""How the councils of the United Kingdom lie together: regions, counties, integrated care boards; and councils that are gone.

Three tables stand beside this file. `areas.csv` has each council with its region, its county and its Welsh name,
`area_groups.csv` names the groups, `council_icbs.csv` says which councils an integrated care board covers. Codes are those
of the Office for National Statistics (ONS), as of April 2026; `former_areas.csv` leads from a code that ended to the
council that took over. What could be checked of them, and what could not, is in docs/searching.md.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

REGION = "region"
COUNTY = "county"
ICB = "icb"
KINDS = (REGION, COUNTY, ICB)


@dataclass(frozen=True, slots=True)
class Council:
    """A council of today. `region` is the nation outside England; `county` is "" where no county council is above it."""

    code: str
    name: str
    region: str
    county: str
    welsh: str


@dataclass(frozen=True, slots=True)
class Group:
    """A region (or nation), a county with districts, or an integrated care board, with the days of its life where known."""

    code: str
    kind: str
    name: str
    welsh: str
    start: date | None
    end: date | None

    @property
    def title(self) -> str:
        return f"NHS {self.name} ICB" if self.kind == ICB else self.name


@dataclass(frozen=True, slots=True)
class Former:
    """A council, or only its code, that ended on the day `end`, and the code of its successor."""

    code: str
    name: str
    end: date
    successor: str


@lru_cache(maxsize=1)
def councils() -> Mapping[str, Council]:
    """Every council of today by its code."""
    return {row["code"]: Council(**row) for row in _rows("areas.csv")}


@lru_cache(maxsize=1)
def groups() -> Mapping[str, Group]:
    """Every region, county and integrated care board by its code, those that ended among them."""
    return {
        row["code"]: Group(row["code"], row["kind"], row["name"], row["welsh"], _day(row["start"]), _day(row["end"]))
        for row in _rows("area_groups.csv")
    }


@lru_cache(maxsize=1)
def former_areas() -> Mapping[str, Former]:
    """Codes of councils that are no longer, by code."""
    return {
        row["code"]: Former(row["code"], row["name"], date.fromisoformat(row["end"]), row["successor"])
        for row in _rows("former_areas.csv")
    }


def present_code(council: str) -> str:
    """The code under which a council, or the one that took over from it, goes today."""
    former = former_areas().get(council)
    return former.successor if former else council


def regions_of(area_codes: Iterable[str]) -> tuple[str, ...]:
    """The regions in which councils lie, each once, in the order of codes. Codes that are not known are left out."""
    known = _regions()
    return tuple(sorted({known[code] for code in area_codes if code in known}))


def icbs_of(area_codes: Iterable[str]) -> tuple[str, ...]:
    """The integrated care boards of today that cover councils or parts of them, each once, in the order of codes."""
    known = _icbs()
    return tuple(sorted({icb for code in area_codes for icb in known.get(code, ())}))


def councils_of(group: str) -> tuple[str, ...]:
    """The councils of a region, a county or an integrated care board, also of one that has ended; () where not known."""
    return _members().get(group, ())


def present_groups(group: str) -> tuple[str, ...]:
    """The groups that stand today where `group` stood: itself, or the care boards that took over from it."""
    known = groups().get(group)
    if known is None:
        return ()
    return tuple(sorted(_successors().get(group, ()))) if known.end else (group,)


def group_names(kind: str) -> dict[str, str]:
    """The titles of the groups of a kind that stand today, by code, in the order of titles."""
    found = [(group.code, group.title) for group in groups().values() if group.kind == kind and group.end is None]
    return dict(sorted(found, key=lambda each: each[1]))


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    today = {council.code: council.region for council in councils().values() if council.region}
    return today | {each.code: today[each.successor] for each in former_areas().values()}


@lru_cache(maxsize=1)
def _icbs() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for row in _rows("council_icbs.csv"):
        found.setdefault(row["council"], set()).add(row["icb"])
    today = {code: tuple(sorted(codes)) for code, codes in found.items()}
    return today | {each.code: today[each.successor] for each in former_areas().values() if each.successor in today}


@lru_cache(maxsize=1)
def _members() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for council in councils().values():
        found.setdefault(council.region, set()).add(council.code)
        found.setdefault(council.county, set()).add(council.code)
    for row in _rows("council_icbs.csv"):
        found.setdefault(row["icb"], set()).add(row["council"])
        found.setdefault(row["icb_before"], set()).add(row["council"])
    return {code: tuple(sorted(codes)) for code, codes in found.items() if code}


@lru_cache(maxsize=1)
def _successors() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in _rows("council_icbs.csv"):
        found.setdefault(row["icb_before"], set()).add(row["icb"])
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
