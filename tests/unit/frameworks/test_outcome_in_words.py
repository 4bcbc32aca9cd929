"""The rules of an outcome as handbooks read them out: every way of summing up, rating and deciding."""

from __future__ import annotations

import pytest

from app.frameworks import read
from app.frameworks.handbook import handbook
from app.frameworks.in_words import InWords
from app.frameworks.outcome_in_words import level_rules, outcome_in_words
from tests.unit.frameworks import test_constructs as constructs

SUMMED = f"of: criterion -> whole\n{constructs.BANDS}\nscore: "


def said(rules: str, scale: str = "steps", tree: str = constructs.TREE) -> tuple[str, tuple[str, ...]]:
    """The rules as one text, and what each level needs."""
    framework = read(constructs.source(rules, scale, tree), "construct")
    words = InWords(framework)
    assert handbook(framework).endswith("\n")
    return " ".join(outcome_in_words(words)), tuple(level_rules(words, level) for level in framework.levels)


@pytest.mark.parametrize(
    ("way", "sentence"),
    [
        ("mean", "The whole is the average of what is directly below it."),
        ("share-of-maximum", "The whole is the points earned below it, out of those that could be earned."),
        ("lowest", "The whole stands as low as the lowest that is directly below it."),
        ("highest", "The whole stands as high as the highest that is directly below it."),
        ("all-of", "The whole is met when everything directly below it is met."),
        ("{at_least: 2}", "The whole is met when at least 2 of what is directly below it is met."),
        ("{at_least: 60%}", "The whole is met when at least 60% of what is directly below it is met."),
    ],
)
def test_each_way_of_summing_up_is_told(way, sentence):
    text, levels = said(SUMMED + way)
    assert sentence in text and "Not yet from 0%, Bronze from 50% and Silver from 75%" in text
    assert levels == ("From 50% to below 75%", "75% or more")


def test_marks_are_told_as_points():
    text, levels = said(constructs.JOINT)
    assert "Bronze from 6 points" in text and levels == ("From 6 points to below 9.50 points", "9.50 points or more")
    assert (
        "No better than Bronze when it has less than 11 points and any criterion is scored 0. The sum is below 11"
        in text
    )


def test_what_is_judged_in_words_is_told_in_those_words_and_no_sum_is_claimed():
    text, levels = said(constructs.JUDGED, "words")
    assert "Silver when every criterion is scored Met or above." in text
    assert "Bronze when at least 75% of the criteria are scored Nearly met or above. Otherwise Needs work." in text
    assert "average" not in text and levels == ("Given by the rules of the outcome",) * 2


def test_ratings_of_parts_and_what_holds_them_down_are_told():
    text, _ = said(f"{constructs.RATED}by: lowest")
    assert "Each standard is rated None from 0%, Bronze from 50% and Silver from 80%." in text
    assert (
        "Each standard: No better than Bronze when its lowest criterion is at 0%. One of its criteria is not in place."
        in text
    )
    assert "The outcome gets the lowest rating of what is directly below it." in text


def test_levels_with_conditions_of_their_own_say_them():
    _, (bronze, silver) = said(constructs.COUNTED)
    assert bronze == "Given when at least 1 standard is rated Bronze or above"
    assert silver.endswith("and at least 1 standard among B is rated Silver or above")


def test_modifiers_and_nodes_with_a_way_of_their_own_are_told():
    text, _ = said(constructs.MODIFIED + constructs.BANDS)
    assert "Each standard starts from A1." in text
    assert (
        "Each standard: 20% is added when any criterion among A2 is scored 3 or more. The second is embedded." in text
    )
    assert "90% is taken away when any criterion among A3 is scored 0. The third is missing." in text
    assert "Each standard is then kept from 10% to 90%." in text
    tree = constructs.TREE.replace("title: First", "title: First\n    score: lowest")
    text, _ = said(f"of: criterion -> standard -> whole\nscore: mean\n{constructs.BANDS}", tree=tree)
    assert "A First stands as low as the lowest that is directly below it." in text
