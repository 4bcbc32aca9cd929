"""Whether a limit bites on the criteria that count at one level."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from app.domain.conditions import COMPARE, AllWhen, AnyWhen, LowScores, OfFacts, Quantifier, When
from app.domain.framework import Framework
from app.domain.rules import holds
from app.domain.scoring.totals import Totals


def bites(
    when: When, framework: Framework, points: Mapping[str, int], totals: Totals, facts: Mapping[str, object]
) -> bool:
    """`points` and `totals` are those of one level's criteria. A rule whose facts are unknown does not bite."""
    match when:
        case OfFacts(rule=rule):
            return holds(rule, framework.facts, facts) is True
        case AllWhen(whens=whens):
            return all(bites(each, framework, points, totals, facts) for each in whens)
        case AnyWhen(whens=whens):
            return any(bites(each, framework, points, totals, facts) for each in whens)
        case LowScores():
            return _enough(when, _lows(when, framework, points, totals))


def rests_on_facts_alone(when: When) -> bool:
    """True where no score can change whether it bites."""
    match when:
        case OfFacts():
            return True
        case AllWhen(whens=whens) | AnyWhen(whens=whens):
            return all(rests_on_facts_alone(each) for each in whens)
        case LowScores():
            return False


def _enough(when: LowScores, lows: Iterable[bool]) -> bool:
    found = list(lows)
    if when.quantifier is Quantifier.ALL:
        return bool(found) and all(found)
    return sum(found) >= (when.least if when.quantifier is Quantifier.COUNT else 1)


def _lows(when: LowScores, framework: Framework, points: Mapping[str, int], totals: Totals) -> Iterable[bool]:
    """One truth for each criterion or node looked at that counts: does it stand low?"""
    compare, edge = COMPARE[when.comparator], when.value
    if when.kind != framework.criterion_name:
        nodes = framework.nodes_within(when.within)
        found = (totals.nodes[node.code].share for node in nodes if node.kind == when.kind)
        return [compare(share, edge) for share in found if share is not None]
    counted = [criterion for criterion in framework.within(when.within) if criterion.code in points]
    if when.measure == "share":
        return [compare(Fraction(points[each.code], each.scale.maximum), edge) for each in counted]
    return [compare(Fraction(points[each.code]), edge) for each in counted]
