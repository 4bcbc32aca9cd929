"""The level of very many sheets: the same rules as `judge`, compiled once, without explanations.

Sums are worked out in floating point first. A sheet for which any comparison comes too close for that to be sure is worked out
again in exact fractions, so that the level is always the exact one. Rules that are seldom used (modifiers, caps, findings and
distances) go through `outcome_so_far`.
"""

from collections.abc import Mapping, Sequence
from itertools import compress
from operator import getitem, mul

from app.domain.conditions import FactIs, Rule
from app.domain.framework import Criterion, Framework, Level, Limit, Method
from app.domain.rules import holds as rule_holds
from app.domain.scoring import outcome_so_far
from app.domain.scoring.branches import Tree, branches, excluded_point, picker
from app.domain.scoring.compiled import Truths, Working
from app.domain.scoring.compiled_conditions import compile_when
from app.domain.scoring.compiled_ratings import compile_decision, compile_raters
from app.domain.scoring.packed import states, unpack

Facts = Mapping[str, object]
Sheet = tuple[bytes, Facts]
MOST_REMEMBERED = 50_000
AT_ONCE = 500  # few enough to stay in the processor's cache


class Judge:
    """Gives the levels of packed sheets (`packed.pack`) with their facts, all under one framework and one target."""

    def __init__(self, framework: Framework, target: str | None = None) -> None:
        """Raises NotFound for an unknown target."""
        self.framework, self.target = framework, target
        self.top = framework.level(target).rank if target else len(framework.levels) - 1
        self._seldom = _asks_for_the_seldom(framework)
        if self._seldom:
            return
        self.tree = branches(framework)
        self._seldom = self.tree.unwieldy
        if self._seldom:
            return
        self._raters = compile_raters(self.tree)
        self._asking = _Asking(framework, self.tree, self.top)
        self._levels = [_LevelRules(framework, self.tree, level) for level in framework.levels[: self.top + 1]]

    def levels(self, sheets: Sequence[Sheet]) -> list[str | None]:
        """For each sheet the code of the highest level that is reached, None for no award."""
        if self._seldom:
            return [self._one_by_one(data, facts) for data, facts in sheets]
        found: list[str | None] = []
        for start in range(0, len(sheets), AT_ONCE):
            found += self._some(sheets[start : start + AT_ONCE])
        return found

    def _some(self, sheets: Sequence[Sheet]) -> list[str | None]:
        rows = [self._asking.counting(states(data), facts) for data, facts in sheets]
        facts = [each for _, each in sheets]
        found, close = self._reached(rows, facts, exact=False)
        again = sorted(close)
        exactly, _ = self._reached([rows[place] for place in again], [facts[place] for place in again], exact=True)
        for place, level in zip(again, exactly, strict=True):
            found[place] = level
        return found

    def _one_by_one(self, data: bytes, facts: Facts) -> str | None:
        return outcome_so_far(self.framework, unpack(self.framework, data), facts, target=self.target).level

    def _reached(self, rows: list[list[int]], facts: list[Facts], *, exact: bool) -> tuple[list[str | None], set[int]]:
        """The level of each sheet, and the places of those that floating point could not decide."""
        reached: list[str | None] = [None] * len(rows)
        close: set[int] = set()
        places = list(range(len(rows)))
        marks = [list(map(getitem, self.tree.marks, row)) for row in rows]
        for level in self._levels:
            if not places:
                break
            working = Working(
                self.tree,
                self._raters,
                [rows[place] for place in places],
                [marks[place] for place in places],
                [facts[place] for place in places],
                exact=exact,
            )
            met = level.met(working)
            close.update(places[place] for place in working.close)
            places = list(compress(places, met))
            for place in places:
                reached[place] = level.code
        return reached, close


class _Asking:
    """Which criteria are asked of whom: each rule is decided once for the facts that it looks at."""

    def __init__(self, framework: Framework, tree: Tree, top: int) -> None:
        self.framework, self.tree, self.top = framework, tree, top
        self.rules = tuple(dict.fromkeys(each.applies for each in framework.criteria if each.applies is not None))
        self.looked_at = [tuple(sorted(_facts_of(rule))) for rule in self.rules]
        self.decided: dict[tuple[object, ...], bool] = {}
        self.asked: dict[tuple[bool, ...], tuple[int, ...]] = {}
        self.in_order = picker(tree.places)

    def counting(self, given: Sequence[int], facts: Facts) -> list[int]:
        """The states in the order of the tree; those not asked of this provider are as if not scored."""
        truths = tuple(self._holds(place, facts) for place in range(len(self.rules)))
        asked = self.asked.get(truths)
        if asked is None:
            asked = self.asked[truths] = self._asked_with(truths)
        return list(map(mul, self.in_order(given), asked))

    def _holds(self, place: int, facts: Facts) -> bool:
        values = [facts.get(code) for code in self.looked_at[place]]
        key = (place, *(tuple(value) if isinstance(value, list) else value for value in values), *map(type, values))
        known = self.decided.get(key)
        if known is None:
            known = rule_holds(self.rules[place], self.framework.facts, facts) is not False
            if len(self.decided) < MOST_REMEMBERED:
                self.decided[key] = known
        return known

    def _asked_with(self, truths: tuple[bool, ...]) -> tuple[int, ...]:
        known = dict(zip(self.rules, truths, strict=True))
        return tuple(
            int(self.framework.rank_of(each.code) <= self.top and (each.applies is None or known[each.applies]))
            for each in self.tree.criteria
        )


def _facts_of(rule: Rule) -> set[str]:
    if isinstance(rule, FactIs):
        return {rule.fact}
    inner = getattr(rule, "rules", None) or (rule.rule,)  # type: ignore[union-attr]
    return {code for each in inner for code in _facts_of(each)}


class _LevelRules:
    """What one level asks, ready to be asked of many sheets."""

    def __init__(self, framework: Framework, tree: Tree, level: Level) -> None:
        self.code, self.rank, self.whole, self.cut_off = level.code, level.rank, tree.whole, level.cut_off
        required = [(place, each) for place, each in enumerate(tree.criteria) if level.code in each.required]
        self.misses = [_misses(each, each.required[level.code], framework) for _, each in required]
        self.required = picker([place for place, _ in required])
        self.needs = compile_when(level.needs, tree, tree.whole) if level.needs else None
        self.limits = [
            compile_when(limit.when, tree, tree.whole)
            for limit in framework.outcome.limits
            if _bars(framework, limit, level)
        ]
        self.decide = compile_decision(tree) if framework.outcome.rater else None

    def met(self, working: Working) -> Truths:
        """For each sheet whether it meets the level."""
        working.at(self.rank)
        met = self._sum_is_enough(working)
        if self.misses:
            failed = (any(map(getitem, self.misses, self.required(row))) for row in working.rows)
            met = [one and not other for one, other in zip(met, failed, strict=True)]
        if self.decide:
            met = [one and rank >= self.rank for one, rank in zip(met, self.decide(working), strict=True)]
        if self.needs:
            met = [one and other for one, other in zip(met, self.needs(working), strict=True)]
        for limit in self.limits:
            met = [one and not other for one, other in zip(met, limit(working), strict=True)]
        return met

    def _sum_is_enough(self, working: Working) -> Truths:
        if self.cut_off is None:
            return working.counts(self.whole)
        return working.reaches_cut_off(self.whole, self.cut_off)


def _misses(criterion: Criterion, needed: int, framework: Framework) -> tuple[bool, ...]:
    """For each state of a criterion, whether it misses the point that a level requires. What is not rated does."""
    scale = criterion.scale
    excluded = excluded_point(scale, framework.outcome.not_applicable)
    out = excluded is not None and not scale.reaches(excluded, needed)
    return (False, out, True, *(not scale.reaches(value, needed) for value in scale.values))


def _bars(framework: Framework, limit: Limit, level: Level) -> bool:
    return limit.at_most is None or framework.level(limit.at_most).rank < level.rank


def _asks_for_the_seldom(framework: Framework) -> bool:
    """Whether it has rules that are not compiled: modifiers, caps on shares, findings, distances."""
    rules = framework.outcome
    ways = [stage.way for stage in rules.stages] + [node.way for node in framework.nodes if node.way]
    raters = [rater for node in framework.nodes if (rater := framework.rater_of(node))]
    caps = [limit for rater in raters for limit in rater.limits if limit.cap is not None]
    compiled = all(not way.add and way.method not in (Method.DISTANCE, Method.ONE) for way in ways)
    return not compiled or bool(caps or rules.caps or framework.clauses.findings.grades)
