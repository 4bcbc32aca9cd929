"""The guides to the format and to scoring: every example runs, and no key of the format goes without a word."""

import inspect
import re

import pytest
import yaml

from app.domain.scoring import outcome
from app.frameworks import check, check_source, clause_shapes, read, schemas
from app.frameworks.cases import EXPECTATIONS, STATES, parse_facts, parse_scores
from app.frameworks.json_schema import json_schema
from app.frameworks.raters import BELOW
from app.frameworks.schemas import ROUNDING, Shape
from app.frameworks.ways import WORDS as WAYS
from app.frameworks.whens import WORDS as CONDITIONS
from tests.unit.frameworks.guides import BLOCK, DOCS, Example, examples, loose_blocks, said

PAGES = ("framework-format.md", "scoring.md")
EXAMPLES = [(page, example) for page in PAGES for example in examples(page)]
SHAPES = [
    each
    for module in (schemas, clause_shapes)
    for _, each in inspect.getmembers(module, inspect.isclass)
    if issubclass(each, Shape) and each is not Shape
]
FORMAT = (DOCS / "framework-format.md").read_text("utf-8")


@pytest.mark.parametrize(("page", "example"), EXAMPLES, ids=lambda each: getattr(each, "line", each))
def test_every_example_passes_the_check_and_its_cases_come_true(page: str, example: Example, tmp_path):
    (tmp_path / "1.yaml").write_text(example.framework)
    if example.cases:
        (tmp_path / "cases.yaml").write_text(example.cases)
    assert [str(problem) for problem in check(tmp_path)] == []


def test_there_are_steps_to_follow_and_every_one_of_them_runs():
    assert len([page for page, _ in EXAMPLES if page == PAGES[0]]) > 40
    assert [loose_blocks(page) for page in PAGES] == [[], []]
    assert len(FORMAT.split("```yaml\n")[1].split("```")[0].splitlines()) <= 20


def test_a_mistake_in_an_example_would_be_told():
    broken = EXAMPLES[0][1].framework.replace("score: mean", "score: meen")
    assert len(check_source(broken, "broken")) == 1


@pytest.mark.parametrize(
    ("example", "name", "sentences"), list(said("scoring.md")), ids=lambda each: each if isinstance(each, str) else ""
)
def test_what_an_example_is_said_to_say_it_says(example: Example, name: str, sentences: list[str]):
    case = next(each for each in yaml.load(example.cases, yaml.BaseLoader) if each["name"] == name)
    framework = read(example.framework, "guide")
    facts = parse_facts(case.get("facts", {}))
    result = outcome(framework, parse_scores(case["scores"], framework, facts), facts, target=case.get("target"))
    spoken = [*result.explanation, *result.least_lift]
    assert sentences
    assert [each for each in spoken if each in sentences] == sentences


def keys() -> list[str]:
    found = {field.data_key or name for shape in SHAPES for name, field in shape().fields.items()}
    return sorted(found | {"tree", *EXPECTATIONS, *STATES})


@pytest.mark.parametrize("key", keys())
def test_the_reference_says_every_key(key):
    assert re.search(rf"`{key}[`:]", FORMAT.split("# Reference")[1])


def words() -> list[str]:
    """Every word that the format takes as a value."""
    taken = {word for shape in SHAPES for field in shape().fields.values() for word in _choices(field)}
    return sorted(taken | {*WAYS, *BELOW, *CONDITIONS, *ROUNDING})


def _choices(field) -> tuple[str, ...]:
    field = getattr(field, "inner", field)
    return getattr(getattr(field, "parse", None), "choices", ())


@pytest.mark.parametrize("word", words())
def test_the_reference_says_every_word(word):
    assert re.search(rf"[`{{|:]\s*{word}\b", FORMAT.split("# Reference")[1])


def test_the_line_for_editors_names_a_schema_that_there_is():
    assert "yaml-language-server: $schema=" in FORMAT
    assert json_schema()["$schema"].startswith("https://json-schema.org/")


LINK = re.compile(r"\]\(((?:[\w-]+\.md)?)#([\w-]+)\)")
GUIDES = ("framework-format.md", "framework-clauses.md", "scoring.md")


def anchors(page: str) -> set[str]:
    """The anchor of each heading, as the pages are shown: small letters, hyphens for spaces, no other signs."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", (DOCS / page).read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", GUIDES)
def test_every_link_into_a_guide_leads_to_a_heading(page: str):
    links = LINK.findall((DOCS / page).read_text("utf-8"))
    assert links
    assert [(file, anchor) for file, anchor in links if anchor not in anchors(file or page)] == []
