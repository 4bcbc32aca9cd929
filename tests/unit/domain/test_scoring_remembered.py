"""Branches that were summed up before are not summed up again: what comes of it is the same as if they were."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.scoring.sheet import Scored, Sheet
from app.domain.scoring.totals import MOST_KNOWN, _known, totals
from app.domain.scoring.verdict import judge
from app.frameworks import read
from bench.big_framework import source
from tests.unit.frameworks.test_construct_properties import CODES, cases


@settings(max_examples=150, deadline=None, derandomize=True)
@given(cases(), st.sampled_from(CODES), st.randoms(use_true_random=False))
def test_totals_are_the_same_whatever_was_summed_up_before(case, code, random):
    mark, points, _, _ = case
    other = points | {code: random.choice(list(mark.criterion(code).scale.values))}
    fewer = {each: point for each, point in points.items() if each != code}
    kept = [totals(mark, each, {}) for each in (other, fewer, points, other, fewer)][-3:]
    for each, remembered in zip((points, other, fewer), kept, strict=True):
        _known.cache_clear()
        assert totals(mark, each, {}) == remembered


def test_a_large_framework_gives_the_same_outcome_after_any_number_of_others():
    mark, random = read(source(300), "large"), Random(7)
    scores = [{each.code: Scored(random.choice(each.scale.values)) for each in mark.criteria} for _ in range(60)]
    sheets = [Sheet.of(mark, each, {"staff": 1}, "gold") for each in scores]
    remembered = [judge(sheet).as_data() for sheet in sheets]
    assert 0 < len(_known(mark).branches) <= MOST_KNOWN
    for sheet, before in zip(sheets[::12], remembered[::12], strict=True):
        _known.cache_clear()
        assert judge(sheet).as_data() == before
