"""Figures of a scheme: medians, nine in ten, ages and bands."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.figures import AGE_WORDS, age_band, days_words, income_band, spread


def test_the_median_of_an_even_number_lies_in_the_middle_and_nine_in_ten_is_one_that_happened():
    found = spread([40, 10, 20, 30])
    assert (found.count, found.median, found.ninetieth) == (4, Fraction(25), 40)
    assert spread(range(1, 11)).ninetieth == 9
    assert spread([]) is None


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_half_are_no_longer_than_the_median_and_nine_in_ten_no_longer_than_the_ninetieth(days):
    found = spread(days)
    assert sum(each <= found.median for each in days) * 2 >= len(days)
    assert sum(each <= found.ninetieth for each in days) * 10 >= 9 * len(days)
    assert found.ninetieth in days and sum(each < found.ninetieth for each in days) * 10 < 9 * len(days)


@pytest.mark.parametrize(
    ("days", "words"), [(0, AGE_WORDS[0]), (13, AGE_WORDS[0]), (14, AGE_WORDS[1]), (84, AGE_WORDS[3])]
)
def test_an_age_belongs_to_the_band_that_it_has_reached(days, words):
    assert AGE_WORDS[age_band(days)] == words


@pytest.mark.parametrize(
    ("income", "words"),
    [(None, "Not said"), (0, "Under £10,000"), (10_000, "£10,000 to £100,000"), (10_000_000, "£10 million and more")],
)
def test_an_income_belongs_to_one_band(income, words):
    assert income_band(income) == words


def test_days_are_said_in_words():
    assert [days_words(each) for each in (1, 12, Fraction(25, 2), Fraction(1, 2), 0)] == [
        "1 day",
        "12 days",
        "12½ days",
        "½ days",
        "0 days",
    ]
