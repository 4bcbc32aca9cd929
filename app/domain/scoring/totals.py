"""Walks the tree once: criteria up through the stages, each node summed up and rated in its way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from app.domain.conditions import OfFacts, parts_of
from app.domain.framework import Framework, Limit, Method, Node, RateBy, Rater, Rounding, Way
from app.domain.scoring.holding import Scope
from app.domain.scoring.parts import NodeTotal, Number, Part, Summed, Totals, part_of, plain, sum_up
from app.domain.scoring.rating import rated, with_added, with_caps

MOST_KNOWN = 5_000
_Branch = tuple[Sequence[Part], Mapping[str, NodeTotal]]  # what a node hands up, and the totals of it and all below


@dataclass(slots=True)
class _Known:
    """Branches that were summed up before: levels, tries and the next save differ in few points.

    `plain` names the criteria below each node whose total rests on their points alone, not on facts or what stands elsewhere.
    """

    plain: Mapping[str, tuple[str, ...]]
    branches: dict[tuple[str, tuple[int | None, ...]], _Branch] = field(default_factory=dict)

    def keep(self, key: tuple[str, tuple[int | None, ...]], branch: _Branch) -> None:
        if len(self.branches) >= MOST_KNOWN:
            self.branches.clear()
        self.branches[key] = branch


@lru_cache(maxsize=64)
def _known(framework: Framework) -> _Known:
    ways = {stage.of: stage.way for stage in framework.outcome.stages}
    plain: dict[str, tuple[str, ...]] = {}

    def note(node: Node, above: Way) -> bool:
        """Whether the total of the node rests on points alone; it does not where that of any below it does not."""
        way = node.way or ways.get(node.kind) or above.handed_down
        below = [note(child, way) for child in node.children]
        rests = all(below) and _rests_on_points(framework.rater_of(node), way)
        if rests:
            plain[node.code] = tuple(criterion.code for criterion in node.all_criteria)
        return rests

    for root in framework.roots:
        note(root, framework.outcome.stages[-1].way)
    return _Known(plain)


def _rests_on_points(rater: Rater | None, way: Way) -> bool:
    """Whether neither facts nor what stands elsewhere in the tree can change what they give."""
    whens = [each.when for each in way.add]
    if rater:
        whens += [limit.when for limit in rater.limits]
        whens += [row.when for row in rater.rows if row.when is not None]
    facts = any(isinstance(part, OfFacts) for when in whens for part in parts_of(when))
    return not facts and (rater is None or rater.by is not RateBy.LEVELS)


@dataclass(slots=True)
class _Walk:
    """One walk for one set of points, remembering every node's total on the way."""

    framework: Framework
    points: Mapping[str, int]
    facts: Mapping[str, object]
    ways: Mapping[str, Way]
    known: _Known
    nodes: dict[str, NodeTotal] = field(default_factory=dict)

    def parts_of(self, node: Node, above: Way) -> Sequence[Part]:
        """What a node hands up, summed up anew only where its points were not seen before."""
        codes = self.known.plain.get(node.code)
        if codes is None:
            return self._summed(node, above)
        key = (node.code, tuple(map(self.points.get, codes)))
        branch = self.known.branches.get(key)
        if branch is None:
            inner = _Walk(self.framework, self.points, self.facts, self.ways, self.known)
            branch = tuple(inner._summed(node, above)), inner.nodes
            self.known.keep(key, branch)
        self.nodes.update(branch[1])
        return branch[0]

    def _summed(self, node: Node, above: Way) -> list[Part]:
        """What a node hands up: itself as one part where it is a stage, else all its parts unsummed."""
        own = node.way or self.ways.get(node.kind)
        way, points = own or above.handed_down, self.points
        parts = [part_of(each, points[each.code]) for each in node.criteria if each.code in points]
        self.nodes[node.code] = NodeTotal(node, None, way, ())  # its place in reading order, before its children
        for child in node.children:
            parts += self.parts_of(child, way)
        summed = self._total(node, way, parts)
        if own is None:
            return parts
        return [Part(plain(node.weight), *summed[:2], summed.share == 1, node.code, summed.gap)] if summed else []

    def _total(self, node: Node, way: Way, parts: list[Part]) -> Summed | None:
        """Notes the node's total, and gives what is handed up: the sum, or what modifiers and caps left of it."""
        summed = sum_up(parts, way)
        share = summed.share if summed else None
        total = NodeTotal(node, share, way, tuple(parts), marks_of(summed, way))
        rater = self.framework.rater_of(node)
        if rater or way.add:
            scope = Scope(self.framework, self.points, self.nodes, self.facts, node, share, total.marks)
            total = rated(total, rater, scope)
        self.nodes[node.code] = total
        if summed is None or total.share is None or total.share == share:
            return summed
        return Summed(total.share * summed.possible, summed.possible, summed.gap)  # it weighs as much as before


def totals(framework: Framework, points: Mapping[str, int], facts: Mapping[str, object]) -> Totals:
    """The totals over the criteria in `points` (code -> point); all others leave both sides of every sum."""
    rules = framework.outcome
    whole = rules.stages[-1].way
    walk = _Walk(framework, points, facts, {stage.of: stage.way for stage in rules.stages}, _known(framework))
    parts = [part for root in framework.roots for part in walk.parts_of(root, whole)]
    summed = sum_up(parts, whole)
    exact, marks = summed.share if summed else None, marks_of(summed, whole)
    limits: tuple[Limit, ...] = ()
    added: tuple[str, ...] = ()
    if whole.add or rules.caps:
        scope = Scope(framework, points, walk.nodes, facts, None, exact, marks)
        exact, added = with_added(exact, whole, scope)
        exact, limits = with_caps(exact, rules.caps, replace(scope, share=exact))
    share = None if exact is None else rounded(exact, rules.rounding)
    return Totals(exact, share, walk.nodes, marks, limits, added, rules.in_marks, whole, tuple(parts))


def marks_of(summed: Summed | None, way: Way) -> Number | None:
    """Points, or points above what is expected where the way measures distance."""
    if summed is None:
        return None
    return summed.gap if way.method is Method.DISTANCE else summed.earned


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
