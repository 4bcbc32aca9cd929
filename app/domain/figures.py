"""Figures of a scheme: how long things take, how old they are, how large providers are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

AGES = ((14, "Under 2 weeks"), (42, "2 to 6 weeks"), (84, "6 to 12 weeks"))
OLDEST = "Over 12 weeks"
AGE_WORDS = (*(words for _, words in AGES), OLDEST)

INCOMES = (
    (10_000, "Under £10,000"),
    (100_000, "£10,000 to £100,000"),
    (1_000_000, "£100,000 to £1 million"),
    (10_000_000, "£1 million to £10 million"),
)
LARGEST, NOT_SAID = "£10 million and more", "Not said"
INCOME_WORDS = (*(words for _, words in INCOMES), LARGEST, NOT_SAID)
"""The bands by which the sector counts its organisations: micro, small, medium, large, major."""


def age_band(days: int) -> int:
    """Which of AGE_WORDS something of that many days belongs to; 14 days are no longer under 2 weeks."""
    return bisect_right([edge for edge, _ in AGES], days)


def income_band(income: int | None) -> str:
    """Which of INCOME_WORDS a yearly income in pounds belongs to; None where nobody said."""
    if income is None:
        return NOT_SAID
    return INCOME_WORDS[bisect_right([edge for edge, _ in INCOMES], income)]


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: over how many, the middle of them, and within what nine in ten were done. In days."""

    count: int
    median: Fraction
    ninetieth: int


def spread(days: Sequence[int]) -> Spread | None:
    """The spread of some lengths of time; None of none.

    The median of an even number is the mean of the two in the middle. The 90th percentile is the nearest rank: the
    smallest length within which at least nine in ten lie, so that it is one that happened.
    """
    if not days:
        return None
    ordered, count = sorted(days), len(days)
    median = Fraction(ordered[(count - 1) // 2] + ordered[count // 2], 2)
    return Spread(count, median, ordered[-(-9 * count // 10) - 1])


def days_words(days: Fraction | int) -> str:
    """12 days, 12½ days, 1 day."""
    whole, half = divmod(Fraction(days), 1)
    figure = f"{int(whole)}{'½' if half else ''}" if whole or not half else "½"
    return f"{figure} {'day' if days == 1 else 'days'}"
