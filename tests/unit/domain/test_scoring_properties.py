"""What holds of every outcome, whatever the scores."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.conditions import Comparator, Measure, Quantifier, Stands
from app.domain.framework import Framework, Limit, Rounding
from app.domain.scoring import NotApplicable, Scored, outcome, what_if
from app.domain.wording import Text
from tests.unit.domain.frameworks import FLAT, LEVELS, STAGED, criterion, framework, node

CODES = ("A0", "A1", "A2", "B0", "B1", "C0")
RANKS = (None, *(code for code, _ in LEVELS))


@st.composite
def frameworks(draw) -> Framework:
    def a_criterion(code):
        level = draw(st.sampled_from(RANKS[1:]))
        required = {level: draw(st.integers(1, 3))} if draw(st.booleans()) else {}
        return criterion(code, level=level, required=required, weight=Fraction(draw(st.integers(1, 5)), 2))

    roots = [node(name, *(a_criterion(code) for code in CODES if code[0] == name)) for name in "ABC"]
    low = Stands(
        Quantifier.COUNT, "criterion", (), Measure.SCORE, Comparator.AT_MOST, Fraction(0), draw(st.integers(1, 3))
    )
    weak = Stands(Quantifier.ANY, "standard", (), Measure.SHARE, Comparator.BELOW, Fraction(1, 2))
    limits = [Limit(low, None, Text.plain("Too many gaps.")), Limit(weak, "bronze", Text.plain("A weak standard."))]
    rounding = draw(st.sampled_from([None, Rounding("half-up", Fraction(1, 100))]))
    return framework(*roots, stages=draw(st.sampled_from([FLAT, STAGED])), limits=limits, rounding=rounding)


# The same examples on every run: a failure is a change of the rules, never of luck.
same_examples = settings(max_examples=100, deadline=None, derandomize=True)

points = st.fixed_dictionaries({code: st.integers(0, 3).map(Scored) for code in CODES})
answers = st.fixed_dictionaries(
    {code: st.one_of(st.integers(0, 3).map(Scored), st.just(NotApplicable("Not us."))) for code in CODES}
)


@same_examples
@given(frameworks(), points, st.sampled_from(CODES))
def test_raising_a_score_never_lowers_the_level_or_the_share(mark, scores, code):
    results = [result for _, result in sorted(what_if(mark, scores, {}, code).items())]
    ranks = [RANKS.index(result.level) for result in results]
    assert ranks == sorted(ranks)
    assert [result.share for result in results] == sorted(result.share for result in results)


@same_examples
@given(frameworks(), answers)
def test_not_applicable_never_makes_full_marks_from_nothing(mark, scores):
    result = outcome(mark, scores, {})
    earned = [score.point for score in scores.values() if isinstance(score, Scored)]
    assert result.rated is bool(earned)
    assert (result.share == 1) is bool(earned and min(earned) == 3)
    if not earned:
        assert result.level is None


@same_examples
@given(frameworks(), answers, st.randoms(use_true_random=False))
def test_the_order_of_siblings_never_matters(mark, scores, random):
    def shuffled(items):
        items = list(items)
        random.shuffle(items)
        return tuple(items)

    roots = tuple(replace(root, criteria=shuffled(root.criteria)) for root in shuffled(mark.roots))
    one, other = outcome(mark, scores, {}), outcome(replace(mark, roots=roots), scores, {})
    assert (one.level, one.share) == (other.level, other.share)
    assert {code: found.share for code, found in one.nodes.items()} == {
        code: found.share for code, found in other.nodes.items()
    }


@same_examples
@given(frameworks(), points)
def test_a_single_score_said_to_be_enough_is_enough_and_one_less_is_not(mark, scores):
    from app.domain.scoring.lift import single_lifts
    from app.domain.scoring.sheet import Sheet
    from app.domain.scoring.verdict import stand_all

    before = outcome(mark, scores, {})
    sheet = Sheet.of(mark, scores, {}, None)
    standing = next((each for each in stand_all(sheet) if not each.met), None)
    if standing is None or standing.totals.share is None or before.next_level.met:
        return
    for code, point in single_lifts(sheet, standing).items():
        reached = [level.reached for level in outcome(mark, scores | {code: Scored(point)}, {}).levels]
        nearly = [level.reached for level in outcome(mark, scores | {code: Scored(point - 1)}, {}).levels]
        assert reached[standing.level.rank]
        assert not nearly[standing.level.rank]
