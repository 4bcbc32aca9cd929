"""How far evidence that was given once answers another framework, counted criterion by criterion."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.domain.crosslinks import Extent
from app.domain.crosswalk import CrossWalk, Place
from app.domain.framework import Criterion, Framework, Node


@dataclass(frozen=True, slots=True)
class Counts:
    """Criteria that are answered whole, in part, or not at all. Together they are those that are asked."""

    full: int = 0
    partial: int = 0
    open: int = 0

    @property
    def total(self) -> int:
        return self.full + self.partial + self.open


@dataclass(frozen=True, slots=True)
class NodeCoverage:
    """One node with everything under it. `depth` is 0 at the top."""

    node: Node
    depth: int
    counts: Counts


@dataclass(frozen=True)
class Coverage:
    """How far work done elsewhere answers `framework`. `extents` maps a criterion's code to how far; open ones are not in it."""

    framework: Framework
    counts: Counts
    nodes: tuple[NodeCoverage, ...]
    extents: Mapping[str, Extent]


@dataclass(frozen=True)
class Work:
    """The criteria of one edition that somebody has answered with their evidence."""

    framework: Framework
    answered: frozenset[str]


def walk_for(work: Sequence[Work], other: Framework) -> tuple[Framework, ...]:
    """The editions between which links count for `other`: those of the work, without its own, and itself last.

    `work` of one framework comes older edition first, and older than `other`.
    """
    here = (other.code, other.edition)
    return (*(each.framework for each in work if (each.framework.code, each.framework.edition) != here), other)


def coverage(walk: CrossWalk, work: Sequence[Work], other: Framework, asked: Collection[str] | None = None) -> Coverage:
    """How far `work` answers `other`, by the links of `walk`, which is that of `walk_for`.

    The edition's own work does not count, that of its earlier editions does. `asked` are the codes that count; all of
    them where it is None. Nodes in which nothing is asked are left out.
    """
    done = {Place(each.framework.code, each.framework.edition, code) for each in work for code in each.answered}
    elsewhere = {place for place in done if (place.framework, place.edition) != (other.code, other.edition)}
    wanted = {criterion.code for criterion in other.criteria} if asked is None else set(asked)
    extents = {code: extent for code, extent in walk.extents(other, elsewhere).items() if code in wanted}
    nodes = tuple(node for root in other.roots for node in _nodes(root, 0, wanted, extents))
    return Coverage(other, _count(other.criteria, wanted, extents), nodes, extents)


def _nodes(node: Node, depth: int, wanted: Collection[str], extents: Mapping[str, Extent]) -> Iterator[NodeCoverage]:
    counts = _count(node.all_criteria, wanted, extents)
    if counts.total:
        yield NodeCoverage(node, depth, counts)
        for child in node.children:
            yield from _nodes(child, depth + 1, wanted, extents)


def _count(criteria: Iterable[Criterion], wanted: Collection[str], extents: Mapping[str, Extent]) -> Counts:
    found = [extents.get(criterion.code) for criterion in criteria if criterion.code in wanted]
    full, partial = found.count(Extent.FULL), found.count(Extent.PARTIAL)
    return Counts(full, partial, len(found) - full - partial)
