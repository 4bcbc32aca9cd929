"""What the sum is made of, and the ways in which parts are summed up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from app.domain.framework import Criterion, Limit, Method, Node, Row, Way

Number = int | Fraction


class Part(NamedTuple):
    """What one thing below contributes: its weight, and the points earned out of those possible.

    `possible` is 0 where it is judged in words, which earn nothing and are only counted. `gap` is how far it stands above
    what is expected of it, in points, below 0 where it falls short.
    """

    weight: Number
    earned: Number
    possible: Number
    met: bool
    code: str
    gap: Number = 0


class Summed(NamedTuple):
    """Earned out of possible, and the gap: what parts give together, and what a node hands up."""

    earned: Number
    possible: Number
    gap: Number = 0

    @property
    def share(self) -> Fraction:
        return Fraction(self.earned) / self.possible


@dataclass(frozen=True, slots=True)
class NodeTotal:
    """What one node got. `share` is None where nothing below earns marks.

    `marks` are points, or points above what is expected. `rating` is the rank of its rating: -1 below the lowest, None
    where it is not rated. `row` is the row of its table that decided, `limits` those that held it down, `added` the
    reasons of the modifiers that were added.
    """

    node: Node
    share: Fraction | None
    way: Way
    parts: tuple[Part, ...]
    marks: Number | None = None
    rating: int | None = None
    row: Row | None = None
    limits: tuple[Limit, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def method(self) -> Method:
        return self.way.method


@dataclass(frozen=True, slots=True)
class Totals:
    """The total of each node by code, and of the whole: `exact`, and `share` after the framework's rounding.

    `measure` is what bands and cut-offs look at: the share, or the marks where the framework adds them up.
    """

    exact: Fraction | None
    share: Fraction | None
    nodes: Mapping[str, NodeTotal]
    marks: Number | None = None
    limits: tuple[Limit, ...] = ()
    added: tuple[str, ...] = ()
    in_marks: bool = False
    way: Way = Way(Method.MEAN)
    parts: tuple[Part, ...] = ()

    @property
    def measure(self) -> Number | None:
        return self.marks if self.in_marks else self.share


def part_of(criterion: Criterion, point: int) -> Part:
    """What a criterion contributes with that point."""
    scale = criterion.scale
    earned = scale.earned(point)
    gap = 0 if criterion.expected is None else earned - scale.earned(criterion.expected)
    possible = scale.maximum if scale.counts else 0
    return Part(plain(criterion.weight), earned, possible, scale.met(point), criterion.code, gap)


def plain(weight: Fraction) -> Number:
    """Whole weights as int: exact either way, and several times quicker."""
    return weight.numerator if weight.denominator == 1 else weight


def sum_up(parts: list[Part], way: Way) -> Summed | None:
    """The parts together; None where they weigh nothing."""
    if way.method not in COUNTED:
        parts = [part for part in parts if part.possible]
    if not sum(part.weight for part in parts):
        return None
    return SUMS[way.method]([part for part in parts if part.weight], way)


def _mean(parts: list[Part], way: Way) -> Summed:
    shares = sum((part.weight * Fraction(part.earned) / part.possible for part in parts), Fraction(0))
    return Summed(shares / sum(part.weight for part in parts), 1)


def _added(parts: list[Part], way: Way) -> Summed:
    earned = sum(part.weight * part.earned for part in parts)
    return Summed(earned, sum(part.weight * part.possible for part in parts))


def _lowest(parts: list[Part], way: Way) -> Summed:
    return Summed(min(Fraction(part.earned) / part.possible for part in parts), 1)


def _highest(parts: list[Part], way: Way) -> Summed:
    return Summed(max(Fraction(part.earned) / part.possible for part in parts), 1)


def _all_of(parts: list[Part], way: Way) -> Summed:
    return Summed(int(all(part.met for part in parts)), 1)


def _at_least(parts: list[Part], way: Way) -> Summed:
    needed = way.least if way.least_share is None else way.least_share * len(parts)
    return Summed(int(sum(part.met for part in parts) >= needed), 1)


def _distance(parts: list[Part], way: Way) -> Summed:
    return _added(parts, way)._replace(gap=sum((part.weight * part.gap for part in parts), 0))


def _one(parts: list[Part], way: Way) -> Summed:
    """The mean of those that it starts from; of all where none of them counts."""
    return _mean([part for part in parts if part.code == way.base] or parts, way)


COUNTED = frozenset({Method.ALL_OF, Method.AT_LEAST})
SUMS: dict[Method, Callable[[list[Part], Way], Summed]] = {
    Method.MEAN: _mean,
    Method.SHARE_OF_MAXIMUM: _added,
    Method.SUM: _added,
    Method.LOWEST: _lowest,
    Method.HIGHEST: _highest,
    Method.ALL_OF: _all_of,
    Method.AT_LEAST: _at_least,
    Method.DISTANCE: _distance,
    Method.ONE: _one,
}
