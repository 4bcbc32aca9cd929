"""Everything under standards/ loads, and every worked example comes out as it says."""

import re
from pathlib import Path

import pytest

from app.frameworks import check, check_source, load, load_list, load_scheme
from app.frameworks.cases import check_cases
from app.frameworks.handbook import handbook
from app.frameworks.problems import Problems
from app.frameworks.schemes import STANDARDS

FILES = sorted(STANDARDS.rglob("*.yaml"))
SCHEMES = sorted(STANDARDS.glob("*/scheme.yaml"))
EDITIONS = [file for scheme in SCHEMES for file in scheme.parent.glob("*.yaml") if file.stem not in ("scheme", "cases")]
DOCS = Path(__file__).parents[3] / "docs"
FORMAT = DOCS / "framework-format.md"


def name(file: Path) -> str:
    return str(file.relative_to(STANDARDS))


@pytest.mark.parametrize("file", FILES, ids=name)
def test_every_file_in_standards_is_without_mistakes(file):
    assert [str(problem) for problem in check(file)] == []


@pytest.mark.parametrize("scheme", SCHEMES, ids=name)
def test_every_scheme_has_cases_that_come_true_and_editions_under_its_name(scheme):
    problems = Problems("cases.yaml")
    cases = scheme.parent / "cases.yaml"
    assert check_cases(cases.read_text("utf-8"), cases, problems) >= 5
    assert problems.found == []
    assert load_scheme(scheme).code == scheme.parent.name


@pytest.mark.parametrize("edition", EDITIONS, ids=name)
def test_every_edition_reads_as_a_handbook_with_all_its_criteria(edition):
    framework = load(edition)
    words = handbook(framework)
    assert edition.stem == framework.edition
    assert all(str(criterion.text) in words for criterion in framework.criteria)


def test_shared_lists_have_titles():
    assert {file.stem for file in (STANDARDS / "lists").glob("*.yaml")} >= {"service-types", "client-groups"}
    assert all(str(item.title) for item in load_list("service-types"))


def test_a_case_that_does_not_come_true_is_told_at_its_place(tmp_path):
    folder = STANDARDS / "cqc-local-authorities"
    wrong = '- name: Too kind\n  edition: "2024"\n  scores: {every: 2}\n  expect: {level: good, share: 50%}\n'
    problems = Problems("cases.yaml")
    check_cases(wrong, folder / "cases.yaml", problems)
    assert [str(problem) for problem in problems.found] == [
        "cases.yaml:4:19: Too kind: expected level good, got requires-improvement"
    ]


def test_the_whole_example_in_the_guide_passes_the_check():
    example = re.search(r"## A whole framework.*?```yaml\n(.*?)```", FORMAT.read_text("utf-8"), re.DOTALL)
    assert [str(problem) for problem in check_source(example.group(1), "example.yaml")] == []


def test_the_worked_examples_in_the_guide_to_scoring_come_true(tmp_path):
    blocks = re.findall(r"```yaml\n(.*?)```", (DOCS / "scoring.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "1.yaml").write_text(blocks[0])
    (tmp_path / "cases.yaml").write_text(blocks[1])
    assert [str(problem) for problem in check(tmp_path)] == []
