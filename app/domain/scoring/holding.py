"""Whether a condition over scores, ratings, findings and facts holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from app.domain.clauses import WHOLE
from app.domain.conditions import (
    COMPARE,
    AllWhen,
    AnyWhen,
    Found,
    Itself,
    Measure,
    OfFacts,
    Quantifier,
    Stands,
    When,
)
from app.domain.findings import NOTHING_RECORDED, Recorded, found
from app.domain.framework import Criterion, Framework, Node
from app.domain.rules import holds as rule_holds
from app.domain.scoring.parts import NodeTotal, Number

Part = TypeVar("Part", Criterion, Node)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a condition is asked of: the whole, or a node and what is below it.

    `points` are those that count; `share` and `marks` those of the thing itself; `recorded` the findings beside those that
    scores make, where the whole is judged.
    """

    framework: Framework
    points: Mapping[str, int]
    nodes: Mapping[str, NodeTotal]
    facts: Mapping[str, object]
    node: Node | None = None
    share: Fraction | None = None
    marks: Number | None = None
    recorded: Recorded = NOTHING_RECORDED

    def criteria(self, codes: tuple[str, ...]) -> list[Criterion]:
        """The criteria that count under these codes, everywhere if there are none; at a node only those below it."""
        found = self._below(self.framework.within, codes)
        return [each for each in found if each.code in self.points]

    def nodes_within(self, codes: tuple[str, ...]) -> Sequence[Node]:
        """The nodes with these codes and below, likewise."""
        return self._below(self.framework.nodes_within, codes)

    def _below(self, within: Callable[[tuple[str, ...]], Sequence[Part]], codes: tuple[str, ...]) -> Sequence[Part]:
        if self.node is None:
            return within(codes)
        below = within((self.node.code,))
        if not codes:
            return below
        named = {each.code for each in within(codes)}
        return [each for each in below if each.code in named]


def holds(when: When, scope: Scope) -> bool:
    """A rule whose facts are unknown does not hold, nor does anything that is asked of nothing."""
    match when:
        case Stands():
            return enough(when, _standing(when, scope))
        case Itself():
            value = _itself(when.measure, scope)
            return value is not None and COMPARE[when.comparator](Fraction(value), when.value)
        case OfFacts(rule=rule):
            return rule_holds(rule, scope.framework.facts, scope.facts) is True
        case AllWhen(whens=whens):
            return all(holds(each, scope) for each in whens)
        case AnyWhen(whens=whens):
            return any(holds(each, scope) for each in whens)
        case Found():
            return _found(when, scope)


def rests_on_facts_alone(when: When) -> bool:
    """True where no score can change whether it holds."""
    match when:
        case OfFacts():
            return True
        case AllWhen(whens=whens) | AnyWhen(whens=whens):
            return all(rests_on_facts_alone(each) for each in whens)
        case _:
            return False


def rating_of_criterion(framework: Framework, criterion: Criterion, point: int) -> int | None:
    """The rank of the rating that a judgement in words stands for; None where its scale has no such word.

    A word that is no rating itself gives the best of those below it, -1 where there is none.
    """
    if criterion.scale.counts:
        return None
    ranks = [(each.value, framework.rating_rank(each.code)) for each in criterion.scale.points]
    if all(rank < 0 for _, rank in ranks):
        return None
    return max(rank for value, rank in ranks if value <= point)


def enough(when: Stands, found: list[bool]) -> bool:
    """Whether so many of those that count stand so: any, all, or at least as many as are asked for."""
    if when.quantifier is Quantifier.ALL:
        return bool(found) and all(found)
    if when.quantifier is Quantifier.ANY:
        return any(found)
    needed = when.least if when.least_share is None else when.least_share * len(found)
    return bool(found) and sum(found) >= needed


def _standing(when: Stands, scope: Scope) -> list[bool]:
    """One truth for each criterion or node looked at that counts: does it stand so?"""
    compare, edge = COMPARE[when.comparator], when.value
    measure = _of_criterion if when.kind == scope.framework.criterion_name else _of_node
    return [compare(Fraction(value), edge) for value in measure(when, scope) if value is not None]


def _of_criterion(when: Stands, scope: Scope) -> list[Fraction | int | None]:
    criteria, points = scope.criteria(when.within), scope.points
    if when.measure is Measure.RATING:
        return [rating_of_criterion(scope.framework, each, points[each.code]) for each in criteria]
    if when.measure is Measure.SHARE:
        return [
            Fraction(each.scale.earned(points[each.code]), each.scale.maximum) if each.scale.counts else None
            for each in criteria
        ]
    return [points[each.code] for each in criteria]


def _of_node(when: Stands, scope: Scope) -> list[Fraction | int | None]:
    nodes = scope.nodes_within(when.within)
    totals = [scope.nodes[node.code] for node in nodes if node.kind == when.kind and node is not scope.node]
    if when.measure is Measure.RATING:
        return [total.rating for total in totals]
    if when.measure is Measure.POINTS:
        return [total.marks for total in totals]
    return [total.share for total in totals]


def _itself(measure: Measure, scope: Scope) -> Number | None:
    if measure is Measure.SHARE:
        return scope.share
    if measure is Measure.POINTS:
        return scope.marks
    if measure is Measure.AGAINST:
        against = [each.weight * scope.points[each.code] for each in scope.criteria(()) if each.scale.lower_is_better]
        return sum(against, Fraction(0)) if against else None
    shares = [
        Fraction(each.scale.earned(scope.points[each.code]), each.scale.maximum)
        for each in scope.criteria(())
        if each.scale.counts
    ]
    if not shares:
        return None
    return min(shares) if measure is Measure.LOWEST else max(shares)


def _found(when: Found, scope: Scope) -> bool:
    """Counts the findings of scores and those on record, after escalation, under the codes.

    A graver one counts too, so that putting it half right never makes it worse. What several have become counts only where
    these do not count themselves.
    """
    rank = scope.framework.clauses.findings.rank
    inside = {each.code for each in scope.criteria(when.within)}
    inside |= {node.code for node in scope.nodes_within(when.within)}
    if not when.within and scope.node is None:
        inside.add(WHOLE)
    least = rank(when.grade)
    counted = [
        each
        for each in found(scope.framework, scope.points, scope.recorded.raised, scope.recorded.settled)
        if each.where in inside and rank(each.grade) >= least and not (each.made_of and rank(each.made_of) >= least)
    ]
    return len(counted) >= when.least
