"""Scales: what a criterion can be given, as points, as a number in a range, or as a judgement in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import NotFound
from app.domain.wording import NO_TEXT, Text


class NotApplicableRule(StrEnum):
    """Who may take a criterion out: nobody, only its `applies` rule, or also whoever gives a reason."""

    NEVER = "never"
    BY_RULE = "by-rule"
    WITH_REASON = "with-reason"


class ScaleKind(StrEnum):
    """Named points that earn marks; any whole number of a range; or words that are judged and never added up."""

    POINTS = "points"
    RANGE = "range"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that a scale can give. `code` is the word of a scale of words, `finding` the grade that it raises."""

    value: int
    label: Text
    anchor: Text = NO_TEXT
    code: str = ""
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """The numbers of a range: from `low` to `high` in steps, each written with `unit` behind it, such as %."""

    low: int
    high: int
    step: int = 1
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """Points in rising order, whole numbers from 0 up; the highest is above 0.

    A scale of words numbers its words from 0. A range names no points: `points` is empty and `span` says them.
    `met_from` is the point at which a criterion counts as met; the best one where it is None. `not_rated` says whether an
    assessor may leave a criterion unrated.
    """

    code: str
    points: tuple[Point, ...]
    not_applicable: NotApplicableRule = NotApplicableRule.NEVER
    title: Text = NO_TEXT
    kind: ScaleKind = ScaleKind.POINTS
    span: Span | None = None
    lower_is_better: bool = False
    not_rated: NotApplicableRule = NotApplicableRule.NEVER
    met_from: int | None = None

    @property
    def maximum(self) -> int:
        return self.span.high if self.span else self.points[-1].value

    @property
    def minimum(self) -> int:
        return self.span.low if self.span else self.points[0].value

    @property
    def values(self) -> Sequence[int]:
        """Every point, rising."""
        if self.span:
            return range(self.span.low, self.span.high + 1, self.span.step)
        return tuple(point.value for point in self.points)

    @property
    def from_worst(self) -> Sequence[int]:
        """Every point, the worst first."""
        return self.values[::-1] if self.lower_is_better else self.values

    @property
    def best(self) -> int:
        return self.minimum if self.lower_is_better else self.maximum

    @property
    def worst(self) -> int:
        return self.maximum if self.lower_is_better else self.minimum

    @property
    def counts(self) -> bool:
        """Whether its points earn marks. Words are judged and never added up."""
        return self.kind is not ScaleKind.WORDS

    def earned(self, value: int) -> int:
        """The marks that a point earns, out of `maximum`: where lower is better, the scale read backwards."""
        return self.maximum + self.minimum - value if self.lower_is_better else value

    def better(self, one: int, other: int) -> bool:
        """Whether `one` is better than `other`."""
        return one < other if self.lower_is_better else one > other

    def reaches(self, value: int, needed: int) -> bool:
        """Whether `value` is as good as `needed`, or better."""
        return not self.better(needed, value)

    def met(self, value: int) -> bool:
        return self.reaches(value, self.best if self.met_from is None else self.met_from)

    def point(self, value: int) -> Point:
        """The point of that value. Raises NotFound."""
        for point in self.points:
            if point.value == value:
                return point
        if self.span and value in self.values:
            return Point(value, Text.plain(f"{value}{self.span.unit}"))
        raise NotFound(f"{value} is not a point of the scale {self.code}.")

    def label_of(self, value: int) -> str:
        """The point in words. Raises NotFound."""
        return str(self.point(value).label)

    def shown(self, value: int) -> str:
        """The point as pages show it: its number with its label, or its words alone where it has no number of its own."""
        return f"{value} {self.label_of(value)}" if self.kind is ScaleKind.POINTS else self.label_of(value)

    def said(self, value: int) -> str:
        """The point as sentences name it: its number, or its word where the scale has no numbers."""
        if self.kind is ScaleKind.WORDS:
            return f"“{self.label_of(value)}”"
        return f"{value}{self.span.unit}" if self.span else str(value)

    def value_of(self, word: str) -> int | None:
        """The point that a file means by `word`: a number, or a word of a scale of words; None where it means none."""
        if self.kind is ScaleKind.WORDS:
            return next((point.value for point in self.points if point.code == word), None)
        return int(word) if word.isascii() and word.isdigit() and len(word) < 10 and int(word) in self.values else None
