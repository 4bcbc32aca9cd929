"""Scores in, levels out: the arithmetic and the reasons."""

import json
from fractions import Fraction

import pytest

from app.domain.conditions import Comparator, FactIs, Measure, OfFacts, Quantifier, Stands
from app.domain.errors import Incomplete, NotFound, OffScale
from app.domain.framework import Limit, Method, Rounding, Stage, Way
from app.domain.scoring import NotApplicable, Scored, outcome, outcome_so_far, what_if
from app.domain.wording import Text
from tests.unit.domain.frameworks import FLAT, STAGED, criterion, framework, node, scored


def three(**more):
    return framework(node("A", criterion("A1"), criterion("A2")), node("B", criterion("B1")), **more)


def limit(at_most, when, because="It stands too low."):
    return Limit(when, at_most, Text.plain(because))


def lows(quantifier=Quantifier.ANY, kind="criterion", within=(), measure="score", edge=0, least=1):
    return Stands(quantifier, kind, within, Measure(measure), Comparator.AT_MOST, Fraction(edge), least)


def test_flat_and_staged_sums_give_different_answers_for_uneven_branches():
    scores = scored(A1=3, A2=3, B1=0)
    assert outcome(three(stages=FLAT), scores, {}).share == Fraction(2, 3)
    assert outcome(three(stages=STAGED), scores, {}).share == Fraction(1, 2)


def test_weights_count_in_both_ways_of_summing():
    mark = framework(
        node("A", criterion("A1", weight=Fraction(3)), criterion("A2")), node("B", criterion("B1"), weight=2)
    )
    assert outcome(mark, scored(A1=3, A2=0, B1=0), {}).share == Fraction(3, 5)
    staged = framework(*mark.roots, stages=STAGED)
    assert outcome(staged, scored(A1=3, A2=0, B1=3), {}).share == (Fraction(3, 4) + 2) / 3


def test_a_mean_inside_a_share_of_maximum_counts_as_one_share():
    stages = (Stage("standard", Way(Method.MEAN)), Stage("whole", Way(Method.SHARE_OF_MAXIMUM)))
    assert outcome(three(stages=stages), scored(A1=3, A2=0, B1=3), {}).share == Fraction(3, 4)


def test_an_edge_belongs_to_the_band_it_opens_with_no_room_for_rounding():
    five = framework(node("A", *(criterion(f"A{i}") for i in range(5))))
    on_it = outcome(five, scored(A0=3, A1=3, A2=3, A3=0, A4=0), {})
    assert (on_it.share, on_it.level) == (Fraction(3, 5), "bronze")
    below = outcome(five, scored(A0=3, A1=3, A2=2, A3=0, A4=0), {})
    assert (below.level, below.band) == (None, "Not yet")


@pytest.mark.parametrize(
    ("mode", "share"), [("half-up", "13/100"), ("half-even", "12/100"), ("down", "12/100"), ("up", "13/100")]
)
def test_rounding_happens_once_and_as_declared(mode, share):
    eight = framework(node("A", *(criterion(f"A{i}") for i in range(8))), rounding=Rounding(mode, Fraction(1, 100)))
    result = outcome(eight, scored(A0=3, **{f"A{i}": 0 for i in range(1, 8)}), {})
    assert result.exact_share == Fraction(1, 8)
    assert result.share == Fraction(share)


def test_a_good_share_cannot_buy_off_a_failed_criterion():
    mark = framework(
        node("A", criterion("A1", required={"bronze": 2, "silver": 2, "gold": 3}), criterion("A2", weight=9))
    )
    failed = outcome(mark, scored(A1=1, A2=3), {})
    assert (failed.level, failed.levels[0].knocked_out) == (None, ("A1",))
    assert "Bronze needs 2 in A1, which has 1." in failed.explanation
    assert outcome(mark, scored(A1=2, A2=3), {}).level == "silver"
    assert outcome(mark, scored(A1=3, A2=3), {}).level == "gold"


def test_a_level_looks_only_at_criteria_that_count_there_and_needs_the_levels_below():
    mark = framework(node("A", criterion("A1"), criterion("A2", level="silver"), criterion("A3", level="gold")))
    result = outcome(mark, scored(A1=3, A2=2, A3=0), {})
    assert [level.share for level in result.levels] == [Fraction(1), Fraction(5, 6), Fraction(5, 9)]
    assert result.level == "silver"
    upside_down = outcome(mark, scored(A1=1, A2=3, A3=3), {})
    assert upside_down.levels[1].short is True
    high_above = framework(node("A", criterion("A1"), criterion("A2", level="silver", weight=Fraction(20))))
    skipped = outcome(high_above, scored(A1=1, A2=3), {})
    assert (skipped.levels[1].met, skipped.levels[1].reached, skipped.level) == (True, False, None)


def test_with_a_target_higher_criteria_need_no_score():
    mark = framework(node("A", criterion("A1"), criterion("A2", level="gold")))
    assert outcome(mark, scored(A1=3), {}, target="silver").level == "silver"
    with pytest.raises(Incomplete) as refusal:
        outcome(mark, scored(A1=3), {})
    assert refusal.value.missing == ("A2",)


def test_what_is_not_applicable_leaves_points_and_maximum():
    result = outcome(three(), {"A1": Scored(3), "A2": NotApplicable("We own no building."), "B1": Scored(3)}, {})
    assert (result.share, result.complete) == (Fraction(1), True)


def test_where_nothing_applies_the_result_is_not_rated_and_never_full_marks():
    nothing = {code: NotApplicable("Not us.") for code in ("A1", "A2", "B1")}
    result = outcome(three(), nothing, {})
    assert (result.level, result.share, result.rated, result.band) == (None, None, False, "Not rated")
    assert result.explanation[0] == "Not rated: no criterion applies."


def test_a_criterion_out_by_rule_is_left_aside_even_when_scored():
    rule = FactIs("staff", Comparator.AT_LEAST, Fraction(1))
    mark = framework(node("A", criterion("A1"), criterion("A2", applies=rule)))
    assert outcome(mark, scored(A1=3, A2=0), {"staff": 0}).share == 1


@pytest.mark.parametrize("score", [Scored(4), Scored(-1), Scored(True), NotApplicable(" ")])
def test_what_is_no_score_of_the_scale_is_refused(score):
    with pytest.raises(OffScale):
        outcome_so_far(three(), {"A1": score}, {})


def test_an_unknown_code_is_refused():
    with pytest.raises(NotFound):
        outcome_so_far(three(), scored(Z9=1), {})


@pytest.mark.parametrize(
    ("when", "scores", "bites"),
    [
        (lows(), scored(A1=3, A2=3, B1=0), True),
        (lows(within=("A",)), scored(A1=3, A2=3, B1=0), False),
        (lows(within=("B1",)), scored(A1=3, A2=3, B1=0), True),
        (lows(Quantifier.COUNT, edge=2, least=2), scored(A1=2, A2=2, B1=3), True),
        (lows(Quantifier.COUNT, edge=2, least=3), scored(A1=2, A2=2, B1=3), False),
        (lows(Quantifier.ALL, within=("A",), edge=2), scored(A1=2, A2=2, B1=3), True),
        (lows(Quantifier.ALL, edge=2), scored(A1=2, A2=2, B1=3), False),
        (lows(kind="standard", measure="share", edge="1/3"), scored(A1=2, A2=3, B1=1), True),
        (lows(kind="standard", within=("A",), measure="share", edge="1/3"), scored(A1=2, A2=3, B1=1), False),
        (OfFacts(FactIs("regulated", Comparator.IS, True)), scored(A1=3, A2=3, B1=3), True),
    ],
)
def test_a_limit_bites_when_its_condition_holds(when, scores, bites):
    mark = three(limits=[limit("bronze", when)], levels=(("bronze", "0"), ("silver", "1"), ("gold", "2")))
    result = outcome(mark, scores, {"regulated": True})
    assert result.level == ("bronze" if bites else "gold")
    assert bool(result.limits_bit) is bites


def test_of_several_limits_the_lowest_wins():
    fact = OfFacts(FactIs("regulated", Comparator.IS, True))
    mark = three(limits=[limit("silver", fact, "Watched."), limit(None, fact, "A breach is open.")])
    result = outcome(mark, scored(A1=3, A2=3, B1=3), {"regulated": True})
    assert result.level is None
    assert result.least_lift == ("No score can reach Bronze while this holds: A breach is open.",)
    assert outcome(mark, scored(A1=3, A2=3, B1=3), {}).level == "gold"


def test_a_limit_looks_only_at_criteria_of_the_level():
    mark = framework(
        node("A", criterion("A1"), criterion("A2", level="gold")), limits=[limit("bronze", lows(), "Nothing done.")]
    )
    assert outcome(mark, scored(A1=3, A2=0), {}).level == "silver"


def test_scores_so_far_point_to_an_outcome_and_name_what_is_missing():
    result = outcome_so_far(three(), scored(A1=3), {})
    assert (result.level, result.complete, result.missing) == ("gold", False, ("A2", "B1"))
    assert result.explanation[0] == "So far, with 1 of 3 criteria scored, the scores point to Gold, with 100% in all."
    assert outcome_so_far(three(), {}, {}).explanation[0] == "Nothing is scored yet."


def test_what_if_gives_the_outcome_of_every_point_of_one_criterion():
    found = what_if(three(), scored(A1=3, A2=3), {}, "B1")
    assert {point: result.share for point, result in found.items()} == {
        point: Fraction(6 + point, 9) for point in range(4)
    }
    assert found[1].explanation == outcome(three(), scored(A1=3, A2=3, B1=1), {}).explanation


def test_the_least_lift_names_each_single_score_that_is_enough():
    assert outcome(three(), scored(A1=2, A2=2, B1=2), {}).least_lift == ("Silver needs 3 in A1, A2 or B1.",)
    assert outcome(three(), scored(A1=3, A2=3, B1=3), {}).least_lift == ()


def test_the_least_lift_says_how_far_it_is_where_no_single_score_is_enough():
    result = outcome(three(), scored(A1=0, A2=0, B1=0), {})
    assert result.least_lift == (
        "Bronze needs 60 more percentage points in all, from 0%.",
        "One way to get there, none of which can be left out: 3 in A1 and 3 in A2.",
    )
    mark = framework(node("A", *(criterion(f"A{i}", required={"bronze": 1}) for i in range(3))))
    knocked = outcome(mark, scored(A0=0, A1=0, A2=3), {})
    assert knocked.least_lift == (
        "Bronze needs at least 1 in A0, which has 0.",
        "Bronze needs at least 1 in A1, which has 0.",
        "Bronze needs 4.45 more percentage points in all after that, from 55.55%.",
        "One way to get there, none of which can be left out: 1 in A0 and 2 in A1.",
    )


def test_an_outcome_is_data_that_json_can_carry():
    data = json.loads(json.dumps(outcome(three(), scored(A1=3, A2=3, B1=0), {}).as_data()))
    assert data["level"] == "bronze"
    assert data["share"] == {"exact": "2/3", "percent": "66.66%"}
    assert data["nodes"][0] == {
        "code": "A",
        "title": "Standard A",
        "share": {"exact": "1", "percent": "100%"},
        "marks": "6",
        "rating": None,
        "way": "share-of-maximum",
        "parts": [
            {"code": "A1", "weight": "1", "earned": "3", "possible": "3", "met": True},
            {"code": "A2", "weight": "1", "earned": "3", "possible": "3", "met": True},
        ],
        "limits": [],
        "added": [],
        "from": "6 of 6 points.",
    }
    assert data["explanation"][0] == "The outcome is Bronze, with 66.66% in all."
