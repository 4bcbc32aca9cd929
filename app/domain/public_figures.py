"""What the public may count: awards exactly, since each is public; what is not, only where it can name nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FEWEST = 5
"""Fewer appeals, or decisions, than this are not told apart: with what somebody knows already they could name one."""
FEW = f"under {FEWEST}"
NOT_YET = 9999
"""The year in which what stands today ends, for counting."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """`count` awards that were granted in one year and ended in another, or NOT_YET, all of one level, region or size."""

    granted: int
    ended: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one scheme counts of something, and whether its own figures tell the number."""

    count: int
    told: bool

    @classmethod
    def of(cls, count: int, *, among: int | None = None) -> Part:
        """A count, told where it could name nobody: nor may what it is counted among, as the appeals of those upheld."""
        return cls(count, all(each == 0 or each >= FEWEST for each in (count, count if among is None else among)))


def said(parts: Iterable[Part]) -> str:
    """What the public reads of a count of one scheme, or of several together: 41, "under 5", "38 and under 5 more".

    A whole beside all of its parts but one tells that one by subtraction. So what a scheme's own figures do not tell is
    in no sum either: only that there is more.
    """
    known = list(parts)
    hidden = sum(not part.told for part in known)
    told = sum(part.count for part in known if part.told)
    if not hidden:
        return f"{told:,}"
    rest = FEW if hidden == 1 else "a few"
    return f"{told:,} and {rest} more" if told else rest


def granted_in(cohorts: Iterable[Cohort], year: int) -> int:
    return sum(each.count for each in cohorts if each.granted == year)


def ended_in(cohorts: Iterable[Cohort], year: int) -> int:
    return sum(each.count for each in cohorts if each.ended == year)


def standing_after(cohorts: Iterable[Cohort], year: int) -> Mapping[str, int]:
    """How many stood at the end of a year, by name; of the year that still runs, those that stand today."""
    found: dict[str, int] = {}
    for each in cohorts:
        if each.granted <= year < each.ended:
            found[each.name] = found.get(each.name, 0) + each.count
    return found
