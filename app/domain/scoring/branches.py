"""The tree laid out for scoring many sheets: which criteria each branch sums up, and their marks ready to be added."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial
from math import lcm
from operator import itemgetter, mul
from typing import Any

from app.domain.framework import Criterion, Excluded, Framework, Method, Node, Scale, Way
from app.domain.scoring.packed import FIRST

MOST_BITS = 400
ADDED = frozenset({Method.MEAN, Method.SHARE_OF_MAXIMUM, Method.SUM})


@dataclass(eq=False)
class Branch:
    """A node, or the whole where `node` is None.

    `own` are the places of the criteria that it sums up itself; `parts` the stages that hand up to it, with their weights;
    `below` the places of every criterion under it; `inner` its child nodes, `direct` the criteria right below it.
    Their marks are weighed in `scale`, in which all of them are whole; those of each level end at `ends`.
    """

    node: Node | None
    way: Way
    stage: bool
    own: list[int] = field(default_factory=list)
    parts: list[tuple["Branch", Fraction]] = field(default_factory=list)
    below: list[int] = field(default_factory=list)
    inner: list["Branch"] = field(default_factory=list)
    direct: list[int] = field(default_factory=list)
    start: int = 0
    ends: tuple[int, ...] = ()
    scale: int = 1

    @cached_property
    def weighed(self) -> tuple[tuple["Branch", int | Fraction], ...]:
        """Its parts with their weights in the scale of its own marks."""
        scaled = ((part, weight * self.scale) for part, weight in self.parts)
        return tuple((part, int(each) if each.denominator == 1 else each) for part, each in scaled)


@dataclass(eq=False)
class Tree:
    """`criteria` in the order in which branches sum them up, `places` their places in reading order, `ranks` their levels'.

    `marks` are, for each criterion and state, its earned and possible marks in one whole number: earned << `shift` | possible.
    """

    framework: Framework
    whole: Branch
    by_code: dict[str, Branch]
    criteria: tuple[Criterion, ...] = ()
    places: tuple[int, ...] = ()
    ranks: tuple[int, ...] = ()
    marks: tuple[tuple[int, ...], ...] = ()
    shift: int = 32

    @property
    def unwieldy(self) -> bool:
        """Whether its weights and scales have so little in common that floating point may not hold their products."""
        return max(self.shift, *(each.scale.bit_length() for each in (self.whole, *self.by_code.values()))) > MOST_BITS

    @cached_property
    def place_of(self) -> dict[str, int]:
        return {criterion.code: place for place, criterion in enumerate(self.criteria)}

    @cached_property
    def counting(self) -> tuple[tuple[bool, ...], ...]:
        """For each criterion and state, whether it has a point that counts."""
        excluded = self.framework.outcome.not_applicable is not Excluded.LEAVES
        return tuple((False, excluded, False, *(True for _ in each.scale.values)) for each in self.criteria)

    @cached_property
    def met(self) -> tuple[tuple[int | None, ...], ...]:
        """For each criterion and state, 1 where it is met, 0 where not, None where it does not count."""
        return tuple(self._by_state(each, each.scale.met) for each in self.criteria)

    @cached_property
    def shares(self) -> tuple[tuple[Fraction | None, ...], ...]:
        """For each criterion and state, its exact share; None where it does not count or earns no marks."""
        return tuple(
            self._by_state(each, partial(_share, each.scale))
            if each.scale.counts
            else (None,) * (FIRST + len(each.scale.values))
            for each in self.criteria
        )

    @cached_property
    def against(self) -> tuple[tuple[Fraction | None, ...], ...]:
        """For each criterion on a scale where lower is better, and each state, its weighted point; () for the others."""
        return tuple(
            self._by_state(each, partial(mul, each.weight)) if each.scale.lower_is_better else ()
            for each in self.criteria
        )

    def _by_state(self, criterion: Criterion, of: Callable[[int], Any]) -> tuple[Any, ...]:
        excluded = excluded_point(criterion.scale, self.framework.outcome.not_applicable)
        out = None if excluded is None else of(excluded)
        return (None, out, None, *(of(value) for value in criterion.scale.values))


def _share(scale: Scale, value: int) -> Fraction:
    return Fraction(scale.earned(value), scale.maximum)


def picker(places: Sequence[int]) -> Callable[[Sequence[int]], tuple[int, ...]]:
    """Picks what stands at these places, quickly. (One place more is picked, so that there are always several.)"""
    return itemgetter(*places, 0, 0)


def branches(framework: Framework) -> Tree:
    """The tree of a framework, laid out."""
    rules = framework.outcome
    ways = {stage.of: stage.way for stage in rules.stages}
    whole = Branch(None, rules.stages[-1].way, True)
    by_code: dict[str, Branch] = {}
    found: list[tuple[Criterion, Branch, list[Branch]]] = []
    between: list[
        tuple[Branch, Branch]
    ] = []  # what is no stage, with the stage in whose scale its criteria are weighed

    def lay(node: Node, above: list[Branch]) -> Branch:
        own = node.way or ways.get(node.kind)
        branch = Branch(node, own or above[-1].way.handed_down, own is not None)
        by_code[node.code] = branch
        line = [*above, branch]
        if own is None:
            between.append((branch, _summing(above)))
        found.extend((criterion, _summing(line), line) for criterion in node.criteria)
        branch.inner = [lay(child, line) for child in node.children]
        if branch.stage:
            for each in _handed_to(above):
                each.parts.append((branch, node.weight))
        return branch

    whole.inner = [lay(root, [whole]) for root in framework.roots]
    return _laid_out(framework, Tree(framework, whole, by_code), found, between)


def _summing(line: list[Branch]) -> Branch:
    """The nearest stage above."""
    return next(branch for branch in reversed(line) if branch.stage)


def _handed_to(above: list[Branch]) -> Iterator[Branch]:
    """The branches that a stage's part counts in: the nearest stage above, and what lies between."""
    for branch in reversed(above):
        yield branch
        if branch.stage:
            return


def _laid_out(
    framework: Framework,
    tree: Tree,
    found: list[tuple[Criterion, Branch, list[Branch]]],
    between: list[tuple[Branch, Branch]],
) -> Tree:
    reading = {criterion.code: place for place, criterion in enumerate(framework.criteria)}
    order = {id(branch): place for place, branch in enumerate([tree.whole, *tree.by_code.values()])}
    found.sort(key=lambda each: (order[id(each[1])], framework.rank_of(each[0].code), reading[each[0].code]))
    tree.criteria = tuple(criterion for criterion, _, _ in found)
    tree.places = tuple(reading[criterion.code] for criterion in tree.criteria)
    tree.ranks = tuple(framework.rank_of(criterion.code) for criterion in tree.criteria)
    for place, (_, _, line) in enumerate(found):
        for branch in line:
            branch.below.append(place)
        for branch in _handed_to(line):
            branch.own.append(place)
        if line[-1] is not tree.whole:
            line[-1].direct.append(place)
    for branch in (tree.whole, *tree.by_code.values()):
        _scaled(tree, branch)
    for branch, stage in between:
        branch.scale = stage.scale
    _weigh(tree, {place: summing for place, (_, summing, _) in enumerate(found)})
    return tree


def _scaled(tree: Tree, branch: Branch) -> None:
    """Where its own criteria start, and where those of each level end; and the scale in which all their marks are whole."""
    own = [tree.criteria[place] for place in branch.own]
    maxima = [each.scale.maximum for each in own if each.scale.counts] if branch.way.method is Method.MEAN else []
    branch.scale = lcm(*maxima, *(each.weight.denominator for each in own), 1)
    if branch.stage and branch.own:
        branch.start = branch.own[0]
        levels = range(len(tree.framework.levels))
        branch.ends = tuple(branch.start + sum(tree.ranks[place] <= rank for place in branch.own) for rank in levels)


def _weigh(tree: Tree, summing: dict[int, Branch]) -> None:
    pairs = [_marks(tree, place, summing[place]) for place in range(len(tree.criteria))]
    largest = sum(max((possible for _, possible in states), default=0) for states in pairs)
    tree.shift = max(largest.bit_length() + 1, 8)
    tree.marks = tuple(tuple(earned << tree.shift | possible for earned, possible in states) for states in pairs)


def _marks(tree: Tree, place: int, branch: Branch) -> list[tuple[int, int]]:
    """(earned, possible) of a criterion in each of its states, in the scale of the branch that sums it up."""
    criterion = tree.criteria[place]
    scale, none = criterion.scale, [(0, 0)]
    if not scale.counts:
        return none * (FIRST + len(scale.values))
    weight = criterion.weight * branch.scale
    if branch.way.method is Method.MEAN:
        pairs = [(int(weight * scale.earned(value) / scale.maximum), int(weight)) for value in scale.values]
    else:
        pairs = [(int(weight * scale.earned(value)), int(weight * scale.maximum)) for value in scale.values]
    excluded = excluded_point(scale, tree.framework.outcome.not_applicable)
    out = none if excluded is None else [pairs[list(scale.values).index(excluded)]]
    return [*none, *out, *none, *pairs]


def excluded_point(scale: Scale, excluded: Excluded) -> int | None:
    """The point that a criterion counts with where it is not applicable; None where it leaves the sum."""
    if excluded is Excluded.LEAVES:
        return None
    return scale.best if excluded is Excluded.FULL else scale.worst
