"""Putting an answer together from its parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.clauses import MetBy
from app.domain.parts import Giver, Part, put_together
from app.domain.self_assessment import Claim, Progress
from app.frameworks import read
from tests.factories import SMALL_FRAMEWORK

CRITERION = read(SMALL_FRAMEWORK, "small.yaml").criterion("GOV.1.2")
CLAIMS = st.one_of(
    st.just(Claim()),
    st.builds(Claim, st.integers(0, 3), st.just(False), st.sampled_from(["", "Because."])),
    st.builds(Claim, st.none(), st.just(True), st.sampled_from(["", "Not here."])),
)
PARTS = st.lists(CLAIMS, min_size=1, max_size=6).map(
    lambda claims: [Part(Giver("site", number, f"Site {number}"), claim) for number, claim in enumerate(claims)]
)


@given(PARTS)
def test_by_each_the_whole_is_finished_exactly_when_every_part_is(parts):
    whole = put_together(parts, MetBy.EACH, CRITERION)
    finished = all(part.claim.progress is Progress.DONE for part in parts)
    assert (whole.progress is Progress.DONE) is finished


@given(PARTS, st.sampled_from([MetBy.EACH, MetBy.ANY]))
def test_the_point_is_the_worst_or_the_best_of_what_is_finished(parts, rule):
    whole = put_together(parts, rule, CRITERION)
    points = [
        part.claim.point for part in parts if part.claim.progress is Progress.DONE and not part.claim.not_applicable
    ]
    if whole.point is not None:
        assert whole.point == (max(points) if rule is MetBy.ANY else min(points))


@given(PARTS, st.sampled_from([MetBy.EACH, MetBy.ANY]))
def test_no_word_of_any_part_is_lost(parts, rule):
    whole = put_together(parts, rule, CRITERION)
    assert all(part.claim.reason in whole.reason for part in parts)


@pytest.mark.parametrize("rule", [MetBy.EACH, MetBy.ANY])
def test_where_it_applies_to_no_part_it_does_not_apply(rule):
    parts = [Part(Giver("site", n, f"Site {n}"), Claim(None, True, "Not here.")) for n in (1, 2)]
    assert put_together(parts, rule, CRITERION).not_applicable
