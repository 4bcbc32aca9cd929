"""Sums, ratings and conditions over many packed sheets at once, worked out only where a rule asks for them.

Every quantity is a column: a list with one value for each sheet.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from operator import add

from app.domain.conditions import (
    COMPARE,
    Comparator,
    Measure,
)
from app.domain.framework import Method, Rounding
from app.domain.scoring.branches import ADDED, Branch, Tree
from app.domain.scoring.totals import rounded

Number = int | float | Fraction
Column = list[Number | None]
Columns = tuple[Column, Column]
Ranks = list[int | None]
Truths = list[bool]
Rate = Callable[["Working"], Ranks]
Condition = Callable[["Working"], Truths]
NEAR = 1e-9


class Working:
    """Many sheets at one level. `rows` are their states in the order of the tree, `marks` the marks of those.
    What is asked twice is worked out once.

    With `exact`, quotients are fractions. Without, they are floating point, and `close` collects the places of the sheets
    for which a comparison came too close to be sure.
    """

    def __init__(
        self,
        tree: Tree,
        raters: Mapping[int, Rate],
        rows: Sequence[Sequence[int]],
        marks: Sequence[Sequence[int]],
        facts: Sequence[Mapping[str, object]],
        *,
        exact: bool,
    ) -> None:
        self.tree, self.raters, self.rows, self.facts, self.exact = tree, raters, rows, facts, exact
        self.marks = marks
        self.close: set[int] = set()
        self.rank = -1
        self.sums: dict[int, Columns] = {}
        self.shares: dict[int, Column] = {}
        self.ranks: dict[int, Ranks] = {}

    def at(self, rank: int) -> None:
        """Looks only at the criteria that count at the level of that rank."""
        if rank != self.rank:
            self.rank = rank
            for known in (self.sums, self.shares, self.ranks):
                known.clear()

    def compare(self, values: Column, comparator: Comparator, edge: Fraction) -> list[bool | None]:
        """For each value whether it stands so to the edge; None for None."""
        compare = COMPARE[comparator]
        if self.exact:
            return [None if value is None else compare(Fraction(value), edge) for value in values]
        near, margin = float(edge), NEAR * max(1.0, abs(float(edge)))
        least, most = near - margin, near + margin
        self.close.update(place for place, value in enumerate(values) if type(value) is float and least < value < most)
        if Fraction(near) == edge:
            return [None if value is None else compare(value, near) for value in values]  # type: ignore[arg-type]
        return [
            None if value is None else compare(value, near if type(value) is float else edge)  # type: ignore[arg-type]
            for value in values
        ]

    def reaches(self, values: Column, edge: Fraction) -> Truths:
        """Whether each is at or above the edge; nothing never is."""
        return [truth is True for truth in self.compare(values, Comparator.AT_LEAST, edge)]

    def points(self, places: Iterable[int]) -> list[int]:
        """Those of the places whose criteria count at this level."""
        ranks = self.tree.ranks
        return [place for place in places if ranks[place] <= self.rank]

    def counts(self, branch: Branch) -> Truths:
        """Whether anything below it has a point that counts at this level."""
        pairs = [(place, self.tree.counting[place]) for place in self.points(branch.below)]
        return [any(counting[states[place]] for place, counting in pairs) for states in self.rows]

    def share(self, branch: Branch) -> Column:
        """The share of a branch; None where nothing in it earns marks."""
        key = id(branch)
        if key not in self.shares:
            earned, possible = self.summed(branch)
            pairs = zip(earned, possible, strict=True)
            if self.exact:
                self.shares[key] = [Fraction(one or 0) / Fraction(other) if other else None for one, other in pairs]
            else:
                self.shares[key] = [one / other if other else None for one, other in pairs]  # type: ignore[operator]
        return self.shares[key]

    def marks_of(self, branch: Branch) -> Column:
        """What a branch earned; None where nothing in it earns marks."""
        return [one if other else None for one, other in zip(*self.summed(branch), strict=True)]

    def reaches_cut_off(self, whole: Branch, edge: Fraction) -> Truths:
        """Whether the whole's marks, or its share after rounding, are at or above the edge of a level."""
        rules = self.tree.framework.outcome
        if rules.in_marks or rules.rounding is None:
            return self.reaches(self.marks_of(whole) if rules.in_marks else self.share(whole), edge)
        needed = ceil(edge / rules.rounding.to)
        return [steps is not None and steps >= needed for steps in self.steps(whole, rules.rounding)]

    def rounded_share(self, whole: Branch) -> Column:
        """The share of the whole after rounding."""
        rounding = self.tree.framework.outcome.rounding
        if rounding is None:
            return self.share(whole)
        return [None if steps is None else steps * rounding.to for steps in self.steps(whole, rounding)]

    def steps(self, whole: Branch, rounding: Rounding) -> list[int | None]:
        """The share of the whole in whole steps of the rounding."""
        return [
            None if share is None else self._in_steps(place, share, rounding)
            for place, share in enumerate(self.share(whole))
        ]

    def _in_steps(self, place: int, share: Number, rounding: Rounding) -> int:
        """Notes as close what floating point cannot tell to which side it is rounded."""
        if not isinstance(share, float):
            return int(rounded(Fraction(share), rounding) / rounding.to)
        steps = share / float(rounding.to)
        turn = steps + 0.5 if rounding.mode.startswith("half") else steps  # whole just where rounding turns
        if abs(turn - round(turn)) < NEAR * 1000:
            self.close.add(place)
        return ROUND[rounding.mode](steps)

    def summed(self, branch: Branch) -> Columns:
        """What each earned and could have earned; possible is 0 where nothing earns marks."""
        key = id(branch)
        if key not in self.sums:
            self.sums[key] = self._added(branch) if branch.way.method in ADDED else self._chosen(branch)
        return self.sums[key]

    def _added(self, branch: Branch) -> Columns:
        totals, shift, mask = self._own_marks(branch), self.tree.shift, (1 << self.tree.shift) - 1
        earned: Column = [total >> shift for total in totals]
        possible: Column = [total & mask for total in totals]
        mean = branch.way.method is Method.MEAN
        for part, weight in branch.weighed:
            number = self._number(weight)
            handed = (self.share(part), None) if mean else self.summed(part)
            earned, possible = _with_part(earned, possible, handed, number)
        if mean or branch.scale == 1:
            return earned, possible
        scale = branch.scale
        if self.exact:
            return [Fraction(each or 0) / scale for each in earned], [Fraction(each or 0) / scale for each in possible]
        return [each / scale for each in earned], [each / scale for each in possible]  # type: ignore[operator]

    def _number(self, weight: int | Fraction) -> Number:
        return weight if isinstance(weight, int) or self.exact else float(weight)

    def _own_marks(self, branch: Branch) -> list[int]:
        if not branch.own:
            return [0] * len(self.rows)
        if branch.stage:
            start, end = branch.start, branch.ends[self.rank]
            return [sum(marks[start:end]) for marks in self.marks]
        places = self.points(branch.own)
        return [sum(marks[place] for place in places) for marks in self.marks]

    def _chosen(self, branch: Branch) -> Columns:
        """The lowest or highest share, or whether enough of what is below is met; each out of 1, or of 0 where there is none."""
        met = branch.way.method in (Method.ALL_OF, Method.AT_LEAST)
        parts = [part for part, weight in branch.parts if weight]
        columns = [self._whole(part) if met else self.share(part) for part in parts]
        criteria = [place for place in self.points(branch.own) if self.tree.criteria[place].weight]
        tables = self.tree.met if met else self.tree.shares
        results = [
            _choose(branch, [tables[place][states[place]] for place in criteria] + [column[row] for column in columns])
            for row, states in enumerate(self.rows)
        ]
        return [each or 0 for each in results], [0 if each is None else 1 for each in results]

    def _whole(self, part: Branch) -> Column:
        return [
            None if each is None else int(each) for each in self.compare(self.share(part), Comparator.AT_LEAST, ONE)
        ]

    def lowest_or_highest(self, branch: Branch, measure: Measure) -> Column:
        """The lowest or the highest share among the criteria below a branch."""
        choose = min if measure is Measure.LOWEST else max
        places, shares = self.points(branch.below), self.tree.shares
        columns = ([shares[place][states[place]] for place in places] for states in self.rows)
        return [choose((each for each in row if each is not None), default=None) for row in columns]

    def against(self, branch: Branch) -> Column:
        """What was given below a branch on scales where lower is better, times the weights; None where there is none."""
        tables = [(place, self.tree.against[place]) for place in self.points(branch.below) if self.tree.against[place]]
        columns = ([table[states[place]] for place, table in tables] for states in self.rows)
        found = [[each for each in row if each is not None] for row in columns]
        return [sum(row, Fraction(0)) if row else None for row in found]

    def rating(self, branch: Branch) -> Ranks:
        """The rank of a branch's rating: -1 below the lowest, None where it is not rated."""
        key = id(branch)
        if key not in self.ranks:
            rate = self.raters.get(key)
            self.ranks[key] = rate(self) if rate else [None] * len(self.rows)
        return self.ranks[key]


ONE = Fraction(1)
ROUND: dict[str, Callable[[float], int]] = {
    "half-up": lambda steps: floor(steps + 0.5),
    "half-even": round,
    "up": ceil,
    "down": floor,
}


def _with_part(earned: Column, possible: Column, handed: tuple[Column, Column | None], weight: Number) -> Columns:
    """The sums with what a part hands up; nothing where it is None. Shares are each out of 1."""
    given, of = handed
    if of is not None:
        return _plus(earned, given, weight), _plus(possible, of, weight)
    if None not in given:
        return _plus(earned, given, weight), [each + weight for each in possible]  # type: ignore[operator]
    counted: Column = [0 if each is None else 1 for each in given]
    return _plus(earned, [each or 0 for each in given], weight), _plus(possible, counted, weight)


def _plus(column: Column, other: Column, weight: Number) -> Column:
    if weight == 1:
        return list(map(add, column, other))
    return [one + weight * each for one, each in zip(column, other, strict=True)]  # type: ignore[operator]


def _choose(branch: Branch, given: Sequence[Number | None]) -> Number | None:
    values = [each for each in given if each is not None]
    if not values:
        return None
    match branch.way.method:
        case Method.LOWEST:
            return min(values)
        case Method.HIGHEST:
            return max(values)
        case Method.ALL_OF:
            return int(all(values))
        case _:
            share = branch.way.least_share
            return int(sum(values) >= (branch.way.least if share is None else share * len(values)))
