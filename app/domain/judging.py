"""How a framework turns scores into a level: stages of the sum, bands, rounding, limits."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from app.domain.conditions import When
from app.domain.wording import Text


@dataclass(frozen=True, slots=True)
class Band:
    """From this share, included, up to the next band. `level` is None where the band stands for no award."""

    start: Fraction
    code: str
    title: Text
    level: str | None


@dataclass(frozen=True, slots=True)
class Rounding:
    mode: str
    to: Fraction


class Method(StrEnum):
    MEAN = "mean"
    SHARE_OF_MAXIMUM = "share-of-maximum"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the sum: `of` is a name of the tree, or "whole"."""

    of: str
    method: Method


@dataclass(frozen=True, slots=True)
class Limit:
    """`at_most` is the highest level still possible while `when` holds, None for no award at all."""

    when: When
    at_most: str | None
    because: Text


@dataclass(frozen=True, slots=True)
class OutcomeRules:
    """`stages` lead from the first stage above the criteria up to "whole"; one stage is a flat sum. `bands` rise."""

    stages: tuple[Stage, ...]
    bands: tuple[Band, ...]
    rounding: Rounding | None = None
    limits: tuple[Limit, ...] = ()
