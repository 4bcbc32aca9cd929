"""The terms beside the scores: how long an award lasts, who assesses, who decides."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from app.domain.duration import Duration

SIX_MONTHS = Duration(months=6)
ONE_YEAR = Duration(years=1)
TWO_YEARS = Duration(years=2)
THREE_YEARS = Duration(years=3)


@dataclass(frozen=True, slots=True)
class AwardTerms:
    valid: Duration = THREE_YEARS
    surveillance: Duration | None = ONE_YEAR
    renewal_opens: Duration = SIX_MONTHS
    restore_within: Duration = SIX_MONTHS
    by_level: Mapping[str, "AwardTerms"] = field(default_factory=dict)

    def for_level(self, level: str | None) -> "AwardTerms":
        """The terms of an award at that level."""
        return self.by_level.get(level, self) if level else self

    def with_level(self, level: str, **changes: Duration) -> "AwardTerms":
        terms = replace(self, by_level={}, **changes)
        return replace(self, by_level={**self.by_level, level: terms})


@dataclass(frozen=True, slots=True)
class AssessmentTerms:
    assessors: int = 1
    blind: bool = False
    conflict_bar: Duration = TWO_YEARS
    agreement_floor: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PanelTerms:
    quorum: int = 3
    lay_members: int = 0
