"""How far what answers one framework answers another: what frameworks say of each other, both ways, and nothing more."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations

from app.domain.crosslinks import Extent, MapsTo
from app.domain.framework import Criterion, Framework
from app.domain.matching import matches, successors


@dataclass(frozen=True, slots=True)
class Place:
    """A criterion or a node in one edition of a framework. `whole` is true for a node."""

    framework: str
    edition: str
    code: str
    whole: bool = False

    @property
    def of(self) -> tuple[str, str]:
        """The framework and its edition."""
        return self.framework, self.edition


@dataclass(frozen=True, slots=True)
class Link:
    """What answers the criterion `source` answers the criterion `target`, as far as `extent` says.

    `through` is the node that was named in place of one of the two, None where both were named.
    """

    source: Place
    target: Place
    extent: Extent
    through: Place | None = None


class Lack(StrEnum):
    """Why a link leads nowhere."""

    FRAMEWORK = "framework"  # no framework of that code is here
    CODE = "code"  # it is here, and has neither a criterion nor a node of that code
    ITSELF = "itself"  # a framework that maps to itself says nothing


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A link that leads nowhere here. That is no mistake where the other framework is published elsewhere."""

    source: Place
    to: MapsTo
    lacks: Lack


@dataclass(frozen=True, slots=True)
class Declared:
    """One link as a framework declares it: from a criterion to a criterion or, where `target.whole`, to a node."""

    source: Place
    target: Place
    extent: Extent


@dataclass(frozen=True, eq=False)
class CrossWalk:
    """The links among some editions. Nodes stay folded, so that a link to a whole framework costs no more than another.

    A full link is full in the direction in which it is declared and partial in the other, unless the other framework
    declares it full too. A link to a node says something of each criterion in it, all of none: it is partial both ways.
    Two links in a row make no third.
    """

    frameworks: tuple[Framework, ...]
    declared: tuple[Declared, ...]
    unresolved: tuple[Unresolved, ...]

    @cached_property
    def _by_source(self) -> Mapping[Place, list[Declared]]:
        return _grouped((each.source, each) for each in self.declared)

    @cached_property
    def _by_target(self) -> Mapping[Place, list[Declared]]:
        return _grouped((each.target, each) for each in self.declared)

    @cached_property
    def _editions(self) -> Mapping[tuple[str, str], Framework]:
        return {(each.code, each.edition): each for each in self.frameworks}

    def edition(self, place: Place) -> Framework:
        """The edition that a place of this walk is in."""
        return self._editions[place.framework, place.edition]

    def above(self, place: Place) -> tuple[Place, ...]:
        """The nodes that a criterion stands under."""
        path = self.edition(place).node_of(place.code)
        return tuple(Place(place.framework, place.edition, node.code, whole=True) for node in path)

    @cached_property
    def _unfolded(self) -> dict[Place, tuple[Place, ...]]:
        return {}

    def within(self, place: Place) -> tuple[Place, ...]:
        """The criteria that a place stands for: itself, or all those under the node."""
        if not place.whole:
            return (place,)
        if place not in self._unfolded:
            below = self.edition(place).within((place.code,))
            self._unfolded[place] = tuple(Place(place.framework, place.edition, each.code) for each in below)
        return self._unfolded[place]

    def into(self, here: Place) -> tuple[Link, ...]:
        """What answers `here`, a criterion: one link from each other criterion, the strongest; full ones first."""
        found: dict[Place, Link] = {}
        for link in self._all_into(here):
            known = found.get(link.source)
            if known is None or strength(link) > strength(known):
                found[link.source] = link
        return tuple(sorted(found.values(), key=strength, reverse=True))

    def _all_into(self, here: Place) -> Iterator[Link]:
        for each in self._by_target.get(here, ()):
            yield Link(each.source, here, each.extent)
        for node in self.above(here):
            for each in self._by_target.get(node, ()):
                yield Link(each.source, here, Extent.PARTIAL, through=node)
        for each in self._by_source.get(here, ()):
            through = each.target if each.target.whole else None
            for source in self.within(each.target):
                yield Link(source, here, Extent.PARTIAL, through)

    def extents(self, other: Framework, answered: Collection[Place]) -> dict[str, Extent]:
        """How far the criteria in `answered` answer each criterion of `other`, by code; without those they do not touch."""
        edition = (other.code, other.edition)
        found = {place.code: Extent.PARTIAL for place in self._partly(frozenset(answered)) if place.of == edition}
        full = [
            each.target.code
            for source in answered
            for each in self._by_source.get(source, ())
            if each.extent is Extent.FULL and each.target.of == edition
        ]
        return found | dict.fromkeys(full, Extent.FULL)

    def _partly(self, answered: frozenset[Place]) -> set[Place]:
        """Every criterion that is linked, in whichever direction, to one of these or to a node that one stands under."""
        named = {each.target for source in answered for each in self._by_source.get(source, ())}
        touched = answered | {node for place in answered for node in self.above(place)}
        naming = {each.source for place in touched for each in self._by_target.get(place, ())}
        return naming | {below for place in named for below in self.within(place)}


def strength(link: Link) -> tuple[bool, bool]:
    """What of two links says more: a full one, then one that names the criterion itself."""
    return link.extent is Extent.FULL, link.through is None


def links(frameworks: Sequence[Framework]) -> CrossWalk:
    """What these editions say of each other. Of two editions of one framework the older comes first.

    Between editions, a criterion stands for what it was (app.domain.matching): in full where the wording is the same
    and nothing was merged into it or split from it.
    """
    declared: dict[tuple[Place, Place], Declared] = {}
    unresolved: list[Unresolved] = []
    by_code: dict[str, list[Framework]] = defaultdict(list)
    for framework in frameworks:
        by_code[framework.code].append(framework)
    for link in _said(frameworks, {code: [_places(each) for each in found] for code, found in by_code.items()}):
        if isinstance(link, Unresolved):
            unresolved.append(link)
        else:
            _keep(declared, link)
    for editions in by_code.values():
        for older, newer in combinations(editions, 2):
            for same in _between_editions(older, newer):
                _keep(declared, same)
    return CrossWalk(tuple(frameworks), tuple(declared.values()), tuple(unresolved))


def _places(framework: Framework) -> dict[str, Place]:
    """Every place of an edition by its code; a criterion goes before a node of the same code."""
    nodes = {node.code: Place(framework.code, framework.edition, node.code, whole=True) for node in framework.nodes}
    return nodes | {criterion.code: place_of(framework, criterion) for criterion in framework.criteria}


def _said(
    frameworks: Sequence[Framework], known: Mapping[str, Sequence[Mapping[str, Place]]]
) -> Iterator[Declared | Unresolved]:
    for framework in frameworks:
        for criterion in framework.criteria:
            for to in criterion.maps_to:
                yield from _resolved(place_of(framework, criterion), to, known)


def _keep(declared: dict[tuple[Place, Place], Declared], link: Declared) -> None:
    """The same two named twice count once, with what says more."""
    known = declared.get((link.source, link.target))
    if known is None or known.extent is Extent.PARTIAL:
        declared[link.source, link.target] = link


def _resolved(
    source: Place, to: MapsTo, known: Mapping[str, Sequence[Mapping[str, Place]]]
) -> Iterator[Declared | Unresolved]:
    if to.framework == source.framework:
        yield Unresolved(source, to, Lack.ITSELF)
        return
    if to.framework not in known:
        yield Unresolved(source, to, Lack.FRAMEWORK)
    for places in known.get(to.framework, ()):
        target = places.get(to.code)
        if target is None:
            yield Unresolved(source, to, Lack.CODE)
        else:
            yield Declared(source, target, Extent.PARTIAL if target.whole else to.extent)


def _between_editions(older: Framework, newer: Framework) -> Iterator[Declared]:
    origins = matches(older, newer)
    heirs = successors(origins)
    for criterion in newer.criteria:
        for code in origins[criterion.code]:
            was = older.criterion(code)
            alone = len(origins[criterion.code]) == 1 == len(heirs[code])
            extent = Extent.FULL if alone and was.text == criterion.text else Extent.PARTIAL
            yield Declared(place_of(older, was), place_of(newer, criterion), extent)
            yield Declared(place_of(newer, criterion), place_of(older, was), extent)


def place_of(framework: Framework, criterion: Criterion) -> Place:
    return Place(framework.code, framework.edition, criterion.code)


def _grouped(pairs: Iterable[tuple[Place, Declared]]) -> dict[Place, list[Declared]]:
    found: dict[Place, list[Declared]] = defaultdict(list)
    for place, each in pairs:
        found[place].append(each)
    return dict(found)


# --- One framework beside another: for people to read ---


@dataclass(frozen=True, slots=True)
class Row:
    """Two places that are linked. `outward` says how far what answers `here` answers `there`, `inward` the other way."""

    here: Place
    there: Place
    outward: Extent
    inward: Extent


def beside(walk: CrossWalk, here: Framework, there: Framework) -> tuple[Row, ...]:
    """Every link between two editions of a walk, once, as far as each side says, in the reading order of `here`."""
    outward, inward = _from_to(walk, here, there), _from_to(walk, there, here)
    pairs = {**dict.fromkeys(outward), **dict.fromkeys((mine, other) for other, mine in inward)}
    order, other_order = _reading_order(here), _reading_order(there)
    return tuple(
        Row(mine, other, outward.get((mine, other), Extent.PARTIAL), inward.get((other, mine), Extent.PARTIAL))
        for mine, other in sorted(pairs, key=lambda pair: (order[pair[0]], other_order[pair[1]]))
    )


def _from_to(walk: CrossWalk, here: Framework, there: Framework) -> dict[tuple[Place, Place], Extent]:
    ends = (here.code, here.edition), (there.code, there.edition)
    return {
        (each.source, each.target): each.extent for each in walk.declared if (each.source.of, each.target.of) == ends
    }


def _reading_order(framework: Framework) -> dict[Place, int]:
    places: list[Place] = []
    for node in framework.nodes:
        places.append(Place(framework.code, framework.edition, node.code, whole=True))
        places += [place_of(framework, criterion) for criterion in node.criteria]
    return {place: number for number, place in enumerate(places)}
