"""What holds of every framework that is accepted, drawn over the whole of the format, with every state and fact."""

import json
from random import Random

import pytest

from app.domain.framework import Framework
from app.domain.scoring import Outcome, Scored, outcome_so_far, what_if
from app.domain.scoring.lift import least_set, single_lifts
from app.domain.scoring.many import Judge
from app.domain.scoring.packed import pack
from app.domain.scoring.verdict import stand, stand_all
from tests.unit.frameworks.drawn import Draw, drawn_facts, drawn_framework, drawn_scores, turned

HIGH = (0.0, 0.3, 0.7, 0.9)  # how many scores are at their best


def accepted(seeds: range) -> list[tuple[int, Framework]]:
    found = ((seed, drawn_framework(Draw(seed).document)) for seed in seeds)
    return [(seed, mark) for seed, mark in found if mark is not None]


MARKS = accepted(range(160))
each_mark = pytest.mark.parametrize(
    ("seed", "mark"), MARKS, ids=lambda value: str(value) if value in range(999) else ""
)


def seen(result: Outcome) -> tuple[object, ...]:
    nodes = {code: (node.share, node.rating) for code, node in sorted(result.nodes.items())}
    return result.level, result.band, result.share, result.marks, nodes


def test_enough_of_the_drawn_frameworks_are_accepted():
    assert len(MARKS) > 40


@each_mark
def test_a_better_score_lowers_no_outcome_share_or_rating(seed, mark):
    random = Random(seed)
    for high in HIGH:
        scores, facts = drawn_scores(mark, random, high), drawn_facts(random)
        criterion = random.choice(mark.criteria)
        results = [
            outcome_so_far(mark, scores | {criterion.code: Scored(point)}, facts)
            for point in criterion.scale.from_worst
        ]
        ranks = [sum(level.reached for level in result.levels) for result in results]
        assert ranks == sorted(ranks)
        for node in mark.nodes:
            ratings = [result.nodes[node.code].total.rating for result in results]
            shares = [result.nodes[node.code].share for result in results]
            for values in (ratings, shares):
                known = [value for value in values if value is not None]
                assert known == sorted(known)
                assert len(known) in (0, len(values))  # whether anything is rated never hangs on how good it is


@each_mark
def test_many_sheets_get_the_levels_that_each_gets_alone_for_every_target(seed, mark):
    random = Random(seed)
    sheets = [(drawn_scores(mark, random, high), drawn_facts(random)) for high in HIGH]
    for target in (None, *(level.code for level in mark.levels)):
        alone = [outcome_so_far(mark, scores, facts, target=target).level for scores, facts in sheets]
        assert Judge(mark, target).levels([(pack(mark, scores), facts) for scores, facts in sheets]) == alone


@each_mark
def test_the_order_of_siblings_changes_nothing(seed, mark):
    random = Random(seed)
    other = drawn_framework(turned(Draw(seed).document))
    assert other is not None
    for high in HIGH:
        scores, facts = drawn_scores(mark, random, high), drawn_facts(random)
        assert seen(outcome_so_far(mark, scores, facts)) == seen(outcome_so_far(other, scores, facts))


@each_mark
def test_what_if_is_the_outcome_with_that_score(seed, mark):
    random = Random(seed)
    scores, facts = drawn_scores(mark, random), drawn_facts(random)
    for criterion in outcome_so_far(mark, scores, facts).sheet.criteria[:3]:
        for point, tried in what_if(mark, scores, facts, criterion.code).items():
            given = outcome_so_far(mark, scores | {criterion.code: Scored(point)}, facts)
            assert json.dumps(tried.as_data()) == json.dumps(given.as_data())


@each_mark
def test_the_least_lift_is_told_is_enough_and_is_the_least(seed, mark):
    random = Random(seed)
    for high in HIGH:
        result = outcome_so_far(mark, drawn_scores(mark, random, high), drawn_facts(random))
        standing = next((each for each in stand_all(result.sheet) if not each.met), None)
        assert bool(result.least_lift) is (standing is not None)
        if standing is None or not standing.points:
            continue
        level, points = standing.level, standing.points
        for code, point in single_lifts(result.sheet, standing).items():
            assert stand(result.sheet, level, {**points, code: point}).met
        raised = least_set(result.sheet, standing)
        assert not raised or stand(result.sheet, level, {**points, **raised}).met
        for code in raised:
            rest = {other: point for other, point in raised.items() if other != code}
            assert not stand(result.sheet, level, {**points, **rest}).met


@each_mark
def test_no_score_is_said_to_help_just_where_none_does(seed, mark):
    random = Random(seed)
    for high in HIGH:
        scores, facts = drawn_scores(mark, random, high), drawn_facts(random)
        result = outcome_so_far(mark, scores, facts)
        if not any("No score can reach" in sentence for sentence in result.least_lift):
            continue
        fixed = {*result.sheet.passported, *result.sheet.not_applicable}
        best = {each.code: Scored(each.scale.best) for each in result.sheet.criteria if each.code not in fixed}
        wanted = next(level.code for level in result.levels if not level.met)
        lifted = outcome_so_far(mark, scores | best, facts)
        assert not next(level for level in lifted.levels if level.code == wanted).met
