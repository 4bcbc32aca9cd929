"""Every file in broken/ holds a mistake, and EXPECTED.txt the place and the words with which it is told."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.frameworks import check, check_source, positions, problems
from app.frameworks.heading import heading
from app.frameworks.positions import MOST_BYTES
from bench.big_framework import nodes, source

BROKEN = Path(__file__).parent / "broken"
FILES = sorted(BROKEN.glob("*.yaml"))
EXPECTED = (BROKEN / "EXPECTED.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_mistake_is_told_at_its_place(file):
    expected = [line for line in EXPECTED if line.startswith(f"{file.name}:")]
    found = [str(problem).removeprefix(f"{BROKEN}/") for problem in check(file)]
    assert expected
    assert found == expected


def test_every_expected_line_belongs_to_a_file():
    assert {line.split(":")[0] for line in EXPECTED} == {file.name for file in FILES}


READERS = (
    *(
        "bands",
        "header",
        "outcome",
        "possible",
        "raters",
        "reach",
        "read",
        "rules",
        "scales",
        "summing",
        "ways",
        "whens",
    ),
    *("clauses/findings", "clauses/gates", "clauses/languages", "clauses/publication", "clauses/terms"),
)


def messages(module: str) -> Iterator[tuple[int, str]]:
    """Line and longest fixed part of each sentence that a reader of the format can say."""
    tree = ast.parse((Path(problems.__file__).parent / f"{module}.py").read_text("utf-8"))
    nodes = list(ast.walk(tree))
    skipped = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # what explains the code itself
    skipped |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes:
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        words = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
        longest = max(words, key=len, default="")
        if id(node) not in skipped and len(longest.split()) > 1:
            yield node.lineno, longest


@pytest.mark.parametrize("module", READERS)
def test_every_sentence_about_a_framework_has_a_file_that_brings_it_out(module):
    every = list(messages(module))
    told = "\n".join(EXPECTED)
    assert every
    assert [(line, words) for line, words in every if words not in told] == []


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    huge = tmp_path / "huge.yaml"
    huge.write_text("framework: huge\n" + "# padding\n" * (MOST_BYTES // 10))
    assert [problem.message for problem in check(huge)] == ["the file is over 8 MB, which no framework needs"]


def test_a_file_as_large_as_the_largest_published_is_read_to_its_end():
    text = source(4_838, words=9)
    assert (nodes(4_838), len(text) // 1_000_000) == (6_033, 2)
    assert check_source(text, "large") == []


def test_every_mistake_is_told_however_many_there_are():
    wrong = source(300).replace("                scale: yes-no", "                scael: yes-no")
    assert len(check_source(wrong, "large")) == 2 * wrong.count("scael") == 200  # one key is unknown, the other missing


def test_more_values_than_any_framework_has_are_refused_before_they_are_put_together(monkeypatch):
    monkeypatch.setattr(positions, "MOST_VALUES", 1_000)
    assert "holds more than 1,000 values" in check_source("a:\n" + "- x\n" * 2_100, "many")[0].message


def test_nesting_without_end_is_refused(tmp_path):
    deep = tmp_path / "deep.yaml"
    deep.write_text("framework: deep\nlevels: " + "[" * 200 + "]" * 200)
    assert "nests deeper than 60 levels" in check(deep)[0].message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_nesting_a_hundred_thousand_deep_is_refused_before_the_parser_runs_out_of_stack(opening):
    start = "framework: " if opening in "[{a: " else ""
    (problem,) = check_source(start + opening * 100_000, "deep")
    assert "nests deeper than 60 levels" in problem.message


def test_aliases_that_make_the_texts_grow_without_end_are_refused():
    text = "long: &long " + "x" * 1_000_000 + "\n" + "".join(f"copy{number}: *long\n" for number in range(20))
    assert [each.message for each in check_source(text, "bomb")] == [
        "aliases make the texts of this file grow past 8 MB"
    ]


def test_a_sign_that_no_database_keeps_is_a_mistake_wherever_it_is_escaped():
    text = 'framework: x\ntitle: "Mark\\0"\n'
    assert r"this text holds \0, which stands for no sign; leave it out" in [p.message for p in check_source(text, "x")]
    assert heading(text).title == "Mark"


def test_an_empty_folder_and_a_missing_file_are_no_success(tmp_path):
    assert check(tmp_path)
    assert check(tmp_path / "nothing.yaml")
