"""Published schemes written in the format: their owners' examples come true, and every combination follows the rule."""

from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from app.domain.framework import Framework
from app.domain.scoring import Scored, outcome
from app.frameworks import check, load, load_scheme
from app.frameworks.cases import check_cases
from app.frameworks.handbook import handbook
from app.frameworks.problems import Problems

HERE = Path(__file__).parent / "published"
SCHEMES = sorted(each for each in HERE.iterdir() if each.is_dir())
SOURCES = (HERE / "SOURCES.md").read_text("utf-8")
STARS = range(1, 6)


@pytest.mark.parametrize("folder", SCHEMES, ids=lambda folder: folder.name)
def test_the_owners_examples_come_true(folder):
    assert [str(problem) for problem in check(folder)] == []
    cases = folder / "cases.yaml"
    assert check_cases(cases.read_text("utf-8"), cases, Problems("cases.yaml")) >= 10


@pytest.mark.parametrize("folder", SCHEMES, ids=lambda folder: folder.name)
def test_every_scheme_says_where_it_was_read_and_takes_no_applications(folder):
    scheme = load_scheme(folder / "scheme.yaml")
    assert f"\n## {scheme.code}\n" in SOURCES
    assert not scheme.takes_applications
    assert str(scheme.awarding_body) in SOURCES


@pytest.mark.parametrize("folder", SCHEMES, ids=lambda folder: folder.name)
def test_its_rules_can_be_read_aloud(folder):
    words = handbook(published(folder.name))
    told = words[words.index("## How the outcome is worked out") :]
    assert all(str(level.title) in words for level in published(folder.name).levels)
    assert "(" not in told and "_" not in told, told


@cache
def published(name: str) -> Framework:
    editions = [file for file in (HERE / name).glob("*.yaml") if file.stem not in ("scheme", "cases")]
    return load(editions[0])


def rated(name: str, points: Mapping[str, int], **facts: object) -> str | None:
    return outcome(published(name), {code: Scored(point) for code, point in points.items()}, facts).level


FOOD = [(15, 5, "5"), (20, 10, "4"), (30, 10, "3"), (40, 15, "2"), (50, 20, "1")]


def test_every_food_hygiene_score_gets_the_rating_of_the_table():
    compliance, confidence = (0, 5, 10, 15, 20, 25), (0, 5, 10, 20, 30)
    for given in product(compliance, compliance, confidence):
        meant = next((rating for most, worst, rating in FOOD if sum(given) <= most and max(given) <= worst), "0")
        found = rated("food-hygiene-rating", dict(zip(("hygiene", "structure", "management"), given, strict=True)))
        assert (given, found) == (given, meant)


def test_every_set_of_stars_is_moved_step_by_step():
    def moved(stars: int, by: int) -> int:
        return min(5, max(1, stars + (by == 5) - (by == 1)))

    for inspections, staffing, measures in product(STARS, STARS, STARS):
        meant = moved(moved(inspections, staffing), measures)
        meant = min(meant, 2) if inspections == 1 else meant
        given = {"inspections": inspections, "staffing": staffing, "measures": measures}
        assert (given, rated("five-star-nursing-homes", given)) == (given, str(meant))


def test_every_set_of_key_questions_follows_the_principles():
    names = ("safe", "effective", "caring", "responsive", "well-led")
    words = ("inadequate", "requires-improvement", "good", "outstanding")
    for given in product(range(4), repeat=5):
        worse = [given.count(each) for each in range(4)]
        if worse[0] >= 2:
            meant = 0
        elif worse[0] == 1 or worse[1] >= 2:
            meant = 1
        else:
            meant = 3 if worse[3] >= 2 and worse[1] == 0 else 2
        for breach in (False, True):
            found = rated("care-service-ratings", dict(zip(names, given, strict=True)), breach=breach)
            assert (given, breach, found) == (given, breach, words[min(meant, 1) if breach else meant])


def test_every_set_of_quality_areas_is_counted_and_named():
    framework = published("national-quality-standard")
    areas = {node.code: [criterion.code for criterion in node.criteria] for node in framework.roots}
    for given in product(range(3), repeat=len(areas)):
        by_area = dict(zip(areas, given, strict=True))
        named = sum(by_area[code] == 2 for code in ("QA1", "QA5", "QA6", "QA7"))
        if min(given) == 0:
            meant = "working-towards"
        else:
            meant = "exceeding" if given.count(2) >= 4 and named >= 2 else "meeting"
        points = {code: by_area[area] for area, codes in areas.items() for code in codes}
        assert (given, rated("national-quality-standard", points, significant_risk=False)) == (given, meant)
