"""The shortest way to the next level is enough, and the explanation of the outcome says the same."""

from __future__ import annotations

import pytest

from app.domain.scoring import Scored, outcome_so_far
from app.domain.way_up import MOST_STEPS, sentences_beside, way_up
from app.frameworks import read
from tests.integration.kinds import KINDS, RATED
from tests.unit.domain import frameworks as small


def test_any_single_step_is_enough_and_is_named_in_the_explanation():
    mark = read(RATED.text, "rated")
    scores = {code: Scored(int(point)) for code, point in RATED.scores.items()}
    outcome = outcome_so_far(mark, scores, {})
    up = way_up(outcome)
    assert up.level == "silver"
    assert up.single
    for step in up.steps:
        criterion = mark.criterion(step.code)
        point = next(value for value in criterion.scale.values if criterion.scale.shown(value) == step.point)
        assert outcome_so_far(mark, scores | {step.code: Scored(point)}, {}).level == "silver"
        assert any(step.code in sentence for sentence in outcome.least_lift)


def test_where_no_single_step_is_enough_all_of_the_least_set_are():
    mark = small.framework(small.node("A", *(small.criterion(f"A{place}") for place in range(1, 6))))
    scores = small.scored(A1=1, A2=1, A3=1, A4=1, A5=1)
    up = way_up(outcome_so_far(mark, scores, {}))
    assert (up.level_title, up.single) == ("Bronze", ())
    assert up.introduced == "All of these together are enough for Bronze:"
    raised = {step.code: Scored(int(step.point.split()[0])) for step in up.together}
    assert outcome_so_far(mark, scores | raised, {}).level == "bronze"
    assert all(step.has == "1 Step 1" for step in up.together)


def test_a_long_way_is_told_in_part_and_says_how_much_was_left_out():
    mark = small.framework(small.node("A", *(small.criterion(f"A{place}") for place in range(40))))
    up = way_up(outcome_so_far(mark, {each.code: Scored(0) for each in mark.criteria}, {}))
    assert len(up.together) == MOST_STEPS
    assert up.more == 24 - MOST_STEPS


def test_nothing_is_left_to_lift_at_the_top_and_nothing_can_be_said_before_anything_is_answered():
    mark = small.framework(small.node("A", small.criterion("A1")))
    assert way_up(outcome_so_far(mark, small.scored(A1=3), {})) is None
    assert way_up(outcome_so_far(mark, {}, {})).steps == ()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_a_way_up_is_told_in_the_words_of_every_kind_of_scale(kind):
    mark = read(kind.text, kind.code)
    scores = {code: Scored(int(point)) for code, point in kind.answers.items() if point.isdigit()}
    up = way_up(outcome_so_far(mark, scores, kind.facts))
    for step in up.steps if up else ():
        assert step.has in kind.labels


def test_what_the_steps_say_already_is_not_said_again_in_sentences():
    mark = read(RATED.text, "rated")
    outcome = outcome_so_far(mark, {code: Scored(int(point)) for code, point in RATED.scores.items()}, {})
    up = way_up(outcome)
    more = "2 criteria have no score yet, so this may change."
    assert sentences_beside(up, (more, *outcome.least_lift)) == (more,)
    assert sentences_beside(None, (more,)) == (more,)


def test_what_would_be_enough_is_said_of_what_is_answered_so_far():
    mark = small.framework(small.node("A", small.criterion("A1"), small.criterion("A2")))
    assert way_up(outcome_so_far(mark, small.scored(A1=1), {})).introduced == (
        "Of what is answered so far, this would be enough for Bronze:"
    )
    assert way_up(outcome_so_far(mark, small.scored(A1=1, A2=2), {})).introduced == (
        "Any one of these is enough for Bronze:"
    )
