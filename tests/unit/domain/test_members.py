"""Whose point counts among members and sites."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.clauses import AnsweredBy, Clauses, MemberRules, MetBy
from app.domain.members import Combined, combine, rule_for, site_rule_for
from tests.unit.domain.frameworks import STEPS, criterion, framework, node

WAITS = replace(STEPS, lower_is_better=True)


def test_each_takes_the_worst_any_the_best_and_the_lead_its_own():
    points = {"North": 1, "South": 3, "West": 1}
    assert combine(points, MetBy.EACH, STEPS) == Combined(1, ("North", "West"))
    assert combine(points, MetBy.ANY, STEPS) == Combined(3, ("South",))
    assert combine(points, MetBy.LEAD, STEPS, "West") == Combined(1, ("West",))
    assert combine(points, MetBy.EACH, WAITS) == Combined(3, ("South",))
    assert combine(points, MetBy.ANY, WAITS).point == 1


def test_each_waits_for_everybody_and_says_for_whom_while_any_does_not():
    points = {"North": 3, "South": None}
    assert combine(points, MetBy.EACH, STEPS) == Combined(None, missing=("South",))
    assert combine(points, MetBy.ANY, STEPS) == Combined(3, ("North",))
    assert combine(points, MetBy.LEAD, STEPS, "South") == Combined(None, missing=("South",))
    assert combine({"North": 3}, MetBy.LEAD, STEPS, "East") == Combined(None, missing=("East",))
    assert combine({}, MetBy.EACH, STEPS) == Combined(None)


def test_a_criterion_may_differ_from_its_framework():
    mark = replace(framework(node("A", criterion("A1"))), clauses=Clauses(members=MemberRules(MetBy.LEAD, MetBy.ANY)))
    assert rule_for(mark, criterion("A1")) is MetBy.LEAD
    assert rule_for(mark, criterion("A1", met_by=MetBy.EACH)) is MetBy.EACH
    assert site_rule_for(mark, criterion("A1")) is None
    assert site_rule_for(mark, criterion("A1", answered_by=AnsweredBy.EACH_SITE)) is MetBy.ANY


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 3), min_size=1), st.sampled_from([STEPS, WAITS]))
def test_each_is_never_better_than_the_lead_nor_the_lead_than_any(points, scale):
    each, lead, any_ = (combine(points, rule, scale, min(points)).point for rule in (MetBy.EACH, MetBy.LEAD, MetBy.ANY))
    assert scale.reaches(lead, each)
    assert scale.reaches(any_, lead)
