"""Each way in which published schemes sum up, rate and decide, read from a file and scored."""

from fractions import Fraction

import pytest

from app.domain.errors import OffScale
from app.domain.scoring import NotApplicable, NotRated, Outcome, Passported, Scored, outcome
from app.frameworks import check_source, read

HEAD = """
framework: construct
edition: "1"
title: Construct
names: {tree: [standard, criterion]}
scales:
  steps: {points: {0: Not in place, 1: Started, 2: In place, 3: Embedded}, not_applicable: with-reason, not_rated: with-reason, met_from: 2}
  odd: {points: {0: None, 5: Little, 10: Some, 25: All}}
  risk: {better: lower, points: {1: Low, 2: Medium, 3: High}}
  percent: {range: {from: 0, to: 100, step: 5, unit: "%"}}
  words: {words: {not-met: Not met, nearly: Nearly met, met: Met}}
facts: {breach: {kind: yes-no, title: A breach is open}}
levels: [{code: bronze, title: Bronze}, {code: silver, title: Silver}]
"""
TREE = """
standards:
  - code: A
    title: First
    criteria:
      - {code: A1, text: One., scale: SCALE}
      - {code: A2, text: Two., scale: SCALE}
      - {code: A3, text: Three., scale: SCALE}
  - code: B
    title: Second
    criteria:
      - {code: B1, text: Four., scale: SCALE}
"""
BANDS = "bands: [{from: 0%, is: not-yet}, {from: 50%, is: bronze}, {from: 75%, is: silver}]"


def source(rules: str, scale: str = "steps", tree: str = TREE) -> str:
    lines = "\n".join(f"  {line}" for line in rules.strip().splitlines())
    return f"{HEAD}{tree.replace('SCALE', scale)}\noutcome:\n{lines}\n"


def score(rules: str, points: dict[str, int], scale: str = "steps", tree: str = TREE, **facts: object) -> Outcome:
    framework = read(source(rules, scale, tree), "construct")
    return outcome(framework, {code: Scored(point) for code, point in points.items()}, facts)


def problems(rules: str, scale: str = "steps", tree: str = TREE) -> list[str]:
    return [each.message for each in check_source(source(rules, scale, tree), "construct")]


FLAT = f"of: criterion -> whole\n{BANDS}\nscore: "


@pytest.mark.parametrize(
    ("way", "share"),
    [
        ("mean", Fraction(3 + 2 + 1 + 0, 12)),
        ("share-of-maximum", Fraction(6, 12)),
        ("sum", Fraction(6, 12)),
        ("lowest", Fraction(0)),
        ("highest", Fraction(1)),
        ("all-of", Fraction(0)),
        ("{at_least: 2}", Fraction(1)),
        ("{at_least: 3}", Fraction(0)),
        ("{at_least: 50%}", Fraction(1)),
    ],
)
def test_each_way_of_summing_up(way, share):
    rules = FLAT + way if way != "sum" else "of: criterion -> whole\nscore: sum\n" + POINTS
    assert score(rules, {"A1": 3, "A2": 2, "A3": 1, "B1": 0}).exact_share == share


POINTS = "bands: [{from: 0 points, is: not-yet}, {from: 6 points, is: bronze}, {from: 9.5 points, is: silver}]"


def test_a_sum_is_judged_in_points_and_says_so():
    rules = f"of: criterion -> whole\nscore: sum\n{POINTS}"
    result = score(rules, {"A1": 3, "A2": 3, "A3": 0, "B1": 3})
    assert (result.level, result.marks) == ("bronze", 9)
    assert result.explanation[0] == "The outcome is Bronze, with 9 points in all."
    assert "Silver needs 9.50 points, and the sum over 4 criteria is 9 points." in result.explanation
    assert result.least_lift == ("Silver needs 1 in A3.",)


def test_irregular_points_earn_what_they_say():
    assert score(f"{FLAT}share-of-maximum", {"A1": 25, "A2": 5, "A3": 10, "B1": 0}, "odd").share == Fraction(40, 100)


def test_a_scale_where_lower_is_better_is_read_backwards():
    result = score(f"{FLAT}mean", {"A1": 1, "A2": 1, "A3": 1, "B1": 3}, "risk")
    assert result.share == Fraction(3 + 3 + 3 + 1, 12)
    assert result.least_lift == ()
    worse = score(f"{FLAT}mean", {"A1": 1, "A2": 2, "A3": 3, "B1": 3}, "risk")
    assert worse.least_lift[-1] == "Silver needs 1 in A3 or B1." or worse.level == "bronze"


def test_a_range_takes_every_step_and_nothing_between():
    assert score(f"{FLAT}mean", {"A1": 85, "A2": 75, "A3": 70, "B1": 70}, "percent").share == Fraction(3, 4)
    with pytest.raises(OffScale, match="from 0 to 100 in steps of 5, not 72"):
        score(f"{FLAT}mean", {"A1": 72, "A2": 0, "A3": 0, "B1": 0}, "percent")


JUDGED = """
of: criterion -> standard -> whole
table:
  - {is: silver, when: {all: {criterion: {score: {at_least: met}}}}}
  - {is: bronze, when: {count: {at_least: 75%, criterion: {score: {at_least: nearly}}}}}
  - {otherwise: not-yet, title: Needs work}
"""


def test_standards_are_judged_directly_in_words_and_nothing_is_added_up():
    met = score(JUDGED, {"A1": 2, "A2": 2, "A3": 2, "B1": 2}, "words")
    assert (met.level, met.share, met.rated) == ("silver", None, True)
    assert met.explanation == (
        "The outcome is Silver.",
        "Bronze is reached: every criterion at Met or above.",
        "Silver is reached: every criterion at Met or above.",
    )
    three = score(JUDGED, {"A1": 2, "A2": 1, "A3": 1, "B1": 0}, "words")
    assert three.level == "bronze"
    assert score(JUDGED, {"A1": 2, "A2": 2, "A3": 0, "B1": 0}, "words").band == "Needs work"
    assert three.least_lift == (
        "One way to get there, none of which can be left out: “Met” in B1, “Met” in A2 and “Met” in A3.",
    )


RATED = """
of: criterion -> standard -> whole
score: share-of-maximum
rate:
  standard:
    bands: [{from: 0%, is: none}, {from: 50%, is: bronze}, {from: 80%, is: silver}]
    limits:
      - {when: {lowest: {at_most: 0%}}, at_most: bronze, because: One of its criteria is not in place.}
"""


@pytest.mark.parametrize(("by", "level"), [("lowest", "bronze"), ("highest", "silver"), ("best-fit", "bronze")])
def test_the_whole_can_follow_the_ratings_of_its_parts(by, level):
    result = score(f"{RATED}by: {by}", {"A1": 3, "A2": 3, "A3": 3, "B1": 2})
    assert [result.nodes[code].rating for code in "AB"] == ["silver", "bronze"]
    assert result.level == level


def test_a_limit_holds_a_part_down_and_says_so():
    result = score(f"{RATED}by: lowest", {"A1": 3, "A2": 3, "A3": 0, "B1": 3})
    assert result.nodes["A"].rating == "bronze"
    capped = score(f"{RATED}by: lowest".replace("{from: 80%", "{from: 60%"), {"A1": 3, "A2": 3, "A3": 0, "B1": 3})
    assert (
        capped.nodes["A"].from_words == "6 of 9 points. Rated Bronze. Held down: One of its criteria is not in place."
    )


COUNTED = """
of: criterion -> standard -> whole
score: share-of-maximum
rate:
  standard: {bands: [{from: 0%, is: none}, {from: 50%, is: bronze}, {from: 80%, is: silver}]}
needs:
  bronze: {count: {at_least: 1, standard: {rating: {at_least: bronze}}}}
  silver:
    all:
      - {all: {standard: {rating: {at_least: bronze}}}}
      - {count: {at_least: 1, standard: {in: [B], rating: {at_least: silver}}}}
"""


def test_levels_can_need_counts_of_named_parts():
    assert score(COUNTED, {"A1": 3, "A2": 3, "A3": 0, "B1": 2}).level == "bronze"
    assert score(COUNTED, {"A1": 3, "A2": 3, "A3": 0, "B1": 3}).level == "silver"
    missed = score(COUNTED, {"A1": 3, "A2": 3, "A3": 0, "B1": 2}).explanation[-1]
    assert missed == (
        "Silver needs every standard at Bronze or above and at least 1 standard among B at Silver or above."
    )


def test_every_level_can_need_the_same_share_of_its_own_criteria():
    tree = TREE.replace("text: Two., scale: SCALE", "text: Two., scale: SCALE, level: silver")
    rules = "of: criterion -> whole\nscore: all-of\nneeds: 100%"
    assert score(rules, {"A1": 2, "A2": 1, "A3": 3, "B1": 2}, tree=tree).level == "bronze"
    assert score(rules, {"A1": 2, "A2": 2, "A3": 3, "B1": 2}, tree=tree).level == "silver"


def test_staged_maturity_stops_at_the_first_stage_that_is_not_complete():
    tree = TREE.replace("text: Two., scale: SCALE", "text: Two., scale: SCALE, level: silver")
    rules = "of: criterion -> standard -> whole\nscore: mean\nrate: {standard: levels}\nby: lowest"
    assert score(rules, {"A1": 2, "A2": 2, "A3": 2, "B1": 2}, tree=tree).nodes["A"].rating == "silver"
    skipped = score(rules, {"A1": 0, "A2": 3, "A3": 3, "B1": 2}, tree=tree)
    assert (skipped.nodes["A"].rating, skipped.level) == ("", None)


MODIFIED = """
of: criterion -> standard -> whole
score:
  standard:
    start_from: A1
    add:
      - {when: {any: {criterion: {in: A2, score: {at_least: 3}}}}, by: 20%, because: The second is embedded.}
      - {when: {any: {criterion: {in: A3, score: {at_most: 0}}}}, by: -90%, because: The third is missing.}
    between: [10%, 90%]
  whole: mean
"""


def test_a_base_is_moved_by_modifiers_and_kept_in_its_range():
    rules = MODIFIED + BANDS
    assert score(rules, {"A1": 2, "A2": 0, "A3": 1, "B1": 3}).nodes["A"].share == Fraction(2, 3)
    lifted = score(rules, {"A1": 2, "A2": 3, "A3": 1, "B1": 3})
    assert lifted.nodes["A"].share == Fraction(2, 3) + Fraction(1, 5)
    assert lifted.nodes["A"].from_words == "Starts from A1. The second is embedded."
    assert score(rules, {"A1": 3, "A2": 3, "A3": 1, "B1": 3}).nodes["A"].share == Fraction(9, 10)
    assert score(rules, {"A1": 1, "A2": 0, "A3": 0, "B1": 3}).nodes["A"].share == Fraction(1, 10)


def test_a_distance_is_measured_from_the_expected_point_above_and_below():
    tree = TREE.replace("scale: SCALE}", "scale: SCALE, expected: 2}")
    rules = (
        "of: criterion -> whole\nscore: distance\n"
        "bands: [{from: -8, is: not-yet}, {from: -1, is: bronze}, {from: 2 points, is: silver}]"
    )
    assert score(rules, {"A1": 1, "A2": 2, "A3": 2, "B1": 2}, tree=tree).marks == -1
    assert score(rules, {"A1": 1, "A2": 2, "A3": 2, "B1": 2}, tree=tree).level == "bronze"
    assert score(rules, {"A1": 3, "A2": 3, "A3": 2, "B1": 2}, tree=tree).level == "silver"
    assert score(rules, {"A1": 1, "A2": 1, "A3": 2, "B1": 2}, tree=tree).level is None


def test_a_node_may_sum_up_in_a_way_of_its_own():
    tree = TREE.replace("title: First", "title: First\n    score: lowest")
    rules = f"of: criterion -> standard -> whole\nscore: mean\n{BANDS}"
    assert score(rules, {"A1": 3, "A2": 3, "A3": 0, "B1": 3}, tree=tree).share == Fraction(1, 2)


JOINT = f"""
of: criterion -> whole
score: sum
{POINTS}
limits:
  - when: {{all: [{{points: {{below: 11}}}}, {{any: {{criterion: {{score: {{at_most: 0}}}}}}}}]}}
    at_most: bronze
    because: The sum is below 11 and something is not in place.
"""


def test_a_cap_can_look_at_the_sum_and_the_worst_score_together():
    held = score(JOINT.replace("9.5 points", "9 points"), {"A1": 3, "A2": 3, "A3": 3, "B1": 0})
    assert (held.level, len(held.limits_bit)) == ("bronze", 1)
    assert score(JOINT.replace("9.5 points", "9 points"), {"A1": 3, "A2": 3, "A3": 2, "B1": 1}).level == "silver"


AGAINST = """
of: criterion -> whole
table:
  - {is: silver, when: {all: [{points_against: {at_most: 5}}, {all: {criterion: {score: {at_most: 1}}}}]}}
  - {is: bronze, when: {points_against: {at_most: 8}}}
  - {otherwise: not-yet}
"""


def test_points_against_are_added_as_they_were_given_and_capped_with_the_worst_of_them():
    assert score(AGAINST, {"A1": 1, "A2": 1, "A3": 1, "B1": 1}, "risk").level == "silver"
    one_bad = score(AGAINST, {"A1": 1, "A2": 1, "A3": 1, "B1": 2}, "risk")
    assert (one_bad.level, one_bad.least_lift) == ("bronze", ("Silver needs 1 in B1.",))
    assert score(AGAINST, {"A1": 2, "A2": 2, "A3": 2, "B1": 3}, "risk").level is None
    assert any("no scale says `better: lower`" in each for each in problems(AGAINST))


def test_a_limit_that_changes_nothing_is_told_apart_from_one_that_does():
    rules = JOINT + "  - {when: {fact: {breach: true}}, at_most: not-yet, because: A breach is open.}"
    result = score(rules, {"A1": 1, "A2": 1, "A3": 0, "B1": 0}, breach=True)
    assert (result.level, result.limits_bit) == (None, ())
    assert {str(limit.because) for limit in result.limits_waiting} == {
        "A breach is open.",
        "The sum is below 11 and something is not in place.",
    }


def test_a_limit_can_cap_the_share_itself():
    rules = f"{FLAT}mean\nlimits:\n  - {{when: {{fact: {{breach: true}}}}, at_most: 60%, because: A breach is open.}}"
    result = score(rules, {"A1": 3, "A2": 3, "A3": 3, "B1": 3}, breach=True)
    assert (result.level, result.share) == ("bronze", Fraction(3, 5))
    assert "The share is held at 60%: A breach is open." in result.explanation


@pytest.mark.parametrize(("excluded", "share"), [("leaves", "1"), ("full", "1"), ("nothing", "3/4")])
def test_what_does_not_apply_leaves_the_sum_or_counts_as_the_scheme_says(excluded, share):
    framework = read(source(f"{FLAT}mean\nnot_applicable: {excluded}"), "construct")
    given = {code: Scored(3) for code in ("A1", "A2", "A3")} | {"B1": NotApplicable("No such service.")}
    assert outcome(framework, given, {}).share == Fraction(share)


def test_what_is_not_rated_is_in_no_sum_and_meets_no_required_point():
    tree = TREE.replace("text: Four., scale: SCALE", "text: Four., scale: SCALE, required: 1")
    framework = read(source(f"{FLAT}mean", tree=tree), "construct")
    given = {code: Scored(3) for code in ("A1", "A2", "A3")} | {"B1": NotRated("The files were not shown.")}
    result = outcome(framework, given, {})
    assert (result.share, result.level, result.complete) == (Fraction(1), None, True)
    assert "Bronze needs 1 in B1, which has no rating." in result.explanation
    assert result.least_lift == ("Bronze needs a rating of B1.",)


def test_a_passport_answers_a_criterion_and_is_told_with_its_end():
    framework = read(source(f"{FLAT}mean"), "construct")
    given = {code: Scored(3) for code in ("A1", "A2", "A3")} | {"B1": Passported("Trusted Standard", point=2)}
    result = outcome(framework, given, {})
    assert result.share == Fraction(11, 12)
    assert "B1 is answered by Trusted Standard." in result.explanation


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (FLAT + "sum", "expected points such as 40 points, not `50%`"),
        (f"{FLAT}mean".replace("50%", "50 points"), "`50 points` needs a sum in points"),
        (f"{FLAT}lowst", "`lowst` is not known here; did you mean"),
        (f"{FLAT}{{at_least: 9}}", "with every criterion at its best"),
        (
            f"of: criterion -> whole\nscore: mean\n{BANDS}\nneeds: 50%",
            "expected just one of `bands`, `needs`, `table` or `by`",
        ),
        (f"{FLAT}distance", "no criterion says which point is `expected`"),
        (
            "of: criterion -> whole\ntable:\n  - {is: bronze, when: {all: {criterion: {score: {at_least: 1}}}}}\n"
            "  - {is: silver, when: {all: {criterion: {score: {at_least: 3}}}}}\n  - {otherwise: not-yet}",
            "a better score could lower the outcome: `bronze` asks for high scores, and a better one follows",
        ),
        (
            "of: criterion -> whole\ntable:\n  - {is: silver, when: {all: {criterion: {score: {at_least: 3}}}}}",
            "the rules leave a hole; end with what holds otherwise",
        ),
        (
            "of: criterion -> whole\ntable:\n  - {otherwise: not-yet}\n"
            "  - {is: silver, when: {all: {criterion: {score: {at_least: 3}}}}}",
            "nothing comes here: the rule before it always holds",
        ),
        (
            "of: criterion -> whole\ntable:\n  - {is: silver, when: {count: {at_least: 5, criterion: {score: {at_least: 3}}}}}\n"
            "  - {otherwise: bronze}",
            "this can never hold: it counts 5, and there are only 4",
        ),
        (
            "of: criterion -> whole\ntable:\n  - {is: silver, when: {all: {criterion: {score: {above: 3}}}}}\n  - {otherwise: bronze}",
            "this can never hold: no scale here goes up to above 3",
        ),
        (
            f"{FLAT}{{start_from: mean, add: [{{when: {{lowest: {{at_most: 0%}}}}, by: 5%, because: Odd.}}]}}",
            "only ask for high scores",
        ),
    ],
)
def test_rules_that_cannot_be_meant_are_refused(rules, message):
    assert any(message in each for each in problems(rules)), problems(rules)


def test_one_condition_cannot_compare_points_of_scales_that_run_both_ways():
    tree = TREE.replace("text: Two., scale: SCALE", "text: Two., scale: risk")
    rules = f"{FLAT}mean\nlimits:\n  - {{when: {{any: {{criterion: {{score: {{at_most: 1}}}}}}}}, at_most: bronze, because: Low.}}"
    assert any("ask for the `share`" in each for each in problems(rules, tree=tree))
