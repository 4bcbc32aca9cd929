"""What somebody means who types the name of a place: a town, a council, a county, a region or an integrated care board."""

from __future__ import annotations

import csv
import sqlite3
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process

from app.backends.geography import ICB, REGION, Council, Group, councils, councils_of, groups
from app.domain.places import Place

FAR_LARGER = 10  # times the people of all others of its name: the town that is meant without asking
ALIKE = 78  # of 100: how alike a name must be to be offered for one that is not known
MOST_OFFERED = 6
A_COUNCIL = 150_000  # people, about: what a council without a town of its name weighs against villages of that name
A_CITY = 1_000_000
COUNCIL_AREA = "council area"
LEFT_OUT = frozenset({"the", "of", "city", "council", "borough", "county", "district", "and", "royal", "metropolitan"})


@dataclass(frozen=True, slots=True)
class Wide:
    """A place too wide to be near to: every council of it. `code` and `kind` are those of its Group."""

    label: str
    kind: str
    code: str
    councils: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """What was understood of a place as typed: a point, or a wide place, or a `problem` in a sentence.

    `note` says what was taken instead of what was typed; `others` are texts that lead to what else may have been meant.
    """

    place: Place | None = None
    wide: Wide | None = None
    problem: str = ""
    note: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """One meaning of a name: a town, or a council (then `wide`) that has no town of its name."""

    name: str
    area: str
    people: int
    place: Place | None
    wide: Wide | None = None

    @property
    def label(self) -> str:
        return self.wide.label if self.wide else self.place.label if self.place else self.name


def plain(name: str) -> str:
    """A place's name without case, accents, punctuation and the words that people leave out."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(letter)
    )
    words = "".join(letter if letter.isalnum() else " " for letter in bare.replace("'", "").replace("’", "")).split()
    words = ["saint" if word == "st" else word for word in words]
    left_out = LEFT_OUT | {"london"} if "borough" in words else LEFT_OUT
    return " ".join([word for word in words if word not in left_out] or words)


def _town(name: str, easting: int, northing: int, area: str, people: int) -> _Known:
    council = councils().get(area)
    region = groups()[council.region].name if council and council.region else ""
    near = council.name if council and plain(name) not in (plain(council.name), plain(region)) else ""
    label = f"{name}, {near}" if near else name
    return _Known(name, area, people, Place(label, easting, northing, area))


class Gazetteer:
    """The names of an installation's places, from the towns that it knows: (name, easting, northing, council, people)."""

    def __init__(self, towns: Iterable[tuple[str, int, int, str, int]]) -> None:
        self._known: dict[str, list[_Known]] = {}
        for row in towns:
            self._known.setdefault(plain(row[0]), []).append(_town(*row))
        self._add_other_names()
        self._add_councils()
        self._known = {key: _largest_of_each_council(named) for key, named in self._known.items()}
        self._wide = dict(_wide_names())
        self._labels = sorted(self._all_labels())
        self._keys = [key for key, _, _ in self._labels]

    def _add_other_names(self) -> None:
        """Welsh names, and the short ones that everybody uses."""
        for other, name, council in _other_names():
            towns = [town for town in self._known.get(plain(name), []) if town.area == council]
            self._known.setdefault(plain(other), []).extend(towns)

    def _add_councils(self) -> None:
        """A council's name means its town, where it has one of that name; else the whole of the council."""
        for council in councils().values():
            town = next((each for each in self._known.get(plain(council.name), []) if each.area == council.code), None)
            meant = town or _Known(council.name, council.code, A_COUNCIL, None, _council(council))
            for name in {council.name, council.welsh} - {""}:
                named = self._known.setdefault(plain(name), [])
                if meant not in named:
                    named.append(meant)

    def find(self, text: str) -> Located | None:
        """The place of that name; None where no name is like it. A name of several places is a problem with `others`."""
        name, _, within = text.partition(",")
        if plain_end := text.lower().strip().removesuffix(COUNCIL_AREA).strip():
            whole = next((each for each in councils().values() if plain(each.name) == plain(plain_end)), None)
            if whole and text.lower().strip().endswith(COUNCIL_AREA):
                return Located(wide=_council(whole))
        wide = self._wide.get(plain(text))
        known = self._known.get(plain(text)) or (self._within(plain(name), within) if within else [])
        if wide and not (known and (wide.kind == ICB or known[0].people >= A_CITY)):
            return Located(wide=wide, others=tuple(each.label for each in known[:MOST_OFFERED]))
        return _one_of(known, text, wide) if known else None

    def _within(self, key: str, within: str) -> list[_Known]:
        """The towns of a name in the council, county, region or nation that stands behind the comma."""
        wanted = plain(within)
        return [town for town in self._known.get(key, []) if wanted in _around(town.area)]

    def alike(self, text: str) -> tuple[str, ...]:
        """Labels of the places whose names are most like one that is not known, the likest and largest first."""
        found = process.extract(plain(text), self._keys, scorer=fuzz.ratio, limit=20, score_cutoff=ALIKE)
        best = sorted((-score, -self._labels[index][1], self._labels[index][2]) for _, score, index in found)
        return tuple(dict.fromkeys(label for _, _, label in best))[:3]

    def beginning(self, text: str, limit: int = 8) -> tuple[str, ...]:
        """Labels of the places that begin as typed, the largest first."""
        start = plain(text)
        if not start:
            return ()
        first, last = bisect_left(self._keys, start), bisect_left(self._keys, start + "\uffff")
        best = sorted(self._labels[first:last], key=lambda each: (-each[1], each[2]))
        return tuple(dict.fromkeys(label for _, _, label in best))[:limit]

    def _all_labels(self) -> Iterator[tuple[str, int, str]]:
        """(key, people, label) of everything that can be typed."""
        for key, named in self._known.items():
            yield from ((key, each.people, each.label) for each in named)
        yield from ((key, A_CITY, wide.label) for key, wide in self._wide.items())


def _one_of(known: Sequence[_Known], text: str, wide: Wide | None) -> Located:
    first, others = known[0], [each.label for each in known[1:]] + ([wide.label] if wide else [])
    if first.people >= FAR_LARGER * sum(each.people for each in known[1:]):
        if first.place and (council := councils().get(first.area)) and plain(council.name) == plain(first.name):
            others.insert(0, f"{council.name} {COUNCIL_AREA}")
        return Located(first.place, first.wide, others=tuple(others)[:MOST_OFFERED])
    problem = f"There are several places called {' '.join(text.split())}. Choose one of them."
    labels = [_unmistakable(each, known) for each in known] + ([wide.label] if wide else [])
    return Located(problem=problem, others=tuple(dict.fromkeys(labels))[:MOST_OFFERED])


def _largest_of_each_council(named: Iterable[_Known]) -> list[_Known]:
    """The largest first; of two in one council, which no label could tell apart, the larger alone."""
    found: dict[str, _Known] = {}
    for known in sorted(named, key=lambda known: (-known.people, known.label)):
        found.setdefault(known.area, known)
    return list(found.values())


def _unmistakable(known: _Known, among: Sequence[_Known]) -> str:
    """A label that leads to this place and to no other of its name."""
    council = councils().get(known.area)
    if known.wide or council is None or known.label != known.name:
        return f"{known.label} {COUNCIL_AREA}" if known.wide else known.label
    for code in (council.county, council.region):
        group = groups().get(code)
        if group and not any(plain(group.name) in _around(each.area) for each in among if each is not known):
            return f"{known.name}, {group.name}"
    return f"{known.name} {COUNCIL_AREA}"


def _council(council: Council) -> Wide:
    return Wide(council.name, "council", council.code, (council.code,))


def _around(area: str) -> frozenset[str]:
    council = councils().get(area)
    if council is None:
        return frozenset()
    known = groups()
    above = {known[code].name for code in (council.region, council.county) if code in known}
    return frozenset(plain(name) for name in {council.name, council.welsh, *above} if name)


@lru_cache(maxsize=1)
def _other_names() -> tuple[tuple[str, str, str], ...]:
    with Path(__file__).with_name("other_names.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["other"], row["name"], row["council"]) for row in csv.DictReader(file))


def _wide_names() -> Iterator[tuple[str, Wide]]:
    """Regions, counties and care boards by the names that people give them, also of boards that have ended."""
    said: dict[str, Wide] = {}
    # Where a county or a region has the name of a care board, that is what the bare name means.
    for group in sorted(groups().values(), key=lambda each: (each.end is None, each.kind != ICB, each.kind == REGION)):
        wide = Wide(_wide_label(group), group.kind, group.code, councils_of(group.code))
        said |= dict.fromkeys(_names_of(group), wide)
    yield from said.items()


def _wide_label(group: Group) -> str:
    return f"{group.name} region" if group.kind == REGION and group.code.startswith("E") else group.title


def _names_of(group: Group) -> set[str]:
    names = {group.name, group.welsh, _wide_label(group)} - {""}
    if group.kind == ICB:
        names |= {f"{nhs}{group.name}{end}" for nhs in ("", "NHS ") for end in ("", " ICB", " Integrated Care Board")}
    return {plain(name) for name in names}


def read_gazetteer(land: Path) -> Gazetteer:
    """The names in the file of land. Raises sqlite3.Error where it is missing."""
    with closing(sqlite3.connect(f"file:{land}?mode=ro&immutable=1", uri=True)) as ground:
        return Gazetteer(ground.execute("SELECT name, easting, northing, area, people FROM town"))
