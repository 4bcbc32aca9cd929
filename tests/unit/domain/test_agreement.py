"""Agreement of assessors: equal to what was published, to the definitions worked through by brute force, and to reason."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from statistics import fmean, pvariance

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.agreement import Metric, Weighting, alpha, kappa, metric_for, share_agreed
from app.domain.scales import Point, Scale, ScaleKind, Span
from app.domain.wording import Text

FOUR_OBSERVERS = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
YES_NO = "0 1 0 0 0 0 0 0 1 0 \n 1 1 1 0 0 1 0 0 0 0"
NAMES = "0 0 1 1 3 2 2 2 4 3 3 0 \n 1 0 1 1 1 2 2 2 4 3 3 3"


def units(data: str) -> list[tuple[int | None, ...]]:
    """What each observer gave, one a line, as units."""
    rows = [[None if each == "." else int(each) for each in line.split()] for line in data.strip().splitlines()]
    return list(zip(*rows, strict=True))


def pairs(table: list[list[int]]) -> list[tuple[int, int]]:
    """A table of counts as the pairs that it counts."""
    return [(one, other) for one, row in enumerate(table) for other, times in enumerate(row) for _ in range(times)]


@pytest.mark.parametrize(
    ("data", "metric", "published"),
    [
        (FOUR_OBSERVERS, Metric.NOMINAL, 0.743),
        (FOUR_OBSERVERS, Metric.ORDINAL, 0.815),
        (FOUR_OBSERVERS, Metric.INTERVAL, 0.849),
        (FOUR_OBSERVERS, Metric.RATIO, 0.797),
        (YES_NO, Metric.NOMINAL, 0.095),
        (NAMES, Metric.NOMINAL, 0.692),
    ],
)
def test_alpha_is_that_of_krippendorff(data, metric, published):
    assert round(float(alpha(units(data), metric).value), 3) == published


@pytest.mark.parametrize(
    ("table", "weighting", "published"),
    [
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], Weighting.UNWEIGHTED, 0.492),  # Cohen 1960, repeated in 1968
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], Weighting.UNWEIGHTED, 0.676),  # Fleiss
        ([[106, 10, 4], [22, 28, 10], [2, 12, 6]], Weighting.UNWEIGHTED, 0.429),  # Fleiss, Cohen and Everitt 1969
        ([[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]], Weighting.UNWEIGHTED, 0.473),  # Boyd et al. 1982
        ([[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]], Weighting.LINEAR, 0.568),
    ],
)
def test_kappa_is_that_of_the_literature(table, weighting, published):
    assert round(float(kappa(pairs(table), range(len(table)), weighting).value), 3) == published


scores = st.integers(1, 5)
with_gaps = st.lists(st.tuples(*[st.one_of(st.none(), scores)] * 3), max_size=12)
double = st.lists(st.tuples(scores, scores), min_size=2, max_size=15)


def squared(one: int, other: int, metric: Metric, given: list[int]) -> float:
    """The squared difference, from the words of the definition."""
    if metric is Metric.NOMINAL:
        return float(one != other)
    if metric is Metric.INTERVAL:
        return float(one - other) ** 2
    if metric is Metric.RATIO:
        return ((one - other) / (one + other)) ** 2
    ends = given.count(one) / 2 + given.count(other) / 2
    between = sum(given.count(value) for value in range(min(one, other), max(one, other) + 1))
    return (between - ends) ** 2 if one != other else 0.0


@given(with_gaps, st.sampled_from(Metric))
def test_alpha_is_its_definition_worked_through_pair_by_pair(given_, metric):
    counted = [kept for unit in given_ if len(kept := [value for value in unit if value is not None]) > 1]
    every = [value for unit in counted for value in unit]
    within = sum(
        squared(one, other, metric, every) / (len(unit) - 1) for unit in counted for one, other in permutations(unit, 2)
    )
    among = sum(squared(one, other, metric, every) for one, other in permutations(every, 2))
    found = alpha(given_, metric)
    assert found.units == len(counted)
    if among == 0:
        assert found.value is None and found.because
    else:
        n = len(every)
        assert float(found.value) == pytest.approx(1 - (within / n) / (among / (n * (n - 1))))


@given(double, st.sampled_from(Weighting))
def test_kappa_is_its_definition_over_every_cell_of_the_table(seen, weighting):
    power = {Weighting.LINEAR: 1, Weighting.QUADRATIC: 2}.get(weighting)
    n, points = len(seen), range(1, 6)
    observed = expected = 0.0
    for one in points:
        for other in points:
            weight = float(one != other) if power is None else (abs(one - other) / 4) ** power
            observed += weight * seen.count((one, other)) / n
            expected += weight * sum(a == one for a, _ in seen) / n * sum(b == other for _, b in seen) / n
    found = kappa(seen, points, weighting)
    if expected == 0:
        assert found.value is None and found.because
    else:
        assert float(found.value) == pytest.approx(1 - observed / expected)


@given(double)
def test_quadratic_kappa_is_the_correlation_of_concordance(seen):
    """As Fleiss and Cohen showed in 1973, up to their correction for few: twice the covariance over all that varies."""
    ones, others = [one for one, _ in seen], [other for _, other in seen]
    varies = pvariance(ones) + pvariance(others) + (fmean(ones) - fmean(others)) ** 2
    assume(varies)
    together = fmean(one * other for one, other in seen) - fmean(ones) * fmean(others)
    assert float(kappa(seen, range(1, 6), Weighting.QUADRATIC).value) == pytest.approx(2 * together / varies)


@given(double, st.randoms(use_true_random=False), st.sampled_from(Metric), st.sampled_from(Weighting))
def test_neither_the_order_of_units_nor_who_is_named_first_matters(seen, random, metric, weighting):
    shuffled = random.sample(seen, len(seen))
    turned = [(other, one) for one, other in seen]
    for again in (shuffled, turned):
        assert alpha(again, metric) == alpha(seen, metric)
        assert kappa(again, range(1, 6), weighting) == kappa(seen, range(1, 6), weighting)
        assert share_agreed(again) == share_agreed(seen)


@given(double, st.sampled_from(Metric), st.sampled_from(Weighting))
def test_every_measure_keeps_its_bounds(seen, metric, weighting):
    assert 0 <= share_agreed(seen).value <= 1
    for found in (alpha(seen, metric), kappa(seen, range(1, 6), weighting)):
        assert found.value is None or -1 <= found.value <= 1


@given(st.lists(scores, min_size=2, max_size=12), st.sampled_from(Metric), st.sampled_from(Weighting))
def test_full_agreement_is_1_where_scores_vary_and_undefined_where_they_do_not(given_, metric, weighting):
    seen = [(each, each) for each in given_]
    varies = len(set(given_)) > 1
    assert share_agreed(seen).value == 1
    assert alpha(seen, metric).value == (1 if varies else None)
    assert kappa(seen, range(1, 6), weighting).value == (1 if varies else None)


def test_what_cannot_be_measured_says_why_and_has_no_value():
    nothing = [(1, None), (None, 2)]
    for found in (alpha(nothing, Metric.ORDINAL), kappa(nothing, (1, 2)), share_agreed(nothing), share_agreed([])):
        assert (found.value, found.units) == (None, 0)
        assert found.because.endswith(".")
    assert "cannot be told" in alpha([(2, 2), (2, 2)], Metric.NOMINAL).because


def test_three_assessors_agree_by_the_share_of_pairs_who_do():
    assert share_agreed([("a", "a", "b"), ("c", "c", "c"), ("d", None, None)]).value == Fraction(2, 3)


def test_the_scale_says_how_two_scores_are_compared():
    def scale(kind: ScaleKind, count: int) -> Scale:
        return Scale("s", tuple(Point(value, Text.plain(str(value))) for value in range(count)), kind=kind)

    assert metric_for(scale(ScaleKind.POINTS, 2)) is Metric.NOMINAL
    assert metric_for(scale(ScaleKind.POINTS, 4)) is Metric.ORDINAL
    assert metric_for(scale(ScaleKind.WORDS, 4)) is Metric.ORDINAL
    assert metric_for(Scale("m", (), kind=ScaleKind.RANGE, span=Span(0, 100))) is Metric.INTERVAL
