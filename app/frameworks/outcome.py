"""The outcome part of a file: stages, how parts are rated, rounding, and what gives each level."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError

from app.domain.conditions import When
from app.domain.framework import (
    Band,
    Excluded,
    Method,
    Node,
    OutcomeRules,
    RateBy,
    Rater,
    Rounding,
    Stage,
)
from app.domain.framework import Way as SumWay
from app.domain.judging import IN_MARKS
from app.domain.wording import NO_TEXT, Text
from app.frameworks import fields as f
from app.frameworks.bands import check_edges, read_bands
from app.frameworks.header import NO_AWARD, Names, refer
from app.frameworks.problems import Path, Problems, listed, suggestion
from app.frameworks.raters import BELOW, Held, read_limits, read_rater, read_table
from app.frameworks.schemas import OutcomeShape, RoundingShape, shaped
from app.frameworks.summing import check_sums
from app.frameworks.tree import TreeReader
from app.frameworks.ways import read_way
from app.frameworks.whens import WORDS, Spot, Way, WhenReader

WHOLE = "whole"
GIVERS = ("bands", "needs", "table", "by")


@dataclass(frozen=True, slots=True)
class LevelRules:
    """What one level needs: a cut-off, a condition, or both None where a table or the ratings below decide."""

    cut_off: Fraction | None = None
    needs: When | None = None


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """The rules, what each level needs, and the roots with the ways and raters of their own."""

    rules: OutcomeRules
    levels: dict[str, LevelRules]
    roots: tuple[Node, ...]


def read_outcome(
    data: Any, tree: TreeReader, roots: tuple[Node, ...], problems: Problems, grades: tuple[str, ...] = ()
) -> ReadOutcome | None:
    """The rules; None where stages or levels cannot be read."""
    valid = shaped(OutcomeShape, data, ("outcome",), problems)
    names = tree.names
    reader = WhenReader(tree, tuple(names.ratings or names.levels), problems, grades)
    outcome = OutcomeReader(reader, valid, names, problems)
    stages = outcome.stages()
    rates = outcome.rates({stage.of: stage.way for stage in stages})
    givers = [key for key in GIVERS if key in valid]
    if isinstance(data, dict) and len(givers) != 1:
        problems.add(("outcome",), f"expected just one of {listed(GIVERS)}: what gives each level")
    rules = OutcomeRules(
        stages=stages,
        rounding=outcome.rounding(),
        rates=rates,
        not_applicable=valid.get("not_applicable", Excluded.LEAVES),
        sums="score" in valid,
    )
    rules, levels = outcome.levels(rules, givers[0]) if len(givers) == 1 else (rules, {})
    no_award = [band.code for band in rules.bands if band.level is None]
    no_award += [row.rating for row in rules.rater.rows if row.rating not in names.levels] if rules.rater else []
    held = Held(list(names.levels), no_award or [NO_AWARD], in_marks=bool(stages) and rules.in_marks)
    limits = read_limits(valid.get("limits"), ("outcome", "limits"), reader, held)
    ways = {stage.of: stage.way for stage in stages}
    roots = outcome.with_own_ways(roots, ways, ways.get(WHOLE, SumWay(Method.MEAN)))
    if not stages or len(givers) != 1 or (givers[0] == "bands" and not rules.bands):
        return None
    check_sums(rules, roots, reader)
    return ReadOutcome(replace(rules, limits=limits), levels, roots)


@dataclass(slots=True)
class OutcomeReader:
    reader: WhenReader
    valid: dict[str, Any]
    names: Names
    problems: Problems

    def stages(self) -> tuple[Stage, ...]:
        path: Path = ("outcome", "of")
        if "of" not in self.valid or not self.names.tree:
            return ()
        steps = [step.strip() for step in self.valid["of"].replace("→", "->").split("->")]
        if steps[-1] != WHOLE:
            self.problems.add(path, "the stages must end with `whole`, such as criterion -> whole")
            return ()
        known = [*reversed(self.names.tree_names), WHOLE]
        if not all(refer("name in the tree", step, known, path, self.problems) for step in steps):
            return ()
        places = [known.index(step) for step in steps]
        if places != sorted(set(places)):
            self.problems.add(path, f"the stages must go up the tree, in this order: {' -> '.join(known)}")
            return ()
        summed = steps[1:] if steps[0] == known[0] else steps
        return self._ways(self.valid.get("score"), summed)

    def _ways(self, score: Any, summed: list[str]) -> tuple[Stage, ...]:
        path: Path = ("outcome", "score")
        if score is None:
            return self._without_score(summed)
        if isinstance(score, dict) and not ({"at_least", "start_from"} & set(score)):
            return self._ways_by_stage(score, summed, path)
        way = read_way(score, path, self.reader)
        return self._checked(tuple(Stage(name, way) for name in summed)) if way else ()

    def _without_score(self, summed: list[str]) -> tuple[Stage, ...]:
        """Nothing is summed up where words are judged; bands need a sum."""
        if "bands" in self.valid:
            self.problems.add(("outcome",), "`score` is missing: say how each stage sums up what is below it")
            return ()
        return tuple(Stage(name, SumWay(Method.MEAN)) for name in summed)

    def _ways_by_stage(self, score: dict[str, Any], summed: list[str], path: Path) -> tuple[Stage, ...]:
        for name in score:
            if name not in summed:
                self.problems.add_at_key((*path, name), f"`{name}` is no stage of `of`{suggestion(name, summed)}")
        for name in summed:
            if name not in score:
                self.problems.add(path, f"`{name}` is missing: say how this stage sums up what is below it")
        ways = [
            (name, read_way(score[name], (*path, name), self.reader, Spot(name))) for name in summed if name in score
        ]
        stages = tuple(Stage(name, way) for name, way in ways if way)
        return self._checked(stages) if len(stages) == len(summed) else ()

    def _checked(self, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        """Distances are measured from the criteria all the way up."""
        distant = [stage.method is Method.DISTANCE for stage in stages]
        if any(distant) and not all(distant):
            self.problems.add(("outcome", "score"), "a distance is measured in every stage or in none")
            return ()
        if any(distant) and not any(criterion.expected is not None for criterion in self.reader.tree.criteria):
            message = "no criterion says which point is `expected`, so there is nothing to measure a distance from; write such as `expected: 2`"
            self.problems.add(("outcome", "score"), message)
        return stages

    def rates(self, ways: dict[str, SumWay]) -> dict[str, Rater]:
        path: Path = ("outcome", "rate")
        data = self.valid.get("rate")
        if data is None:
            return {}
        branches = list(self.names.tree_names[:-1])
        if not isinstance(data, dict):
            self.problems.add(path, f"expected {listed(branches)} with how each is rated")
            return {}
        rates = {}
        for name, entry in data.items():
            if not refer("name in the tree", name, branches, (*path, name), self.problems):
                continue
            in_marks = name in ways and ways[name].method in IN_MARKS
            rater = read_rater(entry, (*path, name), self.reader, Spot(name), in_marks=in_marks)
            if rater:
                rates[name] = rater
        return rates

    def with_own_ways(self, roots: tuple[Node, ...], ways: dict[str, SumWay], above: SumWay) -> tuple[Node, ...]:
        """The tree again, each node with the `score` and `rate` that it says for itself."""
        return tuple(self._with_own(node, ways, above) for node in roots) if self.reader.tree.own else roots

    def _with_own(self, node: Node, ways: dict[str, SumWay], above: SumWay) -> Node:
        own = self.reader.tree.own.get(node.code, {})
        path = self.reader.tree.paths.get(node.code, ())
        spot = Spot(node.kind, node.code)
        way = read_way(own["score"], (*path, "score"), self.reader, spot) if "score" in own else None
        effective = way or ways.get(node.kind) or above.handed_down
        in_marks = effective.method in IN_MARKS
        rate = read_rater(own["rate"], (*path, "rate"), self.reader, spot, in_marks=in_marks) if "rate" in own else None
        return replace(node, children=self.with_own_ways(node.children, ways, effective), way=way, rate=rate)

    def rounding(self) -> Rounding | None:
        path: Path = ("outcome", "rounding")
        data = self.valid.get("rounding")
        if data == "none" or data is None:
            return None
        if isinstance(data, str):
            self.problems.add(path, f"expected none, or {{mode: half-up, to: 1%}}, not `{data}`")
            return None
        valid = shaped(RoundingShape, data, path, self.problems)
        if "to" not in valid or "mode" not in valid:
            return None
        if not 0 < valid["to"] <= 1 or (1 / valid["to"]).denominator != 1:
            self.problems.add((*path, "to"), "expected a step that divides 100% evenly, such as 1%, 5% or 0.1%")
            return None
        return Rounding(valid["mode"], valid["to"])

    def levels(self, rules: OutcomeRules, giver: str) -> tuple[OutcomeRules, dict[str, LevelRules]]:
        """The rules with what gives the levels, and what each level needs."""
        in_marks = bool(rules.stages) and rules.in_marks
        if giver == "bands":
            return self._by_bands(rules, in_marks)
        none = self.valid.get("no_award", NO_TEXT)
        if giver == "needs":
            return replace(rules, none=none), self._by_needs(self.valid["needs"], in_marks)
        path: Path = ("outcome", giver)
        rater = None
        if giver == "by":
            rater = self._by_ratings(path)
        else:
            rows = read_table(self.valid["table"], path, self.reader, list(self.names.levels))
            rater = Rater(RateBy.TABLE, rows=rows) if rows else None
            if rows:
                self._check_given([row.rating for row in rows], path)
        return replace(rules, rater=rater, none=none), {code: LevelRules() for code in self.names.levels}

    def _by_ratings(self, path: Path) -> Rater | None:
        by = self.valid["by"]
        if by not in BELOW:
            self.problems.add(path, f"`{by}` is not known here{suggestion(by, BELOW)}")
            return None
        self._check_given(list(self.reader.ratings), path)
        return Rater(RateBy(by))

    def _check_given(self, codes: list[str], path: Path) -> None:
        for code in self.names.levels:
            if code not in codes:
                self.problems.add(path, f"no rule gives the level `{code}`, so nothing can reach it")

    def _by_bands(self, rules: OutcomeRules, in_marks: bool) -> tuple[OutcomeRules, dict[str, LevelRules]]:
        path: Path = ("outcome", "bands")
        data = self.valid["bands"]
        titles = {code: valid.get("title", Text.plain(code)) for code, valid in self.names.levels.items()}
        bands = read_bands(data, path, titles, self.problems, in_marks=in_marks, kind="level")
        if isinstance(data, list) and len(bands) == len(data):
            self._check_bands(bands, rules.rounding, in_marks)
        none = next((band.title for band in bands if band.level is None), NO_TEXT)
        edges = {band.level: band.start for band in bands if band.level}
        return replace(rules, bands=bands, none=none), {code: LevelRules(edges.get(code)) for code in self.names.levels}

    def _check_bands(self, bands: tuple[Band, ...], rounding: Rounding | None, in_marks: bool) -> None:
        path: Path = ("outcome", "bands")
        if not bands:
            return
        banded = [band.level for band in bands if band.level]
        for code in self.names.levels:
            if code not in banded:
                self.problems.add(path, f"the level `{code}` has no band, so nothing can reach it")
        ranks = [self.names.rank(level) for level in banded]
        if ranks != sorted(ranks):
            self.problems.add(path, f"bands must follow the levels from the lowest: {' '.join(self.names.levels)}")
        if in_marks:
            return
        check_edges(bands, rounding, path, self.problems)

    def _by_needs(self, data: Any, in_marks: bool) -> dict[str, LevelRules]:
        path: Path = ("outcome", "needs")
        levels = list(self.names.levels)
        if isinstance(data, dict) and data and not set(data) & set(WORDS):
            for code in data:
                if code not in levels:
                    refer("level", code, levels, (*path, code), self.problems)
            for code in levels:
                if code not in data:
                    self.problems.add(path, f"`{code}` is missing: say what this level needs")
            return {code: self._need(data[code], (*path, code), in_marks) for code in levels if code in data}
        return {code: self._need(data, path, in_marks) for code in levels}

    def _need(self, data: Any, path: Path, in_marks: bool) -> LevelRules:
        """A share or marks to reach, or a condition."""
        if isinstance(data, str):
            if "score" not in self.valid:
                self.problems.add(("outcome",), "`score` is missing: say how each stage sums up what is below it")
            try:
                return LevelRules(cut_off=f.marks(data) if in_marks else f.share(data))
            except ValidationError as error:
                self.problems.add(path, str(error.messages[0]))
                return LevelRules()
        return LevelRules(needs=self.reader.read(data, path, Way.HIGH))
