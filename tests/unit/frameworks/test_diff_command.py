"""`flask framework diff`, as it is typed."""

import json

import pytest
from click.testing import CliRunner

from app.cli.framework_diff import diff_command
from tests.unit.frameworks.editions import BEFORE, source_with


@pytest.fixture
def files(tmp_path):
    """The two editions' files: one point heavier, one text in other words."""
    old, new = tmp_path / "2026.yaml", tmp_path / "2027.yaml"
    old.write_text(BEFORE, "utf-8")
    edits = [("            weight: 2\n", "            weight: 3\n"), ("at least four times", "at least six times")]
    new.write_text(source_with(('edition: "2026"', 'edition: "2027"'), *edits), "utf-8")
    return old, new


def run(*words):
    return CliRunner().invoke(diff_command, [str(word) for word in words])


def test_diff_prints_the_changes_by_kind_with_both_texts_and_says_by_its_exit_code_that_there_are_some(files):
    result = run(*files)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "3 changes",
        "",
        "Weights (1)",
        "  GOV.1.1 weighs 3 instead of 2.",
        "",
        "Wording (1)",
        "  GOV.1.1: the text has new wording.",
        "    - Trustees meet at least four times a year and keep minutes.",
        "    + Trustees meet at least six times a year and keep minutes.",
        "",
        "The edition (1)",
        "  This is edition 2027 instead of 2026.",
    ]


def test_diff_of_a_file_with_itself_exits_with_0(files):
    result = run(files[0], files[0])
    assert (result.exit_code, result.output) == (0, "Nothing has changed.\n")


def test_diff_as_json_says_the_same(files):
    found = json.loads(run(*files, "--json").output)
    assert [(each["kind"], each["code"]) for each in found] == [
        ("edition", ""),
        ("wording", "GOV.1.1"),
        ("weight", "GOV.1.1"),
    ]
    assert found[1]["after"].startswith("Trustees meet at least six times")


def test_diff_tells_the_mistakes_of_a_file_that_cannot_be_read_and_exits_with_2(files, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text("framework: broken\n")
    result = run(files[0], broken)
    assert result.exit_code == 2
    assert "broken.yaml:1:1" in result.stderr
