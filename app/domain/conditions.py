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


@dataclass(frozen=True, slots=True)
class LowScores:
    """Any, all, or at least `least` of some criteria or nodes stand low.

    `kind` is a name of the tree; `within` are codes of nodes or criteria, empty for everywhere; `measure` is "score" (a
    point) or "share" (0 to 1); the comparator is AT_MOST or BELOW, so that a better score can never make a limit bite.
    """

    quantifier: Quantifier
    kind: str
    within: tuple[str, ...]
    measure: str
    comparator: Comparator
    value: Fraction
    least: int = 1


@dataclass(frozen=True, slots=True)
class OfFacts:
    rule: Rule


@dataclass(frozen=True, slots=True)
class AllWhen:
    whens: tuple["When", ...]


@dataclass(frozen=True, slots=True)
class AnyWhen:
    whens: tuple["When", ...]


When = LowScores | OfFacts | AllWhen | AnyWhen
