"""What holds of every outcome in every way of summing up, rating and deciding, whatever the scores."""

import json
from fractions import Fraction
from functools import cache

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.framework import Framework
from app.domain.scoring import Outcome, Scored, outcome
from app.domain.scoring.lift import least_set
from app.domain.scoring.sheet import Sheet
from app.domain.scoring.verdict import stand, stand_all
from app.frameworks import FrameworkInvalid, read
from tests.unit.frameworks.test_constructs import source

same_examples = settings(max_examples=150, deadline=None, derandomize=True)
CODES = ("A1", "A2", "A3", "B1", "B2", "C1")
SHARES = ("mean", "share-of-maximum", "lowest", "highest", "all-of", "{at_least: 2}", "{at_least: 60%}")
MODIFIED = (
    "{start_from: mean, between: [5%, 95%], add: ["
    "{when: {any: {criterion: {share: {at_least: 90%}}}}, by: 10%, because: One is excellent.}, "
    "{when: {count: {at_least: 2, criterion: {share: {at_most: 30%}}}}, by: -15%, because: Two are weak.}]}"
)
RATES = (
    "{bands: [{from: 0%, is: none}, {from: 40%, is: bronze}, {from: 70%, is: silver}]}",
    "{table: [{is: silver, when: {all: {criterion: {share: {at_least: 60%}}}}}, "
    "{is: bronze, when: {count: {at_least: 50%, criterion: {share: {at_least: 30%}}}}}, {otherwise: none}]}",
    "{table: [{is: none, when: {lowest: {at_most: 0%}}}, {is: bronze, when: {share: {below: 80%}}}, {otherwise: silver}]}",
    "levels",
)
GIVERS = (
    "bands: [{from: 0%, is: not-yet}, {from: 40%, is: bronze}, {from: 70%, is: silver}]",
    "needs: {bronze: 40%, silver: {all: [{share: {at_least: 60%}}, {all: {standard: {rating: {at_least: bronze}}}}]}}",
    "table: [{is: silver, when: {count: {at_least: 2, standard: {rating: {at_least: silver}}}}}, "
    "{is: bronze, when: {any: {standard: {rating: {at_least: bronze}}}}}, {otherwise: not-yet}]",
    "table: [{is: not-yet, when: {count: {at_least: 2, standard: {share: {below: 30%}}}}}, "
    "{is: bronze, when: {any: {standard: {rating: {below: silver}}}}}, {otherwise: silver}]",
    "by: lowest",
    "by: highest",
    "by: best-fit",
)
LIMITS = (
    "[]",
    "[{when: {any: {standard: {share: {below: 20%}}}}, at_most: bronze, because: A weak standard.}]",
    "[{when: {all: [{lowest: {at_most: 0%}}, {share: {below: 90%}}]}, at_most: 60%, because: A gap.}]",
)
SCALES = ("steps", "odd", "risk", "percent")


@cache
def framework(
    scales: tuple[str, ...], stage: str, rate: str, giver: str, limits: str, order: str = "ABC"
) -> Framework | None:
    """None where the file is refused, as it is where no scores could reach a level."""
    tree = ["standards:"]
    by_standard = {name: [code for code in CODES if code[0] == name] for name in order}
    for name, codes in by_standard.items():
        tree += [f"  - code: {name}", f"    title: {name}", "    criteria:"]
        codes = codes if order == "ABC" else codes[::-1]
        for code in codes:
            scale, level = scales[CODES.index(code)], "silver" if code in ("A2", "C1") else "bronze"
            tree.append(f"      - {{code: {code}, text: {code}., scale: {scale}, level: {level}}}")
    stages, score = (
        ("criterion -> whole", stage)
        if rate == ""
        else ("criterion -> standard -> whole", f"{{standard: {stage}, whole: mean}}")
    )
    rated = f"rate: {{standard: {rate}}}\n" if rate else ""
    try:
        return read(
            source(f"of: {stages}\nscore: {score}\n{rated}{giver}\nlimits: {limits}", tree="\n".join(tree)), "drawn"
        )
    except FrameworkInvalid:
        return None


@st.composite
def cases(draw):
    """A framework, scores for it, and the order of its parts turned round."""
    scales = tuple(draw(st.sampled_from(SCALES)) for _ in CODES)
    rules = (draw(st.sampled_from((*SHARES, MODIFIED))), draw(st.sampled_from(RATES)), draw(st.sampled_from(GIVERS)))
    mark = framework(scales, *rules, draw(st.sampled_from(LIMITS)))
    assume(mark is not None)
    points = {each.code: draw(st.sampled_from(list(each.scale.values))) for each in mark.criteria}
    turned = framework(scales, *rules, "[]", "CBA")
    return mark, points, turned, framework(scales, *rules, "[]")


def given_by(mark: Framework, points: dict[str, int]) -> Outcome:
    return outcome(mark, {code: Scored(point) for code, point in points.items()}, {})


def rank(result: Outcome) -> int:
    return sum(level.reached for level in result.levels)


@same_examples
@given(cases(), st.sampled_from(CODES))
def test_a_better_score_never_lowers_an_outcome(case, code):
    mark, points, _, _ = case
    results = [given_by(mark, points | {code: point}) for point in mark.criterion(code).scale.from_worst]
    ranks = [rank(result) for result in results]
    assert ranks == sorted(ranks)
    for node in mark.nodes:
        ratings = [mark.rating_rank(result.nodes[node.code].rating) for result in results]
        assert ratings == sorted(ratings)


@same_examples
@given(cases())
def test_the_order_of_siblings_never_matters(case):
    _, points, turned, straight = case
    assume(turned is not None and straight is not None)
    one, other = given_by(straight, points), given_by(turned, points)
    assert (one.level, one.share, one.band) == (other.level, other.share, other.band)
    assert {code: (node.share, node.rating) for code, node in one.nodes.items()} == {
        code: (node.share, node.rating) for code, node in other.nodes.items()
    }


@same_examples
@given(cases())
def test_the_explanation_adds_up_to_the_outcome(case):
    mark, points, _, _ = case
    result = given_by(mark, points)
    data = json.loads(json.dumps(result.as_data()))
    for node in data["nodes"]:
        if node["share"] and not node["added"] and not node["limits"]:
            assert worked_out(node["way"], node["parts"]) in (Fraction(node["share"]["exact"]), None)
    if not result.totals.added and not result.totals.limits:
        assert worked_out(data["whole"]["way"], data["whole"]["parts"]) in (result.exact_share, None)
    reached = [level["code"] for level in data["levels"] if level["reached"]]
    assert data["level"] == (reached[-1] if reached else None)
    for level in data["levels"]:
        assert any("is reached" in sentence for sentence in level["sentences"]) is level["reached"]
    assert data["explanation"][0].startswith(("The outcome is", "No level is reached"))


def worked_out(way: str, parts: list[dict]) -> Fraction | None:
    """The share that the parts of an explanation give; None for the way that starts from one of them."""
    if not parts:
        return None
    weights = [Fraction(part["weight"]) for part in parts]
    shares = [Fraction(part["earned"]) / Fraction(part["possible"]) for part in parts]
    match way:
        case "mean":
            return sum(weight * share for weight, share in zip(weights, shares, strict=True)) / sum(weights)
        case "share-of-maximum" | "sum":
            possible = sum(weight * Fraction(part["possible"]) for weight, part in zip(weights, parts, strict=True))
            return (
                sum(weight * Fraction(part["earned"]) for weight, part in zip(weights, parts, strict=True)) / possible
            )
        case "lowest":
            return min(shares)
        case "highest":
            return max(shares)
        case "all-of":
            return Fraction(all(part["met"] for part in parts))
        case _:
            return None


@same_examples
@given(cases())
def test_the_least_set_is_enough_and_none_of_it_can_be_left_out_or_lower(case):
    mark, points, _, _ = case
    sheet = Sheet.of(mark, {code: Scored(point) for code, point in points.items()}, {}, None)
    standing = next((each for each in stand_all(sheet) if not each.met), None)
    assume(standing is not None)
    raised = least_set(sheet, standing)
    assert raised
    assert stand(sheet, standing.level, {**standing.points, **raised}).met
    for code, point in raised.items():
        assert not stand(
            sheet, standing.level, {**standing.points, **{k: v for k, v in raised.items() if k != code}}
        ).met
        scale = mark.criterion(code).scale
        nearest = [each for each in scale.from_worst if scale.better(point, each)][-1]
        assert not stand(sheet, standing.level, {**standing.points, **raised, code: nearest}).met


@same_examples
@given(st.lists(st.integers(0, 3), min_size=6, max_size=6), st.sampled_from(["share-of-maximum", "mean"]))
def test_staged_and_flat_agree_where_they_must(values, way):
    """Marks out of marks agree always; means where every standard holds as many criteria."""
    tree = "standards:\n" + "\n".join(
        f"  - code: {name}\n    title: {name}\n    criteria:\n"
        + "\n".join(f"      - {{code: {name}{place}, text: x, scale: steps}}" for place in range(size))
        for name, size in (zip("AB", (3, 3), strict=True) if way == "mean" else zip("AB", (2, 4), strict=True))
    )
    bands = GIVERS[0]
    flat = read(source(f"of: criterion -> whole\nscore: {way}\n{bands}", tree=tree), "flat")
    staged = read(source(f"of: criterion -> standard -> whole\nscore: {way}\n{bands}", tree=tree), "staged")
    points = dict(zip((each.code for each in flat.criteria), values, strict=True))
    one, other = given_by(flat, points), given_by(staged, points)
    assert (one.exact_share, one.level) == (other.exact_share, other.level)
