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


def said(count: int) -> str:
    """A count that could name somebody, as the public reads it: 0, "under 5", or the number."""
    return f"{count:,}" if count >= FEWEST or count == 0 else FEW


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
