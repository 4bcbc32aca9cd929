"""Conditions over scores, shares, ratings, findings and facts: from the file's keys, with every mistake in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from marshmallow import ValidationError

from app.domain.conditions import (
    AllOf,
    AllWhen,
    AnyWhen,
    Comparator,
    Found,
    Itself,
    Measure,
    OfFacts,
    Quantifier,
    Stands,
    When,
    parts_of,
)
from app.domain.framework import Criterion
from app.frameworks import fields as f
from app.frameworks.header import refer
from app.frameworks.possible import HIGH, LOW, OF_THE_WHOLE, Spot, check_possible
from app.frameworks.problems import Path, Problems, listed, suggestion
from app.frameworks.rules import never, read_rule
from app.frameworks.tree import TreeReader

ITSELF = ("share", "points", "points_against", "lowest", "highest")
WORDS = ("any", "all", "count", "fact", *ITSELF, "findings")


class Way(StrEnum):
    """Which scores make a condition hold: low ones, high ones, or those of either kind, which nothing may rest on."""

    LOW = "low"
    HIGH = "high"
    NEITHER = "neither"
    BOTH = "both"


@dataclass(slots=True)
class WhenReader:
    """Reads conditions; one that no scores could meet is a mistake.

    `ratings` are the words for parts, the lowest first. `ways`, `places` and `spots` remember for each condition which scores
    make it hold, where its comparison stands, and what it is asked of.
    """

    tree: TreeReader
    ratings: tuple[str, ...]
    problems: Problems
    grades: tuple[str, ...] = ()
    ways: dict[int, Way] = field(default_factory=dict)
    places: dict[int, Path] = field(default_factory=dict)
    spots: dict[int, Spot] = field(default_factory=dict)
    kept: list[When] = field(default_factory=list)

    def read(self, data: Any, path: Path, asked: Way, spot: Spot = OF_THE_WHOLE) -> When | None:
        """The condition, if it holds with scores as `asked`. `spot` is what it is asked of."""
        when = self.when(data, path, spot)
        if when is None:
            return None
        wrong = [part for part in parts_of(when) if self.way(part) not in (asked, Way.NEITHER)]
        for part in wrong:
            self.problems.add_at_key(self.places.get(id(part), path), WRONG_WAY[asked])
        return None if wrong else when

    def way(self, when: When) -> Way:
        """Which scores make it hold."""
        match when:
            case OfFacts():
                return Way.NEITHER
            case Found():
                return Way.LOW
            case Itself(measure=measure, comparator=comparator):
                return Way.LOW if (comparator in LOW) is not (measure is Measure.AGAINST) else Way.HIGH
            case AllWhen(whens=whens) | AnyWhen(whens=whens):
                return self._joined_way(whens)
            case _:
                return self.ways.get(id(when), Way.NEITHER)

    def _joined_way(self, whens: Iterable[When]) -> Way:
        found = {self.way(each) for each in whens} - {Way.NEITHER}
        if len(found) > 1:
            return Way.BOTH
        return found.pop() if found else Way.NEITHER

    def when(self, data: Any, path: Path, spot: Spot = OF_THE_WHOLE) -> When | None:
        if not isinstance(data, dict) or len(data) != 1:
            joined = "; join several with all: [...] or any: [...]" if isinstance(data, dict) and data else ""
            self.problems.add(path, f"expected one condition: {listed(WORDS)}{joined}")
            return None
        word, inner = next(iter(data.items()))
        here = (*path, word)
        if word == "fact":
            rule = read_rule(inner, here, self.tree.names, self.problems)
            return OfFacts(rule) if rule else None
        if word in ("all", "any") and isinstance(inner, list):
            return self._joined(word, inner, here, spot)
        if word in ("all", "any", "count"):
            return self._stands(Quantifier(word), inner, here, spot)
        if word in ITSELF:
            return self._itself(Measure(word), inner, here, spot)
        if word == "findings":
            return self._findings(inner, here)
        self.problems.add_at_key(
            here, f"`{word}` is no condition{suggestion(word, WORDS) or f'; expected {listed(WORDS)}'}"
        )
        return None

    def _itself(self, measure: Measure, data: Any, path: Path, spot: Spot) -> When | None:
        edge = self._edge(measure, data, path, [])
        if edge is None:
            return None
        if measure is Measure.AGAINST and not any(each.scale.lower_is_better for each in self.tree.criteria):
            self.problems.add_at_key(path, "no scale says `better: lower`, so there are no points against anything")
        itself = Itself(measure, *edge)
        self.kept.append(itself)
        self.spots[id(itself)] = spot
        self.places[id(itself)] = (*path, str(edge[0]))
        return itself

    def _joined(self, word: str, inner: list[Any], path: Path, spot: Spot) -> When | None:
        whens = [self.when(each, (*path, index), spot) for index, each in enumerate(inner)]
        good = tuple(when for when in whens if when)
        if not inner:
            self.problems.add(path, "expected at least one condition")
        if not good or len(good) < len(whens):
            return None
        if word == "any":
            return AnyWhen(good)
        contradiction = never(AllOf(tuple(when.rule for when in good if isinstance(when, OfFacts))))
        if contradiction:
            self.problems.add(path, f"this can never hold: {contradiction}")
        return AllWhen(good)

    def _findings(self, data: Any, path: Path) -> When | None:
        """{major: {at_least: 1, in: GOV}}"""
        if not isinstance(data, dict) or len(data) != 1:
            self.problems.add(path, "expected one grade with how many, such as {major: {at_least: 1}}")
            return None
        grade, asked = next(iter(data.items()))
        here = (*path, grade)
        if not refer("grade of findings", grade, self.grades, here, self.problems):
            return None
        if not isinstance(asked, dict):
            self.problems.add_at_key(here, f"expected how many findings it takes, such as {grade}: {{at_least: 1}}")
            return None
        for key in asked:
            if key not in ("at_least", "in"):
                self.problems.add_at_key(
                    (*here, key), f"`{key}` is not known here{suggestion(key, ('at_least', 'in'))}"
                )
        least, share = self._least(Quantifier.COUNT, asked, here)
        if share is not None:
            self.problems.add((*here, "at_least"), "findings are counted: expected a whole number of 1 or more")
        within = self._within(asked["in"], (*here, "in"), OF_THE_WHOLE) if "in" in asked else ()
        return Found(grade, least, within) if least and within is not None else None

    def _stands(self, quantifier: Quantifier, data: Any, path: Path, spot: Spot) -> When | None:
        names = self.tree.names.tree_names
        if not names:  # told by itself
            return None
        if not isinstance(data, dict):
            self.problems.add(path, f"expected {listed(names)} with what is asked of it")
            return None
        least, least_share = self._least(quantifier, data, path)
        kinds = [key for key in data if key != "at_least" or quantifier is not Quantifier.COUNT]
        for key in kinds:
            if key not in names:
                known = suggestion(key, [*names, *(["at_least"] if quantifier is Quantifier.COUNT else [])])
                self.problems.add_at_key((*path, key), f"`{key}` is no name in the tree{known}")
        if len(kinds) != 1:
            joined = "; join several with all: [...] or any: [...]" if len(kinds) > 1 else ""
            self.problems.add(path, f"expected just one of {listed(names)}{joined}")
        if len(kinds) != 1 or kinds[0] not in names or (least is None and least_share is None):
            return None
        blank = Stands(
            quantifier, kinds[0], (), Measure.SHARE, Comparator.AT_MOST, Fraction(0), least or 1, least_share
        )
        return self._asked(blank, data[kinds[0]], (*path, kinds[0]), spot)

    def _least(self, quantifier: Quantifier, data: dict[str, Any], path: Path) -> tuple[int | None, Fraction | None]:
        if quantifier is not Quantifier.COUNT:
            return 1, None
        if "at_least" not in data:
            self.problems.add(path, "`at_least` is missing: how many it takes, such as 3 or 50%")
            return None, None
        asked = data["at_least"]
        try:
            if isinstance(asked, str) and asked.endswith("%"):
                return None, f.unit_share(asked)
            return f.whole(1)(asked), None
        except ValidationError as error:
            self.problems.add((*path, "at_least"), str(error.messages[0]))
            return None, None

    def _asked(self, blank: Stands, data: Any, path: Path, spot: Spot) -> When | None:
        leaf = blank.kind == self.tree.names.tree_names[-1]
        measures = ("score", "share", "rating") if leaf else ("share", "points", "rating")
        if not isinstance(data, dict):
            self.problems.add(path, f"expected {listed(measures)}, such as {{{measures[0]}: {{at_most: 0}}}}")
            return None
        unknown = [key for key in data if key not in (*measures, "in")]
        for key in unknown:
            self.problems.add_at_key((*path, key), f"`{key}` is not known here{suggestion(key, (*measures, 'in'))}")
        within = self._within(data["in"], (*path, "in"), spot) if "in" in data else ()
        found = [key for key in measures if key in data]
        if len(found) > 1 or not (found or unknown):
            self.problems.add(
                path, f"expected just one of {listed(measures)}, such as {{{measures[0]}: {{at_most: 0}}}}"
            )
        if len(found) != 1 or within is None:
            return None
        criteria = self._criteria(within or spot.codes) if leaf else []
        edge = self._edge(Measure(found[0]), data[found[0]], (*path, found[0]), criteria)
        if edge is None:
            return None
        stands = Stands(blank.quantifier, blank.kind, within, Measure(found[0]), *edge, blank.least, blank.least_share)
        self.kept.append(stands)  # so that its identity stays its own while the file is read
        self.ways[id(stands)] = self._way_of(stands, criteria, path)
        self.places[id(stands)] = (*path, found[0], str(edge[0]))
        self.spots[id(stands)] = spot
        check_possible(stands, criteria, spot, self.tree, path)
        return stands

    def _way_of(self, stands: Stands, criteria: list[Criterion], path: Path) -> Way:
        low = stands.comparator in LOW
        if stands.measure is Measure.SCORE and criteria:
            turned = {criterion.scale.lower_is_better for criterion in criteria}
            if len(turned) > 1:
                message = "here are scales where more is better and scales where less is better; ask for the `share`"
                self.problems.add(path, message)
            low = low != turned.pop()
        return Way.LOW if low else Way.HIGH

    def _criteria(self, codes: tuple[str, ...]) -> list[Criterion]:
        return [each for each in self.tree.criteria if not codes or self.tree.is_inside(each.code, codes)]

    def _within(self, data: Any, path: Path, spot: Spot) -> tuple[str, ...] | None:
        codes = data if isinstance(data, list) else [data]
        places = [(*path, index) if isinstance(data, list) else path for index in range(len(codes))]
        pairs = list(zip(codes, places, strict=True))
        good = [refer("node or criterion", str(code), self.tree.paths, place, self.problems) for code, place in pairs]
        if not codes:
            self.problems.add(path, "expected at least one code")
        if not codes or not all(good):
            return None
        for index, (code, place) in enumerate(pairs):
            if code in codes[:index]:
                self.problems.add(place, f"`{code}` stands here twice")
            if spot.code and not self.tree.is_inside(str(code), spot.codes):
                self.problems.add(place, f"`{code}` is not below {spot.code}, where this rule stands")
        return tuple(str(code) for code in codes)

    def _edge(
        self, measure: Measure, data: Any, path: Path, criteria: list[Criterion]
    ) -> tuple[Comparator, Fraction] | None:
        words = [str(each) for each in (*LOW, *HIGH)]
        if not isinstance(data, dict) or len(data) != 1:
            self.problems.add(path, f"expected one of {listed(words)}, such as {{at_most: 0}}")
            return None
        word, value = next(iter(data.items()))
        if word not in words:
            self.problems.add_at_key((*path, word), f"`{word}` is no comparison here{suggestion(word, words)}")
            return None
        try:
            return Comparator(word), self._value(measure, value, (*path, word), criteria)
        except ValidationError as error:
            self.problems.add((*path, word), str(error.messages[0]))
            return None

    def _value(self, measure: Measure, value: Any, path: Path, criteria: list[Criterion]) -> Fraction:
        if measure is Measure.RATING:
            if not self.ratings:  # the missing levels are told by themselves
                return Fraction(0)
            if value not in self.ratings:
                raise ValidationError(f"there is no rating `{value}`{suggestion(str(value), self.ratings)}")
            return Fraction(self.ratings.index(value))
        if measure in (Measure.POINTS, Measure.AGAINST):
            return f.marks(value)
        if measure is not Measure.SCORE:
            return f.share(value)
        in_words = any(not criterion.scale.counts for criterion in criteria)
        if in_words and isinstance(value, str):
            return Fraction(_place(value, criteria))
        if not self.tree.all_read and isinstance(value, str) and f.CODE.fullmatch(value) and not value[0].isdigit():
            return Fraction(0)  # a word, maybe, of a scale that could not be read: that is told by itself
        return Fraction(f.whole(0)(value))


def _place(word: str, criteria: list[Criterion]) -> int:
    """The place of a word on the scales of these criteria, which all must have it there. Raises ValidationError."""
    places = {None if each.scale.counts else each.scale.value_of(word) for each in criteria}
    place = next(iter(places))
    if place is not None and len(places) == 1:
        return place
    known = dict.fromkeys(point.code for each in criteria if not each.scale.counts for point in each.scale.points)
    if word not in known and f.DIGITS.fullmatch(word) and any(each.scale.counts for each in criteria):
        raise ValidationError("some criteria here are judged in words; name those that are scored in numbers with `in`")
    if word not in known:
        raise ValidationError(f"there is no word `{word}` on the scales here{suggestion(word, known)}")
    raise ValidationError(
        f"not every criterion here has `{word}`, at the same place of its scale; name those that have it with `in`"
    )


WRONG_WAY = {
    Way.LOW: (
        f"this may only ask for low scores, with {listed(str(each) for each in LOW)}: "
        "else a better score could lower the outcome"
    ),
    Way.HIGH: (
        f"this may only ask for high scores, with {listed(str(each) for each in HIGH)}: "
        "else a better score could lower the outcome"
    ),
}
