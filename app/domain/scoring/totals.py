"""The sum: criteria up through the tree, in stages or flat, to the share of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from app.domain.framework import Framework, Method, Node, Rounding

Number = int | Fraction


class Part(NamedTuple):
    """What one thing below contributes: its weight, and the points earned out of those possible (above 0)."""

    weight: Number
    earned: Number
    possible: Number


@dataclass(frozen=True, slots=True)
class NodeTotal:
    """`share` is None where nothing below counts."""

    node: Node
    share: Fraction | None
    method: Method
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The share of each node by code, and of the whole: `exact`, and `share` after the framework's rounding."""

    exact: Fraction | None
    share: Fraction | None
    nodes: Mapping[str, NodeTotal]


@dataclass(slots=True)
class _Sum:
    """Walks the tree once for one set of points, remembering every node's total on the way."""

    framework: Framework
    points: Mapping[str, int]
    methods: dict[str, Method]
    nodes: dict[str, NodeTotal] = field(default_factory=dict)

    def parts_of(self, node: Node, above: Method) -> list[Part]:
        """What a node hands up: itself as one part where its name is a stage, else all its parts unsummed."""
        method = self.methods.get(node.kind, above)
        parts = [
            Part(_plain(criterion.weight), self.points[criterion.code], criterion.scale.maximum)
            for criterion in node.criteria
            if criterion.code in self.points
        ]
        self.nodes[node.code] = NodeTotal(node, None, method, ())  # its place in reading order, before its children
        for child in node.children:
            parts += self.parts_of(child, method)
        summed = sum_up(parts, method)
        self.nodes[node.code] = NodeTotal(node, _share(summed), method, tuple(parts))
        if node.kind not in self.methods:
            return parts
        return [Part(_plain(node.weight), *summed)] if summed else []


def totals(framework: Framework, points: Mapping[str, int]) -> Totals:
    """The totals over the criteria in `points` (code -> point); all others leave both sides of every sum."""
    stages = framework.outcome.stages
    whole = stages[-1].method
    walk = _Sum(framework, points, {stage.of: stage.method for stage in stages})
    parts = [part for root in framework.roots for part in walk.parts_of(root, whole)]
    exact = _share(sum_up(parts, whole))
    return Totals(exact, None if exact is None else rounded(exact, framework.outcome.rounding), walk.nodes)


def sum_up(parts: list[Part], method: Method) -> tuple[Number, Number] | None:
    """(earned, possible) of the parts together; None where they weigh nothing."""
    weight = sum(part.weight for part in parts)
    if not weight:
        return None
    if method is Method.MEAN:
        shares = sum((part.weight * Fraction(part.earned) / part.possible for part in parts), Fraction(0))
        return shares / weight, 1
    earned = sum(part.weight * part.earned for part in parts)
    return earned, sum(part.weight * part.possible for part in parts)


def rounded(share: Fraction, rounding: Rounding | None) -> Fraction:
    """The share rounded as the framework declares; unchanged where it declares nothing."""
    if rounding is None:
        return share
    steps = share / rounding.to
    match rounding.mode:
        case "half-up":
            whole = floor(steps + Fraction(1, 2))
        case "half-even":
            whole = round(steps)
        case "up":
            whole = ceil(steps)
        case _:
            whole = floor(steps)
    return whole * rounding.to


def _share(summed: tuple[Number, Number] | None) -> Fraction | None:
    return Fraction(summed[0]) / summed[1] if summed else None


def _plain(weight: Fraction) -> Number:
    """Whole weights as int: exact either way, and several times quicker."""
    return weight.numerator if weight.denominator == 1 else weight
