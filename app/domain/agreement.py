"""How far several assessors agree: as a share, beyond chance (kappa), and for any number of them with gaps (alpha).

A unit is one criterion of one case: what each assessor gave it, in the same order of assessors throughout, None where one
gave nothing. Everything is exact. What cannot be measured has no value and says why; it is never called full agreement.
Sources and worked examples: docs/scoring.md, "Agreement of assessors".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from typing import TypeVar

from app.domain.scales import Scale, ScaleKind

NOTHING_IN_COMMON = "No criterion has a score from two assessors."
NOT_SCORED_BY_BOTH = "No criterion was scored by both."
NO_VARIATION = "Every score is the same, so agreement beyond chance cannot be told from chance."
YES_NO_POINTS = 2

Units = Iterable[Sequence[int | None]] | Mapping[tuple[int | None, ...], int]
"""Units one by one, or how often each was seen."""
V = TypeVar("V", bound=Hashable)
Distance = Callable[[int, int], Fraction]


class Metric(StrEnum):
    """How two scores of a scale are compared: the same or not, by rank, by difference, by proportion."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


class Weighting(StrEnum):
    """How kappa counts two scores that differ: all alike, or by their steps on the scale, or by the square of those."""

    UNWEIGHTED = "unweighted"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure over `units`, those that can be compared. `value` is None where it is undefined, which `because` explains."""

    value: Fraction | None
    units: int
    because: str = ""


def metric_for(scale: Scale) -> Metric:
    """By rank for staged points and words, by difference for marks of a range, the same or not where there are only two."""
    if scale.kind is ScaleKind.RANGE:
        return Metric.INTERVAL
    return Metric.NOMINAL if len(scale.points) <= YES_NO_POINTS else Metric.ORDINAL


def share_agreed(
    units: Iterable[Sequence[Hashable | None]] | Mapping[tuple[Hashable | None, ...], int],
) -> Measured:
    """The share of units on which two assessors gave the same; with more of them, the mean share of pairs who did.

    Here not applicable and not rated may stand in a unit as well: any values that can be held against each other.
    """
    agreed, compared = Fraction(0), 0
    for unit, times in _tally(units).items():
        given = [value for value in unit if value is not None]
        pairs = list(combinations(given, 2))
        if pairs:
            agreed += times * Fraction(sum(one == other for one, other in pairs), len(pairs))
            compared += times
    return Measured(agreed / compared, compared) if compared else Measured(None, 0, NOTHING_IN_COMMON)


def _tally(units: Iterable[Sequence[V]] | Mapping[tuple[V, ...], int]) -> Mapping[tuple[V, ...], int]:
    return units if isinstance(units, Mapping) else Counter(tuple(unit) for unit in units)


def kappa(pairs: Units, points: Sequence[int], weighting: Weighting = Weighting.UNWEIGHTED) -> Measured:
    """Cohen's kappa of two assessors, -1 to 1. `points` are those of the scale in order; weights go by their places.

    A unit that one of them left out does not count. Undefined where nothing was scored by both, or where chance alone
    would make them agree everywhere. Raises ValueError for a score off the scale. Sources: Cohen 1960 and 1968.
    """
    seen: Counter[tuple[int, int]] = Counter()
    for (one, other), times in _tally(pairs).items():
        if one is not None and other is not None:
            seen[one, other] += times
    total = sum(seen.values())
    if not total:
        return Measured(None, 0, NOT_SCORED_BY_BOTH)
    places = {value: points.index(value) for pair in seen for value in pair}
    firsts, seconds = _margins(seen)
    apart = _apart(weighting)
    observed = sum(times * apart(places[one], places[other]) for (one, other), times in seen.items())
    expected = sum(
        times * others * apart(places[one], places[other])
        for one, times in firsts.items()
        for other, others in seconds.items()
    )
    if not expected:
        return Measured(None, total, NO_VARIATION)
    return Measured(1 - Fraction(observed * total, expected), total)


def _margins(seen: Mapping[tuple[int, int], int]) -> tuple[Counter[int], Counter[int]]:
    firsts: Counter[int] = Counter()
    seconds: Counter[int] = Counter()
    for (one, other), times in seen.items():
        firsts[one] += times
        seconds[other] += times
    return firsts, seconds


def _apart(weighting: Weighting) -> Callable[[int, int], int]:
    """How far apart two places are. Dividing by the largest, as the weights of the literature do, changes no kappa."""
    if weighting is Weighting.UNWEIGHTED:
        return lambda one, other: int(one != other)
    power = 1 if weighting is Weighting.LINEAR else 2
    return lambda one, other: abs(one - other) ** power


def alpha(units: Units, metric: Metric) -> Measured:
    """Krippendorff's alpha of any number of assessors, with gaps: 1 for full agreement, 0 for that of chance.

    A unit with fewer than two scores does not count. Undefined where none has two, or where all scores that count are the
    same. A ratio takes no negative scores. Source: Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011.
    """
    together, counted = _coincidences(units)
    if not counted:
        return Measured(None, 0, NOTHING_IN_COMMON)
    totals: dict[int, Fraction] = {}
    for (one, _), weight in together.items():
        totals[one] = totals.get(one, Fraction(0)) + weight
    distance = _distance(metric, totals)
    observed = sum((weight * distance(*pair) for pair, weight in together.items()), Fraction(0))
    expected = sum(
        (totals[one] * totals[other] * distance(one, other) for one in totals for other in totals), Fraction(0)
    )
    if not expected:
        return Measured(None, counted, NO_VARIATION)
    return Measured(1 - (sum(totals.values()) - 1) * observed / expected, counted)


def _coincidences(units: Units) -> tuple[dict[tuple[int, int], Fraction], int]:
    """How often each two values were given to one unit, each unit weighing as many as its scores; and how many units count."""
    together: dict[tuple[int, int], Fraction] = {}
    counted = 0
    for unit, times in _tally(units).items():
        given = [value for value in unit if value is not None]
        if len(given) < 2:
            continue
        counted += times
        for place, one in enumerate(given):
            for other in given[:place] + given[place + 1 :]:
                together[one, other] = together.get((one, other), Fraction(0)) + Fraction(times, len(given) - 1)
    return together, counted


def _distance(metric: Metric, totals: Mapping[int, Fraction]) -> Distance:
    """The squared difference of two values under `metric`. `totals` say how often each value was given."""
    if metric is Metric.NOMINAL:
        return lambda one, other: Fraction(one != other)
    if metric is Metric.INTERVAL:
        return lambda one, other: Fraction((one - other) ** 2)
    if metric is Metric.RATIO:
        return lambda one, other: Fraction(0) if one == other else Fraction(one - other, one + other) ** 2
    return lambda one, other: _ordinal(one, other, totals)


def _ordinal(one: int, other: int, totals: Mapping[int, Fraction]) -> Fraction:
    low, high = sorted((one, other))
    between = sum(times for value, times in totals.items() if low <= value <= high)
    return (between - Fraction(totals[low] + totals[high], 2)) ** 2
