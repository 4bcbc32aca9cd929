"""How many are looked at, and which: exact, and the same again."""

from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.sampling import SampleRule, draw, sample_size, samples_in_words

same = settings(max_examples=200, deadline=None, derandomize=True)
rules = st.builds(
    SampleRule,
    st.none() | st.fractions(Fraction(1, 1000), 1),
    st.just(False),
    st.integers(0, 30),
    st.none() | st.integers(1, 30),
) | st.builds(SampleRule, st.none(), st.just(True), st.integers(0, 30))


@pytest.mark.parametrize(
    ("rule", "population", "size"),
    [
        (SampleRule(Fraction(1, 4), at_least=2), 9, 3),
        (SampleRule(Fraction(1, 4), at_least=2), 8, 2),
        (SampleRule(Fraction(1, 4), at_least=2), 1, 1),
        (SampleRule(Fraction(1, 10)), 10**20 + 1, 10**19 + 1),
        (SampleRule(square_root=True), 16, 4),
        (SampleRule(square_root=True), 17, 5),
        (SampleRule(square_root=True, at_least=2), 0, 0),
        (SampleRule(Fraction(1), at_least=5, at_most=30), 400, 30),
        (SampleRule(at_least=4), 400, 4),
    ],
)
def test_a_part_of_one_counts_as_one_and_nobody_is_made_up(rule, population, size):
    assert sample_size(rule, population) == size


@same
@given(rules, st.integers(0, 500))
def test_a_sample_is_never_above_the_population_and_never_shrinks_when_that_grows(rule, population):
    size = sample_size(rule, population)
    assert 0 <= size <= population
    assert size <= sample_size(rule, population + 1) <= size + max(1, rule.at_least)


SITES = ("Elm", "Oak", "Ash", "Fir", "Yew")


def test_the_draw_is_the_published_one():
    tickets = {site: sha256(f"2026-11\0{site}".encode()).hexdigest() for site in SITES}
    assert draw(SITES, 2, "2026-11") == tuple(sorted(SITES, key=tickets.get)[:2])


@same
@given(st.permutations(SITES), st.integers(0, 5), st.text(max_size=5))
def test_the_order_of_the_list_means_nothing_and_more_only_adds(sites, size, seed):
    drawn = draw(sites, size, seed)
    assert drawn == draw(SITES, size, seed) == draw(SITES, 5, seed)[:size]
    assert len(set(drawn)) == size


def test_another_seed_draws_others_and_a_list_that_cannot_be_drawn_from_is_refused():
    assert len({draw(SITES, 2, str(seed)) for seed in range(50)}) > 5
    with pytest.raises(Invalid):
        draw(("Elm", "Elm"), 1, "x")
    with pytest.raises(Invalid):
        draw(SITES, 6, "x")


def test_an_assessor_reads_numbers_where_a_fact_tells_how_many_there_are_and_the_rule_where_none_does():
    rules = {
        "sites": SampleRule(Fraction(1, 4), at_least=2, of="homes"),
        "files": SampleRule(square_root=True, at_most=9),
    }
    assert samples_in_words(rules, {"homes": 9}) == (
        "Look at 3 of 9 sites.",
        "Of all files, the square root of their number and at most 9 are looked at.",
    )
    assert samples_in_words(rules, {"homes": 2})[0] == "Look at all 2 sites."
    assert samples_in_words(rules, {"homes": 0})[0] == "There are no sites to look at."
    assert samples_in_words(rules, {})[0] == "Of all sites, 25% and at least 2 are looked at."
