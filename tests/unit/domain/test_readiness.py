"""How far each standard is on its way to a level: true to the framework's own sums, for every kind of framework."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from app.domain.alike import alike, point_at, position
from app.domain.framework import Framework, Point, Scale, ScaleKind, Span
from app.domain.readiness import Figure, Progressed, Readiness, readiness
from app.domain.scoring import Outcome, Scored, outcome_so_far
from app.domain.self_assessment import Gap
from app.domain.wording import Text
from app.frameworks import read
from tests.integration.kinds import JUDGED, KINDS, POINTS, RATED
from tests.unit.frameworks.drawn import Draw, drawn_facts, drawn_framework, drawn_scores

NOTHING = Progressed(frozenset())
FOUND = ((seed, drawn_framework(Draw(seed).document)) for seed in range(70))
MARKS = [(seed, mark) for seed, mark in FOUND if mark is not None]
each_mark = pytest.mark.parametrize(("seed", "mark"), MARKS, ids=[str(seed) for seed, _ in MARKS])
LEVEL_SCALE = """\
framework: two
edition: "1"
title: Two
names: {tree: [standard, criterion]}
scales: {steps: {points: {0: No, 1: Some, 2: All}, not_applicable: with-reason}}
levels: [{code: bronze, title: Bronze}, {code: silver, title: Silver}]
standards:
  - code: A
    title: First
    criteria:
      - {code: A1, text: One, scale: steps, required: {silver: 2}}
      - {code: A2, text: Two, scale: steps}
  - code: B
    title: Second
    criteria: [{code: B1, text: Three, scale: steps}, {code: B2, text: Four, scale: steps}]
outcome:
  of: criterion -> standard -> whole
  score: mean
  bands: [{from: 0%, is: not-yet}, {from: 40%, is: bronze}, {from: 60%, is: silver}]
  limits:
    - {when: {any: {standard: {in: [B], share: {below: 70%}}}}, at_most: bronze, because: B is weak.}
"""


def of(mark: Framework, target: str = "silver", opened: str | None = None, **points: int) -> Readiness:
    """Readiness with those points, the other criteria not answered."""
    scores = {code: Scored(point) for code, point in points.items()}
    return readiness(outcome_so_far(mark, scores, {}, target=target), target, Progressed(frozenset(scores)), opened)


@pytest.fixture(scope="module")
def two() -> Framework:
    return read(LEVEL_SCALE, "two")


def test_what_is_not_answered_counts_as_the_lowest_point(two):
    found = of(two, A1=2)
    assert [each.value for each in found.standings] == [Fraction(1, 2), Fraction(0)]
    assert [(each.answered, each.asked) for each in found.standings] == [(1, 2), (0, 2)]
    assert (found.answered, found.asked, found.complete) == (1, 4, False)
    assert (found.level, found.now, found.reached) == (None, "Not yet", False)


def test_a_standard_aims_at_the_cut_off_or_at_more_where_a_limit_asks_for_more_of_it(two):
    first, second = of(two, A1=2, A2=2, B1=2, B2=0).standings
    assert (first.aim, first.aim_said) == (Fraction(3, 5), "60%")
    assert (second.aim, second.aim_said) == (Fraction(7, 10), "70%")
    assert of(two, "bronze").standings[1].aim == Fraction(2, 5)


def test_a_missed_required_point_is_named_though_the_share_is_there(two):
    first = of(two, A1=1, A2=2, B1=2, B2=2).standings[0]
    assert first.value > first.aim
    assert first.short == ("A1",)
    assert not first.as_needed
    assert of(two, "bronze", A1=1, A2=2).standings[0].short == ()


def test_a_standard_says_which_level_it_would_reach_alone(two):
    first, second = of(two, A1=1, A2=2, B1=2, B2=2).standings
    assert (first.alone, second.alone) == (
        "Bronze",
        "Silver",
    )  # the share is enough for silver, a required point is not
    assert of(two, A1=0).standings[0].alone == ""
    assert of(read(POINTS.text, "points"), A1=25, A2=25).standings[0].alone == ""


def test_what_is_missing_is_counted_where_it_is(two):
    outcome = outcome_so_far(two, {}, {}, target="silver")
    gaps = [Gap("A1", "No answer.", True), Gap("A2", "Not attached.", False), Gap("B1", "No answer.", True)]
    found = readiness(outcome, "silver", Progressed(frozenset(), gaps))
    assert [each.lacking for each in found.standings] == [1, 1]


def test_words_are_told_as_given_and_measured_by_how_many_are_as_needed():
    mark = read(JUDGED.text, "judged")
    lead, care = of(mark, **{"LEAD.1": 2, "LEAD.2": 1, "CARE.1": 2}).standings
    assert lead.figure is Figure.THERE
    assert (lead.value, lead.aim) == (Fraction(3, 4), 1)
    assert lead.said == "Bronze, 1 of 2 as needed (1 Met, 1 Nearly met)"
    assert care.said == "Not yet, 1 of 3 as needed (1 Met)"  # what nobody answered is not told as “Not met”


def test_points_are_told_as_points_and_never_as_a_share():
    mark = read(POINTS.text, "points")
    first, second = of(mark, A1=25, A2=10, B1=10).standings
    assert (first.said, first.aim_said) == ("35 of 50 points", "40 points")
    assert (second.said, second.aim_said) == ("10 of 25 points", "20 points")
    assert first.value == Fraction(7, 10)


def test_a_rated_standard_aims_at_the_start_of_its_band():
    mark = read(RATED.text, "rated")
    first = of(mark, A1=3, A2=3, A3=1, B1=3, C1=3).standings[0]
    assert (first.aim, first.said) == (Fraction(66, 100), "Silver, 77.77%")


def test_the_branches_below_an_opened_one_follow_it():
    document = next(mark for _, mark in MARKS if any(root.children for root in mark.roots))
    root = next(root for root in document.roots if root.children)
    found = of(document, document.levels[-1].code, opened=root.code)
    below = [each.code for each in found.standings if each.depth]
    assert below
    assert set(below) <= {child.code for child in root.children}
    assert len(found.top) == len(of(document, document.levels[-1].code).standings)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_of_framework_has_a_figure_for_each_standard(kind):
    mark = read(kind.text, kind.code)
    answered = {code: int(point) for code, point in kind.answers.items() if point.isdigit()}
    for standing in of(mark, **answered).standings:
        assert 0 <= standing.value <= 1
        assert standing.said
        assert kind.shares or "%" not in standing.said + standing.aim_said


def figures(found: Readiness) -> list[Fraction]:
    return [*(each.value for each in found.standings), found.value]


@each_mark
def test_a_better_answer_lowers_no_figure(seed, mark):
    random = Random(seed)
    scores, facts = drawn_scores(mark, random), drawn_facts(random)
    criterion = random.choice(mark.criteria)
    level = random.choice(mark.levels).code
    before: list[Fraction] = []
    for point in criterion.scale.from_worst:
        outcome = outcome_so_far(mark, scores | {criterion.code: Scored(point)}, facts, target=level)
        after = figures(readiness(outcome, level, NOTHING))
        assert all(old <= new for old, new in zip(before, after, strict=False))
        before = after


@each_mark
def test_a_whole_self_assessment_has_the_shares_and_the_level_that_the_framework_works_out(seed, mark):
    random = Random(seed)
    scores = {each.code: Scored(random.choice(list(each.scale.values))) for each in mark.criteria}
    outcome = outcome_so_far(mark, scores, {}, target=mark.levels[-1].code)
    found = readiness(outcome, mark.levels[-1].code, NOTHING)
    assert (found.level, found.reached) == (outcome.level, outcome.level == mark.levels[-1].code)
    shares = {each.code: outcome.nodes[each.code].total.share for each in found.standings}
    by_share = [each for each in found.standings if each.figure is Figure.SHARE]
    assert [each.value for each in by_share] == [min(max(shares[each.code], 0), 1) for each in by_share]


@each_mark
def test_the_lowest_standing_alike_reaches_the_level_and_every_branch_is_as_needed(seed, mark):
    scores = {each.code: Scored(each.scale.worst) for each in mark.criteria}
    start = outcome_so_far(mark, scores, {}, target=mark.levels[-1].code)
    for level in mark.levels:
        points = alike(start.sheet, level)
        if points is None:
            best = {each.code: Scored(each.scale.best) for each in mark.criteria}
            assert not levels_reached(outcome_so_far(mark, best, {}), level.rank)
            continue
        there = outcome_so_far(mark, {code: Scored(point) for code, point in points.items()}, {})
        assert levels_reached(there, level.rank)
        found = readiness(there, mark.levels[-1].code, NOTHING) if level is mark.levels[-1] else None
        assert found is None or (found.reached and found.value > 0)


def levels_reached(outcome: Outcome, rank: int) -> bool:
    return all(level.met for level in outcome.levels[: rank + 1])


RANGE = Scale("uptake", (), kind=ScaleKind.RANGE, span=Span(10, 60, 5, "%"))
RISK = Scale("risk", tuple(Point(value, Text.plain(str(value))) for value in (1, 2, 4)), lower_is_better=True)


@pytest.mark.parametrize("scale", [RANGE, RISK], ids=lambda scale: scale.code)
def test_a_place_on_a_scale_and_its_point_fit_each_other(scale):
    assert (position(scale, scale.worst), position(scale, scale.best)) == (0, 1)
    for value in scale.values:
        assert point_at(scale, position(scale, value)) == value
    assert point_at(RISK, Fraction(1, 3)) == 2
    assert point_at(RANGE, Fraction(1, 100)) == 15
