"""The format as JSON Schema: it takes what the check takes, and finds the mistakes of form that the check finds."""

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from app.frameworks.json_schema import json_schema
from app.frameworks.schemas import HeaderShape
from tests.unit.frameworks.test_constructs import COUNTED, FLAT, JOINT, JUDGED, MODIFIED, RATED, source

ROOT = Path(__file__).resolve().parents[3]
EDITIONS = [
    path
    for path in sorted((ROOT / "standards").glob("*/*.yaml"))
    if path.stem not in ("scheme", "cases") and path.parent.name != "lists"
]
VALIDATOR = Draft202012Validator(json_schema())


def mistakes(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(yaml.safe_load(text))]


def test_the_schema_is_itself_a_valid_one_and_names_every_key_at_the_top():
    Draft202012Validator.check_schema(json_schema())
    assert set(json_schema()["properties"]) == set(HeaderShape().fields)


@pytest.mark.parametrize("path", EDITIONS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_it_takes_every_shipped_edition(path):
    assert mistakes(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "rules", [COUNTED, JOINT, JUDGED, MODIFIED + "bands: [{from: 0, is: not-yet}]", f"{RATED}by: lowest"]
)
def test_it_takes_every_way_of_judging(rules):
    assert mistakes(source(rules)) == []


@pytest.mark.parametrize("page", ["framework-format.md", "framework-clauses.md"])
def test_it_takes_the_whole_frameworks_that_the_pages_teach(page):
    text = (ROOT / "docs" / page).read_text("utf-8")
    blocks = [block.split("```")[0] for block in text.split("```yaml\n")[1:]]
    wholes = [block for block in blocks if block.startswith("framework:") and "\noutcome:" in block]
    assert wholes
    assert [mistake for whole in wholes for mistake in mistakes(whole)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("framework: construct", "framwork: construct"),
        ("of: criterion -> whole", "off: criterion -> whole"),
        ("score: mean", "score: averge"),
        ("{from: 50%, is: bronze}", "{form: 50%, is: bronze}"),
        ("text: Two.", "txt: Two."),
        ("kind: yes-no", "kind: yes"),
        ("from: 0, to: 100", "from: zero, to: 100"),
    ],
)
def test_it_finds_mistakes_of_form(old, new):
    good = source(f"{FLAT}mean")
    assert old in good
    assert mistakes(good) == []
    assert mistakes(good.replace(old, new))
