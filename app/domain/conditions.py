"""The conditions that rules are made of: over facts about a provider, and over scores."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from operator import ge, gt, le, lt


class Comparator(StrEnum):
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOVE = "above"
    BELOW = "below"
    IS = "is"
    INCLUDES = "includes"


COMPARE: dict[Comparator, Callable[[Fraction, Fraction], bool]] = {
    Comparator.AT_LEAST: ge,
    Comparator.AT_MOST: le,
    Comparator.ABOVE: gt,
    Comparator.BELOW: lt,
}


@dataclass(frozen=True, slots=True)
class FactIs:
    """One comparison of one fact. `value`: a Fraction for numbers, bool for yes-no, a code for choice, codes for includes."""

    fact: str
    comparator: Comparator
    value: Fraction | bool | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Not:
    rule: "Rule"


Rule = FactIs | AllOf | AnyOf | Not


class Quantifier(StrEnum):
    ANY = "any"
    ALL = "all"
    COUNT = "count"


class Measure(StrEnum):
    """What is looked at: a criterion's point, a share from 0 to 1, marks or distances, or the rank of a rating.

    Of the thing being rated itself also the lowest and the highest share among the criteria below it, and the points against
    it: what was given on scales where lower is better, each times its weight.
    """

    SCORE = "score"
    SHARE = "share"
    POINTS = "points"
    RATING = "rating"
    LOWEST = "lowest"
    HIGHEST = "highest"
    AGAINST = "points_against"


@dataclass(frozen=True, slots=True)
class Stands:
    """Any, all, or at least so many of some criteria or nodes stand so high or so low.

    `kind` is a name of the tree; `within` are codes of nodes or criteria, empty for everywhere. A rating is compared by
    its rank, -1 for what reaches none. A count asks for `least` of them, or for `least_share` of those that count.
    """

    quantifier: Quantifier
    kind: str
    within: tuple[str, ...]
    measure: Measure
    comparator: Comparator
    value: Fraction
    least: int = 1
    least_share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Itself:
    """What is being rated, the whole or a node, stands so high or so low itself."""

    measure: Measure
    comparator: Comparator
    value: Fraction


@dataclass(frozen=True, slots=True)
class Found:
    """At least `least` findings of a grade, after escalation; `within` are codes, empty for everywhere."""

    grade: str
    least: int = 1
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfFacts:
    rule: Rule


@dataclass(frozen=True, slots=True)
class AllWhen:
    whens: tuple["When", ...]


@dataclass(frozen=True, slots=True)
class AnyWhen:
    whens: tuple["When", ...]


When = Stands | Itself | Found | OfFacts | AllWhen | AnyWhen


def parts_of(when: When) -> tuple[When, ...]:
    """The simple conditions that a joined one is made of; itself where it is simple."""
    if isinstance(when, AllWhen | AnyWhen):
        return tuple(part for each in when.whens for part in parts_of(each))
    return (when,)
