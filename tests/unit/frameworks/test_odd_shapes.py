"""Whatever stands where something else is expected is told as a mistake: the check never fails, and drops no rule in silence."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from app.domain.framework import Framework
from app.domain.scoring import Scored, outcome_so_far
from app.frameworks import FrameworkInvalid, Problems, read
from app.frameworks.problems import Problem
from app.frameworks.read import read_framework
from tests.unit.frameworks.guides import examples
from tests.unit.frameworks.test_constructs import COUNTED, JOINT, JUDGED, MODIFIED, RATED, source

ODD: tuple[Any, ...] = (
    *(None, [], {}, "", "x", "7", "-1", "0%", "150%", "1/0", "9" * 30, "a:b", "true"),
    *([[]], [None], [{}], ["x"], ["x", "x"], {"x": None}, {"x": "y"}, {"en": []}, {"code": "x"}, {"at_least": "50%"}),
)
"""Each place gets one of them and the next place the next, so that every kind of place meets many."""


@cache
def wholes() -> dict[str, str]:
    """Texts that use every key between them."""
    *_, taught = [each.framework for each in examples("framework-format.md") if "on-course" not in each.framework]
    clauses = next(each.framework for each in examples("framework-clauses.md"))
    ways = {
        "judged": source(JUDGED, "words"),
        "rated": source(f"{RATED}by: lowest"),
        "counted": source(COUNTED),
        "modified": source(
            f"{MODIFIED}bands: [{{from: 0%, is: not-yet}}, {{from: 50%, is: bronze}}, {{from: 75%, is: silver}}]"
        ),
        "joint": source(JOINT),
    }
    return {"taught": taught, "clauses": clauses, **ways}


def places(document: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    pairs = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in pairs:
        yield (*path, key)
        yield from places(value, (*path, key))


def put(document: Any, path: tuple[str | int, ...], odd: Any) -> Any:
    changed = copy.deepcopy(document)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = odd
    return changed


def odd_documents(name: str) -> Iterator[tuple[tuple[str | int, ...], Any, Any]]:
    document = yaml.load(wholes()[name], yaml.BaseLoader)
    for count, path in enumerate(places(document)):
        odd = ODD[count % len(ODD)]
        yield path, odd, put(document, path, odd)


def checked(document: Any) -> tuple[Framework | None, list[Problem]]:
    problems = Problems("odd")
    text = yaml.dump(document, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
    return read_framework(text, problems), problems.found


def in_file(document: Any) -> tuple[int, int]:
    """How many limits and rows of tables the file writes."""
    outcome = document["outcome"]
    return len(outcome.get("limits") or ()), len(outcome.get("table") or ())


def in_framework(framework: Framework) -> tuple[int, int]:
    rater = framework.outcome.rater
    return len(framework.outcome.limits), len(rater.rows) if rater else 0


@pytest.mark.parametrize("name", ["taught", "clauses", "judged", "rated", "counted", "modified", "joint"])
def test_a_shape_that_nobody_expects_is_a_mistake_or_is_read_whole(name):
    accepted = 0
    for path, odd, document in odd_documents(name):
        framework, problems = checked(document)
        assert (framework is None) == bool(problems), (path, odd)
        if framework is None:
            continue
        accepted += 1
        assert in_framework(framework) == in_file(document), (path, odd)
        for points in ("best", "worst"):
            scores = {each.code: Scored(getattr(each.scale, points)) for each in framework.criteria}
            assert outcome_so_far(framework, scores, {}).explanation, (path, odd)
    assert accepted > 10


def test_a_wrong_place_is_told_near_itself():
    text = wholes()["joint"]
    with pytest.raises(FrameworkInvalid) as refusal:
        read(text.replace("at_most: bronze", "at_most: [bronze]"), "odd")
    line = 1 + text[: text.index("at_most: bronze")].count("\n")
    assert [problem.line for problem in refusal.value.problems] == [line]
