"""How a framework turns scores into a level: how each stage sums up, how parts are rated, bands, tables, limits, rounding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from app.domain.conditions import When
from app.domain.wording import NO_TEXT, Text


@dataclass(frozen=True, slots=True)
class Band:
    """From here, included, up to the next band. `level` is None where the band stands for no award.

    `start` is a share from 0 to 1, or marks where the framework adds marks up.
    """

    start: Fraction
    code: str
    title: Text
    level: str | None


@dataclass(frozen=True, slots=True)
class Rounding:
    mode: str
    to: Fraction


class Method(StrEnum):
    """How a stage sums up what is below it. Shares are from 0 to 1; sums and distances are in marks as well."""

    MEAN = "mean"
    SHARE_OF_MAXIMUM = "share-of-maximum"
    SUM = "sum"
    LOWEST = "lowest"
    HIGHEST = "highest"
    ALL_OF = "all-of"
    AT_LEAST = "at-least"
    DISTANCE = "distance"
    ONE = "one"


IN_MARKS = frozenset({Method.SUM, Method.DISTANCE})


@dataclass(frozen=True, slots=True)
class Modifier:
    """While `when` holds, `by` is added to the share: a fraction, below 0 to take away."""

    when: When
    by: Fraction
    because: Text


@dataclass(frozen=True, slots=True)
class Way:
    """How one stage or node sums up. `least` or `least_share` of AT_LEAST; `base` is the code that ONE starts from.

    `add` are modifiers, after which the share is kept from `low` to `high`.
    """

    method: Method
    least: int = 0
    least_share: Fraction | None = None
    base: str = ""
    add: tuple[Modifier, ...] = ()
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(1)

    @property
    def handed_down(self) -> "Way":
        """How a node that is no stage is summed up for itself: as the stage above it, but without what moves that one."""
        if not self.add:
            return self
        return Way(Method.MEAN if self.method is Method.ONE else self.method, self.least, self.least_share)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the sum: `of` is a name of the tree, or "whole"."""

    of: str
    way: Way

    @property
    def method(self) -> Method:
        return self.way.method


@dataclass(frozen=True, slots=True)
class Limit:
    """What is at most possible while `when` holds: a level or rating, None for none of them; or a share, `cap`."""

    when: When
    at_most: str | None
    because: Text
    cap: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """A word in which parts of the tree are rated. `rank` is 0 for the lowest."""

    code: str
    title: Text
    rank: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, the first that holds decides. `when` is None for the last one, which always holds."""

    rating: str
    when: When | None
    title: Text = NO_TEXT


class RateBy(StrEnum):
    """How a rating comes about: from bands, from a table, or from the ratings or levels of what is below."""

    BANDS = "bands"
    TABLE = "table"
    LOWEST = "lowest"
    HIGHEST = "highest"
    BEST_FIT = "best-fit"
    LEVELS = "levels"


@dataclass(frozen=True, slots=True)
class Rater:
    """How nodes of one kind, or one node, get a rating. `bands` rise, in shares or in marks; `rows` are looked at in order."""

    by: RateBy
    bands: tuple[Band, ...] = ()
    rows: tuple[Row, ...] = ()
    limits: tuple[Limit, ...] = ()
    in_marks: bool = False


class Excluded(StrEnum):
    """What a criterion that is not applicable does to the sum: it leaves it, or counts with all or none of its marks."""

    LEAVES = "leaves"
    FULL = "full"
    NOTHING = "nothing"


@dataclass(frozen=True)
class OutcomeRules:
    """`stages` lead from the first stage above the criteria up to "whole"; one stage is a flat sum.

    Levels come from `bands`, which rise, or from `rater` (a table or the ratings below), or from what each level needs by
    itself. `rates` maps names of the tree to how nodes of that name are rated. `none` is the band of no award. `sums` is
    False where the framework does not say how anything is summed up: then no share is told.
    """

    stages: tuple[Stage, ...]
    bands: tuple[Band, ...] = ()
    rounding: Rounding | None = None
    limits: tuple[Limit, ...] = ()
    rater: Rater | None = None
    rates: Mapping[str, Rater] = field(default_factory=dict)
    not_applicable: Excluded = Excluded.LEAVES
    none: Text = NO_TEXT
    sums: bool = True

    @cached_property
    def in_marks(self) -> bool:
        """Whether the whole is judged in marks, not as a share."""
        return self.stages[-1].method in IN_MARKS

    @cached_property
    def caps(self) -> tuple[Limit, ...]:
        """The limits that cap the share of the whole."""
        return tuple(limit for limit in self.limits if limit.cap is not None)
