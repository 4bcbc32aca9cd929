"""What a market is like, by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.market import Tally, concentration_words, ends_within, herfindahl, make_half, month_limits, per_thousand
from app.domain.offers import Offer, Taking

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("capacities", "index", "half"),
    [
        ([60, 20, 20], Fraction(11, 25), 1),  # 0.36 + 0.04 + 0.04, the first worked example
        ([25] * 4, Fraction(1, 4), 2),
        ([50, 30, 20], Fraction(19, 50), 1),  # exactly half with one
        ([40, 40, 20], Fraction(9, 25), 2),
        ([7], Fraction(1), 1),
        ([], None, 0),
    ],
)
def test_concentration_as_worked_out_by_hand(capacities, index, half):
    counted = Counter(capacities)
    assert (herfindahl(counted), make_half(counted)) == (index, half)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=30))
def test_the_index_lies_between_all_alike_and_one_alone_and_half_is_the_least_number(capacities):
    counted, ordered = Counter(capacities), sorted(capacities, reverse=True)
    index = herfindahl(counted)
    assert index is not None and Fraction(1, len(capacities)) <= index <= 1
    half = make_half(counted)
    assert 2 * sum(ordered[:half]) >= sum(capacities) > 2 * sum(ordered[: half - 1])


def test_words_change_at_the_limits_and_not_on_them():
    said = [
        concentration_words(index)
        for index in (None, Fraction(1, 10), Fraction(1, 5), Fraction(201, 1000), Fraction(1))
    ]
    assert said == ["", "Spread over many", "Somewhat concentrated", "Hangs on few", "One provider"]


def test_places_per_thousand_are_exact_and_unknown_where_nobody_was_counted():
    assert per_thousand(45, 12_000) == Fraction(15, 4)
    assert per_thousand(45, None) is per_thousand(45, 0) is None


def test_awards_count_within_each_limit_that_they_reach_and_the_last_day_belongs_to_it():
    limits = month_limits(TODAY)
    assert limits == (date(2027, 2, 28), date(2027, 5, 30), date(2027, 11, 30))
    tally = Tally()
    for expires_on in (date(2027, 2, 28), date(2027, 3, 1), date(2027, 11, 30), date(2027, 12, 1)):
        tally.add(None, ends_within(expires_on, limits))
    assert (tally.providers, tally.ending, tally.left) == (4, [1, 2, 3], 1)


def test_what_was_not_said_counts_as_no_place_and_never_as_nobody():
    tally = Tally()
    tally.add(Offer("home-care", Taking.NOW, TODAY, capacity=30, free=4), None)
    tally.add(Offer("home-care", Taking.FULL, TODAY), None)
    tally.add(None, None)
    assert (tally.providers, tally.said, tally.places, tally.free, tally.room) == (3, 1, 30, 4, 1)
