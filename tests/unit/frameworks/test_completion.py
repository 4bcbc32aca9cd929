"""What the editor offers at a place, in texts that are whole, unfinished and broken."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from app.frameworks.completion import complete
from app.frameworks.completion.grammar import inside
from app.frameworks.completion.spots import Group, ListOf, Named, _fields
from app.frameworks.completion.vocabulary import about_key
from app.frameworks.schemas import CriterionShape, HeaderShape, NodeShape
from tests.factories import SMALL_FRAMEWORK

SHIPPED = Path(__file__).resolve().parents[3] / "standards" / "community-care-mark" / "2026.yaml"
LISTS = {"service-types": {"home-care": "Care at home", "befriending": "Befriending"}}
HERE = "‸"
CRITERION = """
areas:
  - code: A
    standards:
      - code: A.1
        criteria:
          - code: A.1.1
"""
FACTS = """
facts:
  staff: {kind: count, title: Paid staff}
  regulated: {kind: yes-no, title: Registered}
  nation: {kind: choice, title: Nation, choices: {england: England, wales: Wales}}
  services: {kind: codes, title: Services, list: service-types}
"""


def offered(text: str, base: str = SMALL_FRAMEWORK) -> list[str]:
    """The words that are offered at the mark in `text`, which follows `base`."""
    source = base + text
    before = source[: source.index(HERE)]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return [option.label for option in complete(source.replace(HERE, ""), line, column, LISTS).options]


def test_at_the_top_the_keys_that_the_file_lacks_are_offered():
    found = offered("\nfi‸")
    assert "findings" in found
    assert "publication" in found
    assert "scales" not in found, "it is there already"


def test_in_a_criterion_what_is_needed_comes_first():
    found = offered(CRITERION + "            ‸\n", SMALL_FRAMEWORK.partition("areas:")[0])
    assert found[:2] == ["text", "scale"]
    assert "code" not in found
    assert "applies" in found


def test_in_a_node_the_lists_below_it_are_offered_by_the_frameworks_own_names():
    tree = "names: {tree: [theme, quality statement, question]}\nthemes:\n  - code: A\n    ‸"
    assert {"quality-statements", "questions"} <= set(offered(tree, ""))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("scale: ‸", ["fulfilment"]),
        ("scale: ful‸", ["fulfilment"]),
        ("level: ‸", ["bronze", "silver"]),
        ("required: {‸", ["bronze", "silver"]),
        ("not_applicable: ‸", ["never", "by-rule", "with-reason"]),
        ("evidence: [{kind: document, at_least: 2}, {‸", ["kind", "code", "title", "newest_within", "at_least"]),
        ("evidence: [{kind: document, ‸", ["code", "title", "newest_within", "at_least"]),
        ("learn: [\n              {title: Meetings, ‸", ["url"]),
        ("text: Trustees ‸", []),
        ('text: "scale: ‸', []),
        ("guidance: |\n              scale: ‸", []),
        ("# scale: ‸", []),
    ],
)
def test_values_are_offered_where_they_are_referred_to(line, words):
    assert offered(CRITERION + "            " + line, SMALL_FRAMEWORK.partition("areas:")[0]) == words


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{‸", ["staff", "regulated", "nation", "services", "all", "any", "not"]),
        ("{staff: {‸", ["at_least", "at_most", "above", "below", "is"]),
        ("{staff: {at_least: 1, ‸", ["at_most", "above", "below", "is"]),
        ("{regulated: ‸", ["true", "false"]),
        ("{nation: {is: ‸", ["england", "wales"]),
        ("{any: [{services: {includes: [home-care, ‸", ["home-care", "befriending"]),
        ("\n              any:\n                - {staff: {at_least: 1}}\n                - ‸", None),
    ],
)
def test_rules_are_offered_by_the_facts_that_the_file_has(rule, words):
    head = SMALL_FRAMEWORK.partition("facts:")[0] + FACTS.lstrip()
    everything = ["staff", "regulated", "nation", "services", "all", "any", "not"]
    assert offered(CRITERION + "            applies: " + rule, head) == (everything if words is None else words)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("of: ‸", ["criterion -> standard -> area -> whole", "criterion -> whole"]),
        ("score: {‸", ["standard", "area", "whole"]),
        ("bands: [{from: 0%, is: ‸", ["bronze", "silver"]),
        ("limits:\n    - when: {‸", ["any", "all", "count", "fact", "share"]),
        ("limits:\n    - at_most: ‸", ["bronze", "silver"]),
        ("rate: {‸", ["area", "standard", "criterion"]),
        ("rate: {standard: ‸", ["lowest", "highest"]),
        ("table:\n    - {is: silver, when: {all: {standard: {share: {‸", ["at_least", "at_most", "above", "below"]),
        ("score: {standard: {start_from: mean, add: [{‸", ["when", "by", "because"]),
        ("limits:\n    - when: {count: {‸", ["criterion", "standard", "area", "at_least"]),
        ("limits:\n    - when: {any: {criterion: {in: SAFE, ‸", ["score", "share"]),
        ("limits:\n    - when: {any: {criterion: {score: {‸", ["at_most", "below"]),
        ("limits:\n    - when: {any: {criterion: {in: [‸", ["GOV", "GOV.1", "GOV.1.1", "GOV.1.2"]),
    ],
)
def test_the_outcome_is_offered_by_the_names_and_codes_of_the_tree(line, words):
    head = SMALL_FRAMEWORK.partition("outcome:")[0] + "outcome:\n  "
    assert offered(line, head)[: len(words)] == words


def test_a_broken_part_of_the_file_still_tells_its_names():
    broken = SMALL_FRAMEWORK.replace("facts:\n", "facts:\n  regulated: {kind: yes-no, title: [\n")
    found = offered(CRITERION + "            applies: {‸", broken.partition("areas:")[0])
    assert found[:2] == ["regulated", "staff"]


def test_what_is_written_for_a_key_leads_on_to_its_value():
    options = {each.label: each.insert for each in complete("fra", 1, 4, {}).options}
    assert options["framework"] == "framework: "
    assert options["scales"] == "scales:"


def test_cutting_a_file_anywhere_never_breaks_the_editor():
    source = SHIPPED.read_text("utf-8")
    for end in range(0, len(source), 997):
        before = source[:end]
        complete(before, before.count("\n") + 1, len(before) - before.rfind("\n"), LISTS)


def shapes():
    """Every shape that the grammar knows, the header's and the tree's with it."""
    places = inside()
    found = {HeaderShape, NodeShape, CriterionShape}
    for spot in places.values():
        inner = spot.inner if isinstance(spot, ListOf | Named) else spot
        if isinstance(inner, Group):
            found.add(inner.shape)
    return sorted(found, key=lambda shape: shape.__name__)


def test_every_key_of_the_format_says_what_it_is_for():
    silent = [
        f"{shape.__name__}.{name}"
        for shape in shapes()
        for name, field in _fields(shape).items()
        if not about_key(shape.__name__.removesuffix("Shape"), field.data_key or name)
    ]
    assert silent == [], "add a sentence for each to app/frameworks/completion/vocabulary.py"


def _bomb(base: str = "  a0: &a0 [boom]\n") -> str:
    lines = (f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    return f"scales:\n{base}{''.join(lines)}  z: {{title: *a11}}\nfacts:\n  "


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("scales: " + "[" * 100_000 + "\nfacts:\n  ", 3, 3),
        (_bomb(), _bomb().count("\n") + 1, 3),
        ("names: {tree: a -> b}\na:\n  -" + " " * 200_000 + "x\n", 4, 1),
        ("a" + " " * 200_000, 1, 200_001),
        ("- " * 100_000, 1, 200_001),
        ("a: {" + " b" * 500_000, 1, 1_000_005),
        ("outcome:\n  bands:\n    - is: [bronze]\n", 4, 1),
    ],
    ids=["deep", "bomb", "code", "spaces", "dashes", "braces", "list-for-word"],
)
def test_a_text_made_to_stop_the_editor_is_answered_at_once(text, line, column):
    complete(text, line, column, {})  # neither an error nor an end of the process
    before = process_time()
    complete(text + " ", line, column, {})  # another text, so that nothing of it is remembered
    assert process_time() - before < 10
