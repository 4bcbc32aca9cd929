"""Many sheets are given the same levels as one by one, in every way of judging."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.framework import Framework
from app.domain.scoring import NotApplicable, NotRated, Score, Scored, outcome_so_far
from app.domain.scoring.many import Judge
from app.domain.scoring.packed import pack, unpack
from app.frameworks import load, read
from tests.unit.frameworks.test_construct_properties import cases, same_examples
from tests.unit.frameworks.test_constructs import AGAINST, BANDS, COUNTED, FLAT, JOINT, JUDGED, MODIFIED, RATED, source

STANDARDS = Path(__file__).resolve().parents[3] / "standards"
SHIPPED = [
    path
    for path in sorted(STANDARDS.glob("*/*.yaml"))
    if path.parent.name != "lists" and path.stem not in ("scheme", "cases")
]


def level_of(
    mark: Framework, scores: dict[str, Score], facts: dict[str, object], target: str | None = None
) -> str | None:
    return Judge(mark, target).levels([(pack(mark, scores), facts)])[0]


@same_examples
@given(cases())
def test_every_way_of_judging_gives_the_same_level(case):
    mark, points, _, _ = case
    scores = {code: Scored(point) for code, point in points.items()}
    assert level_of(mark, scores, {}) == outcome_so_far(mark, scores, {}).level


def drawn(mark: Framework, random: Random, best: float) -> dict[str, Score]:
    """Scores of every state: `best` is how likely a criterion is at its best."""
    scores: dict[str, Score] = {}
    for criterion in mark.criteria:
        kind = random.random()
        if kind < best:
            scores[criterion.code] = Scored(criterion.scale.best)
        elif kind < best + (1 - best) * 0.9:
            scores[criterion.code] = Scored(random.choice(list(criterion.scale.values)))
        elif kind < best + (1 - best) * 0.95 and criterion.scale.not_applicable == "with-reason":
            scores[criterion.code] = NotApplicable("Not us.")
        elif criterion.scale.not_rated == "with-reason":
            scores[criterion.code] = NotRated("Not seen.")
    return scores


def drawn_facts(mark: Framework, random: Random) -> dict[str, object]:
    facts: dict[str, object] = {}
    for code, fact in mark.facts.items():
        match fact.kind:
            case "money" | "count":
                facts[code] = random.choice([None, 0, 3, 40000, 2000000])
            case "yes-no":
                facts[code] = random.choice([None, True, False, False])
            case "choice":
                facts[code] = random.choice(fact.choices)[0]
    return facts


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_shipped_frameworks_give_the_same_levels_with_every_state_fact_and_target(path):
    mark, random, found = load(path), Random(7), set()
    judges = {target: Judge(mark, target) for target in (None, *(level.code for level in mark.levels))}
    for place in range(150):
        scores, facts = drawn(mark, random, (0.0, 0.6, 0.9, 0.99)[place % 4]), drawn_facts(mark, random)
        for target, judge in judges.items():
            level = judge.levels([(pack(mark, scores), facts)])[0]
            assert level == outcome_so_far(mark, scores, facts, target=target).level
            found.add(level)
    assert len(found) > 1


@pytest.mark.parametrize(
    "rules",
    [
        AGAINST.replace("1}}", "2}}"),
        COUNTED,
        JOINT,
        JUDGED.replace("met", "3").replace("nearly", "2"),
        MODIFIED + BANDS,
        f"{RATED}by: best-fit",
        f"{FLAT}share-of-maximum\nrounding: {{mode: half-up, to: 5%}}",
        f"{FLAT}mean\nrounding: {{mode: half-even, to: 1%}}\nnot_applicable: nothing",
        f"{FLAT}mean\nnot_applicable: full\nlimits:\n  - {{when: {{fact: {{breach: true}}}}, at_most: bronze, because: Breach.}}",
    ],
)
def test_every_state_counts_as_it_does_one_by_one(rules):
    mark, random = read(source(rules, "risk" if "against" in rules else "steps"), "construct"), Random(11)
    judge = Judge(mark)
    for _ in range(300):
        scores, facts = drawn(mark, random, 0.3), {"breach": random.choice([None, True, False])}
        assert judge.levels([(pack(mark, scores), facts)])[0] == outcome_so_far(mark, scores, facts).level


@given(st.data())
@same_examples
def test_a_packed_sheet_holds_every_score_and_state(data):
    mark = read(source(f"{FLAT}mean"), "construct")
    scores = drawn(mark, Random(data.draw(st.integers(0, 10_000))), 0.2)
    kept = unpack(mark, pack(mark, scores))
    assume(scores)
    assert {code: type(score) for code, score in kept.items()} == {code: type(score) for code, score in scores.items()}
    assert [score.point for score in kept.values() if isinstance(score, Scored)] == [
        score.point for score in scores.values() if isinstance(score, Scored)
    ]
