"""Limits: conditions over scores and facts that hold a level down, and whether they can ever bite."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError

from app.domain.conditions import AllWhen, AnyWhen, Comparator, LowScores, OfFacts, Quantifier, When
from app.domain.framework import Criterion, Limit
from app.domain.wording import percent
from app.frameworks import fields as f
from app.frameworks.header import refer
from app.frameworks.problems import Path, Problems, listed, suggestion
from app.frameworks.rules import read_rule
from app.frameworks.schemas import LimitShape, shaped
from app.frameworks.tree import TreeReader

WORDS = ("any", "all", "count", "fact")
LOW = ("at_most", "below")


def read_limits(data: Any, tree: TreeReader, no_award: list[str], problems: Problems) -> tuple[Limit, ...]:
    path: Path = ("outcome", "limits")
    if data is None:
        return ()
    if not isinstance(data, list):
        problems.add(path, "expected a list of limits, each with `when`, `at_most` and `because`")
        return ()
    reader = LimitReader(tree, problems)
    limits = [_limit(entry, (*path, index), reader, no_award) for index, entry in enumerate(data)]
    return tuple(limit for limit in limits if limit)


def _limit(entry: Any, path: Path, reader: "LimitReader", no_award: list[str]) -> Limit | None:
    valid = shaped(LimitShape, entry, path, reader.problems)
    when = reader.when(valid["when"], (*path, "when")) if "when" in valid else None
    levels = list(reader.tree.names.levels)
    at_most = valid.get("at_most")
    if at_most is None or not refer("level", at_most, [*no_award, *levels], (*path, "at_most"), reader.problems):
        return None
    if levels and at_most == levels[-1]:
        reader.problems.add((*path, "at_most"), f"`{at_most}` is the highest level, so this limits nothing")
    if when is None or "because" not in valid:
        return None
    return Limit(when, at_most if at_most in levels else None, valid["because"])


@dataclass(slots=True)
class LimitReader:
    """Reads conditions over scores; a condition that no scores could meet is a mistake."""

    tree: TreeReader
    problems: Problems

    def when(self, data: Any, path: Path) -> When | None:
        if not isinstance(data, dict) or len(data) != 1:
            self.problems.add(path, f"expected one condition: {listed(WORDS)}")
            return None
        word, inner = next(iter(data.items()))
        here = (*path, word)
        if word == "fact":
            rule = read_rule(inner, here, self.tree.names, self.problems)
            return OfFacts(rule) if rule else None
        if word in ("all", "any") and isinstance(inner, list):
            return self._joined(word, inner, here)
        if word in ("all", "any", "count"):
            return self._low_scores(Quantifier(word), inner, here)
        self.problems.add_at_key(here, f"`{word}` is no condition{suggestion(word, WORDS)}")
        return None

    def _joined(self, word: str, inner: list[Any], path: Path) -> When | None:
        whens = [self.when(each, (*path, index)) for index, each in enumerate(inner)]
        good = tuple(when for when in whens if when)
        if not inner:
            self.problems.add(path, "expected at least one condition")
        if not good or len(good) < len(whens):
            return None
        return AllWhen(good) if word == "all" else AnyWhen(good)

    def _low_scores(self, quantifier: Quantifier, data: Any, path: Path) -> When | None:
        names = self.tree.names.tree_names
        if not names:  # told by itself
            return None
        if not isinstance(data, dict):
            self.problems.add(path, f"expected {listed(names)} with what is asked of it")
            return None
        least = self._least(quantifier, data, path)
        kinds = [key for key in data if key != "at_least" or quantifier is not Quantifier.COUNT]
        for key in kinds:
            if key not in names:
                known = suggestion(key, [*names, *(["at_least"] if quantifier is Quantifier.COUNT else [])])
                self.problems.add_at_key((*path, key), f"`{key}` is no name in the tree{known}")
        if len(kinds) != 1:
            self.problems.add(path, f"expected just one of {listed(names)}")
        if len(kinds) != 1 or kinds[0] not in names or least is None:
            return None
        return self._asked(quantifier, kinds[0], least, data[kinds[0]], (*path, kinds[0]))

    def _least(self, quantifier: Quantifier, data: dict[str, Any], path: Path) -> int | None:
        if quantifier is not Quantifier.COUNT:
            return 1
        if "at_least" not in data:
            self.problems.add(path, "`at_least` is missing: how many are too many")
            return None
        try:
            return f.whole(1)(data["at_least"])
        except ValidationError as error:
            self.problems.add((*path, "at_least"), str(error.messages[0]))
            return None

    def _asked(self, quantifier: Quantifier, kind: str, least: int, data: Any, path: Path) -> When | None:
        leaf = self.tree.names.tree_names[-1]
        measures = ("score", "share") if kind == leaf else ("share",)
        if not isinstance(data, dict):
            self.problems.add(path, f"expected {listed(measures)}, such as {{{measures[0]}: {{at_most: 0}}}}")
            return None
        for key in data:
            if key not in (*measures, "in"):
                self.problems.add_at_key((*path, key), f"`{key}` is not known here{suggestion(key, (*measures, 'in'))}")
        within = self._within(data["in"], (*path, "in")) if "in" in data else ()
        found = [key for key in measures if key in data]
        if len(found) != 1:
            self.problems.add(path, f"expected {listed(measures)}")
        if len(found) != 1 or within is None:
            return None
        edge = self._edge(found[0], data[found[0]], (*path, found[0]))
        if edge is None:
            return None
        low = LowScores(quantifier, kind, within, found[0], *edge, least)
        self._check_can_bite(low, path)
        return low

    def _within(self, data: Any, path: Path) -> tuple[str, ...] | None:
        codes = data if isinstance(data, list) else [data]
        places = [(*path, index) if isinstance(data, list) else path for index in range(len(codes))]
        pairs = list(zip(codes, places, strict=True))
        good = [refer("node or criterion", str(code), self.tree.paths, place, self.problems) for code, place in pairs]
        if not codes:
            self.problems.add(path, "expected at least one code")
        return tuple(str(code) for code in codes) if codes and all(good) else None

    def _edge(self, measure: str, data: Any, path: Path) -> tuple[Comparator, Fraction] | None:
        if not isinstance(data, dict) or len(data) != 1:
            self.problems.add(path, f"expected one of {listed(LOW)}, such as {{at_most: 0}}")
            return None
        word, value = next(iter(data.items()))
        if word not in LOW:
            message = (
                f"a limit may only ask for low scores, with {listed(LOW)}: else a better score could lower the outcome"
            )
            self.problems.add_at_key((*path, word), message)
            return None
        try:
            return Comparator(word), f.share(value) if measure == "share" else Fraction(f.whole(0)(value))
        except ValidationError as error:
            self.problems.add((*path, word), str(error.messages[0]))
            return None

    def _check_can_bite(self, low: LowScores, path: Path) -> None:
        if low.kind != self.tree.names.tree_names[-1] or not self.tree.all_read:
            return
        inside = [each for each in self.tree.criteria if not low.within or self._is_inside(each, low.within)]
        if inside and low.least > len(inside):
            self.problems.add(path, f"this can never hold: it counts {low.least}, and there are only {len(inside)}")
        if inside and not any(self._can_be_low(each, low) for each in inside):
            edge = percent(low.value) if low.measure == "share" else str(low.value)
            words = f"{low.comparator.replace('_', ' ')} {edge}"
            self.problems.add(path, f"this can never hold: no scale here goes down to {words}")

    def _is_inside(self, criterion: Criterion, within: tuple[str, ...]) -> bool:
        path = self.tree.paths[criterion.code]
        return any(path[: len(self.tree.paths[code])] == self.tree.paths[code] for code in within)

    @staticmethod
    def _can_be_low(criterion: Criterion, low: LowScores) -> bool:
        lowest = Fraction(criterion.scale.values[0])
        value = lowest / criterion.scale.maximum if low.measure == "share" else lowest
        return value < low.value or (low.comparator is Comparator.AT_MOST and value == low.value)
