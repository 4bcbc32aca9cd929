"""Whether a condition over scores can hold at all where it is asked."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from app.domain.conditions import COMPARE, Comparator, Measure, Quantifier, Stands
from app.domain.framework import Criterion
from app.domain.wording import number, percent
from app.frameworks.problems import Path
from app.frameworks.tree import TreeReader

LOW = (Comparator.AT_MOST, Comparator.BELOW)
HIGH = (Comparator.AT_LEAST, Comparator.ABOVE)


@dataclass(frozen=True, slots=True)
class Spot:
    """What a rule is asked of: the whole, each node of a `kind`, or the one with that `code`."""

    kind: str = "whole"
    code: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        return (self.code,) if self.code else ()


OF_THE_WHOLE = Spot()


def check_possible(stands: Stands, criteria: list[Criterion], spot: Spot, tree: TreeReader, path: Path) -> None:
    """Notes a count of more than there are, and a point that no scale goes down or up to. `criteria` are those looked at."""
    if not tree.all_read or not tree.criteria:
        return
    names, problems = tree.names.tree_names, tree.problems
    leaf = stands.kind == names[-1]
    if spot.kind in names and names.index(stands.kind) <= names.index(spot.kind):
        problems.add(path, f"this can never hold: a rule for a {spot.kind} looks only at what is below it")
        return
    known = _most_known(stands, criteria, spot, tree)
    if stands.quantifier is Quantifier.COUNT and stands.least > known:
        there = f"only {known}" if known else "none"
        problems.add(path, f"this can never hold: it counts {stands.least}, and there are {there}")
    elif not known:
        problems.add(path, f"this can never hold: there is no {stands.kind} here")
    asks_scores = leaf and stands.measure in (Measure.SCORE, Measure.SHARE)
    if asks_scores and criteria and not any(_can_stand(each, stands) for each in criteria):
        edge = percent(stands.value) if stands.measure is Measure.SHARE else number(stands.value)
        words = f"{stands.comparator.replace('_', ' ')} {edge}"
        direction = "down" if stands.comparator in LOW else "up"
        problems.add(path, f"this can never hold: no scale here goes {direction} to {words}")


def _most_known(stands: Stands, criteria: list[Criterion], spot: Spot, tree: TreeReader) -> int:
    """How many a condition can count at most, wherever it is asked."""
    names, within = tree.names.tree_names, stands.within or spot.codes
    found = [each.code for each in criteria] if stands.kind == names[-1] else _nodes(stands.kind, within, tree)
    if spot.code or spot.kind not in names:
        return len(found)
    depth = 2 * names.index(spot.kind) + 2  # each name of the tree takes a key and a number of the path
    return max(Counter(tree.paths[code][:depth] for code in found).values(), default=0)


def _nodes(kind: str, within: tuple[str, ...], tree: TreeReader) -> list[str]:
    depth = tree.names.tree_names.index(kind)
    leaves = {criterion.code for criterion in tree.criteria}
    codes = [code for code, path in tree.paths.items() if len(path) == 2 * depth + 2 and code not in leaves]
    return [code for code in codes if not within or tree.is_inside(code, within)]


def _can_stand(criterion: Criterion, stands: Stands) -> bool:
    scale = criterion.scale
    if stands.measure is Measure.SCORE:
        ends = [Fraction(scale.minimum), Fraction(scale.maximum)]
    elif scale.counts:
        ends = [Fraction(scale.earned(value), scale.maximum) for value in (scale.minimum, scale.maximum)]
    else:
        return False
    return any(COMPARE[stands.comparator](end, stands.value) for end in ends)
