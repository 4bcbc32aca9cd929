"""Conditions over many packed sheets at once: each a function that gives one truth for each sheet."""

from collections.abc import Iterable
from fractions import Fraction
from operator import getitem

from app.domain.conditions import (
    COMPARE,
    AllWhen,
    AnyWhen,
    Itself,
    Measure,
    OfFacts,
    Quantifier,
    Stands,
    When,
)
from app.domain.framework import Criterion, Framework
from app.domain.rules import holds as rule_holds
from app.domain.scoring.branches import Branch, Tree, excluded_point, picker
from app.domain.scoring.compiled import Column, Condition, Truths, Working
from app.domain.scoring.holding import Scope, enough, rating_of_criterion


def compile_when(when: When, tree: Tree, branch: Branch) -> Condition:
    """The condition, asked of a branch, as a function of sheets being worked out."""
    match when:
        case Stands():
            return _compile_stands(when, tree, branch)
        case Itself(measure=measure, comparator=comparator, value=edge):
            return lambda working: _known(working.compare(_itself(working, branch, measure), comparator, edge))
        case OfFacts(rule=rule):
            facts = tree.framework.facts
            return lambda working: [rule_holds(rule, facts, each) is True for each in working.facts]
        case AllWhen(whens=whens):
            every = [compile_when(each, tree, branch) for each in whens]
            return lambda working: [all(each) for each in zip(*(one(working) for one in every), strict=True)]
        case AnyWhen(whens=whens):
            some = [compile_when(each, tree, branch) for each in whens]
            return lambda working: [any(each) for each in zip(*(one(working) for one in some), strict=True)]
        case _:
            raise NotImplementedError("findings are counted by `judge`")


def _known(truths: Iterable[bool | None]) -> Truths:
    return [truth is True for truth in truths]


def _itself(working: Working, branch: Branch, measure: Measure) -> Column:
    if measure is Measure.SHARE:
        return working.rounded_share(branch) if branch.node is None else working.share(branch)
    if measure is Measure.AGAINST:
        return working.against(branch)
    return working.marks_of(branch) if measure is Measure.POINTS else working.lowest_or_highest(branch, measure)


def _compile_stands(when: Stands, tree: Tree, branch: Branch) -> Condition:
    framework = tree.framework
    scope = Scope(framework, tree.place_of, {}, {}, branch.node)
    if when.kind == framework.criterion_name:
        places = [tree.place_of[criterion.code] for criterion in scope.criteria(when.within)]
        truths = {place: _truths(when, framework, tree.criteria[place]) for place in places}
        return lambda working: _criteria_stand(working, when, [(each, truths[each]) for each in working.points(places)])
    nodes = [node for node in scope.nodes_within(when.within) if node.kind == when.kind and node is not branch.node]
    found = [tree.by_code[node.code] for node in nodes]
    return lambda working: _nodes_stand(working, when, found)


def _truths(when: Stands, framework: Framework, criterion: Criterion) -> tuple[bool | None, ...]:
    """For each state of a criterion, whether it stands so; None where it does not count."""
    compare, edge, scale = COMPARE[when.comparator], when.value, criterion.scale

    def truth(value: int) -> bool | None:
        if when.measure is Measure.RATING:
            rank = rating_of_criterion(framework, criterion, value)
            return None if rank is None else compare(Fraction(rank), edge)
        if when.measure is Measure.SHARE:
            return compare(Fraction(scale.earned(value), scale.maximum), edge) if scale.counts else None
        return compare(Fraction(value), edge)

    excluded = excluded_point(scale, framework.outcome.not_applicable)
    out = None if excluded is None else truth(excluded)
    return (None, out, None, *(truth(value) for value in scale.values))


def _criteria_stand(working: Working, when: Stands, pairs: list[tuple[int, tuple[bool | None, ...]]]) -> Truths:
    if when.quantifier is not Quantifier.ALL and when.least_share is None:
        least = when.least if when.quantifier is Quantifier.COUNT else 1
        counted = [tuple(truth is True for truth in truths) for _, truths in pairs]
        pick = picker([place for place, _ in pairs])
        return [sum(map(getitem, counted, pick(states))) >= least for states in working.rows]
    found = ([truths[states[place]] for place, truths in pairs] for states in working.rows)
    return [enough(when, [truth for truth in row if truth is not None]) for row in found]


def _nodes_stand(working: Working, when: Stands, found: list[Branch]) -> Truths:
    if not found:
        return [False] * len(working.rows)
    columns = [working.compare(_values(working, when.measure, each), when.comparator, when.value) for each in found]
    return [enough(when, [truth for truth in row if truth is not None]) for row in zip(*columns, strict=True)]


def _values(working: Working, measure: Measure, branch: Branch) -> Column:
    if measure is Measure.RATING:
        return [*working.rating(branch)]
    return working.marks_of(branch) if measure is Measure.POINTS else working.share(branch)
