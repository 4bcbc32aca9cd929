"""Corners of the engine where a wrong answer would look like a right one."""

from fractions import Fraction

import pytest

from app.domain.scoring import Outcome, Passported, Scored, outcome, what_if
from app.domain.scoring.many import Judge
from app.domain.scoring.packed import pack
from app.frameworks import read
from tests.unit.frameworks.test_constructs import BANDS, FLAT, TREE, score, source

STAGED = "of: criterion -> standard -> whole\nscore: share-of-maximum\n"


def at(result: Outcome) -> int:
    return sum(level.reached for level in result.levels)


def with_header(lines: str, rules: str, scale: str = "steps") -> str:
    return source(rules, scale).replace("levels: [", f"{lines}\nlevels: [", 1)


def test_a_capped_part_weighs_as_much_as_before():
    rules = f"""{STAGED}rate:
  standard:
    bands: [{{from: 0%, is: bronze}}, {{from: 90%, is: silver}}]
    limits: [{{when: {{lowest: {{at_most: 0%}}}}, at_most: 50%, because: One is not in place.}}]
{BANDS}"""
    held = score(rules, {"A1": 3, "A2": 3, "A3": 0, "B1": 3})
    assert held.nodes["A"].share == Fraction(1, 2)
    assert held.share == Fraction(Fraction(9, 2) + 3, 12)
    assert score(rules, {"A1": 3, "A2": 3, "A3": 1, "B1": 3}).share == Fraction(10, 12)


@pytest.mark.parametrize("way", ["lowest", "highest"])
@pytest.mark.parametrize("edge", [10, 20, 30, 40, 60, 70, 80, 90])
def test_many_sheets_reach_an_edge_that_floating_point_cannot_write(way, edge):
    rules = f"of: criterion -> whole\nscore: {way}\nbands: [{{from: 0%, is: not-yet}}, {{from: {edge}%, is: bronze}}, {{from: 100%, is: silver}}]"
    mark = read(source(rules, "percent"), "edge")
    scores = {each.code: Scored(edge) for each in mark.criteria}
    assert Judge(mark).levels([(pack(mark, scores), {})]) == ["bronze"] == [outcome(mark, scores, {}).level]


def test_weights_without_a_common_measure_are_scored_one_by_one():
    primes = [value for value in range(999_000, 1_000_000) if all(value % each for each in range(2, 1000))][:60]
    criteria = "\n".join(
        f"      - {{code: A{place}, text: x, scale: steps, weight: 1/{prime}}}" for place, prime in enumerate(primes)
    )
    tree = f"standards:\n  - code: A\n    title: First\n    weight: 3\n    criteria:\n{criteria}"
    mark = read(source(f"of: criterion -> standard -> whole\nscore: mean\n{BANDS}", tree=tree), "primes")
    scores = {each.code: Scored(2) for each in mark.criteria}
    assert Judge(mark).levels([(pack(mark, scores), {})]) == ["bronze"]


def test_a_word_between_two_levels_gives_the_lower_of_them():
    words = "[low, bronze, nearly, silver]"
    declared = ", ".join(f"{{code: {word}, title: {word}}}" for word in words.strip("[]").split(", "))
    rules = f"""{STAGED}rate:
  standard: {{bands: [{{from: 0%, is: low}}, {{from: 30%, is: bronze}}, {{from: 60%, is: nearly}}, {{from: 80%, is: silver}}]}}
by: lowest"""
    mark = read(with_header(f"ratings: [{declared}]", rules), "between")
    levels = []
    for point in (0, 1, 2, 3):
        scores = {each.code: Scored(point) for each in mark.criteria}
        levels.append(outcome(mark, scores, {}).level)
        assert Judge(mark).levels([(pack(mark, scores), {})]) == levels[-1:]
    assert levels == [None, "bronze", "bronze", "silver"]


FINDINGS = """findings:
  grades: [{code: minor, title: Minor}, {code: major, title: Major}]
  from_scores: {steps: {major: 0, minor: 1}}
  escalation: [{at_least: 3, of: minor, in_one: whole, become: major}]"""


def test_a_finding_put_half_right_never_lowers_the_outcome():
    rules = f"{FLAT}mean\nlimits:\n  - {{when: {{findings: {{minor: {{at_least: 1}}}}}}, at_most: bronze, because: A finding is open.}}"
    mark = read(with_header(FINDINGS, rules), "findings")
    ranks = [
        at(outcome(mark, {code: Scored(3) for code in ("A1", "A2", "A3")} | {"B1": Scored(point)}, {}))
        for point in range(4)
    ]
    assert ranks == [1, 1, 2, 2]


def test_what_findings_become_together_in_the_whole_is_seen_by_a_limit():
    rules = f"{FLAT}mean\nlimits:\n  - {{when: {{findings: {{major: {{at_least: 1}}}}}}, at_most: not-yet, because: A major finding is open.}}"
    mark = read(with_header(FINDINGS, rules.replace("50%", "30%").replace("75%", "100%")), "findings")
    three = outcome(mark, {"A1": Scored(1), "A2": Scored(1), "A3": Scored(1), "B1": Scored(3)}, {})
    assert (three.level, [str(each.because) for each in three.limits_bit]) == (None, ["A major finding is open."])
    two = outcome(mark, {"A1": Scored(1), "A2": Scored(1), "A3": Scored(2), "B1": Scored(3)}, {})
    assert two.level == "bronze"


def test_what_if_no_longer_speaks_of_the_passport_that_it_replaces():
    mark = read(source(f"{FLAT}mean"), "passport")
    given = {code: Scored(3) for code in ("A1", "A2", "A3")} | {"B1": Passported("Trusted Standard")}
    tried = what_if(mark, given, {}, "B1", points=(1,))[1]
    assert tried.as_data() == outcome(mark, given | {"B1": Scored(1)}, {}).as_data()


def test_what_weighs_nothing_is_not_said_to_be_summed_up():
    tree = TREE.replace("text: Two., scale: SCALE", "text: Two., scale: SCALE, weight: 0")
    rules = f"of: criterion -> standard -> whole\nscore: {{standard: all-of, whole: mean}}\n{BANDS}"
    result = score(rules, {"A1": 3, "A2": 0, "A3": 3, "B1": 3}, tree=tree)
    assert (result.nodes["A"].share, result.nodes["A"].from_words) == (Fraction(1), "2 of 2 met.")
