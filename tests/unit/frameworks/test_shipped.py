"""Everything under standards/ loads, and every worked example comes out as it says."""

from pathlib import Path

import pytest

from app.domain.scoring import Scored, outcome
from app.frameworks import check, load, load_list, load_scheme
from app.frameworks.cases import check_cases
from app.frameworks.handbook import handbook
from app.frameworks.problems import Problems
from app.frameworks.schemes import STANDARDS

FILES = sorted(STANDARDS.rglob("*.yaml"))
SCHEMES = sorted(STANDARDS.glob("*/scheme.yaml"))
EDITIONS = [file for scheme in SCHEMES for file in scheme.parent.glob("*.yaml") if file.stem not in ("scheme", "cases")]


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


def test_every_link_between_shipped_frameworks_leads_somewhere():
    frameworks = {framework.code: framework for framework in map(load, EDITIONS)}
    links = [
        (each.code, link) for framework in frameworks.values() for each in framework.criteria for link in each.maps_to
    ]
    shipped = [(code, link) for code, link in links if link.framework in frameworks]
    lost = [(code, str(link)) for code, link in shipped if not knows(frameworks[link.framework], link.code)]
    assert lost == []
    assert len(shipped) > 50


def knows(framework, code):
    codes = {criterion.code for criterion in framework.criteria} | {node.code for node in framework.nodes}
    return code in codes


def test_they_judge_in_different_ways():
    points, peers, words = (
        load(STANDARDS / name / "2026.yaml")
        for name in ("community-care-mark", "peer-quality-mark", "voice-and-dignity")
    )
    assert points.outcome.bands and not points.outcome.rater
    assert not peers.outcome.bands and all(level.needs for level in peers.levels)
    assert words.outcome.rater and not any(criterion.scale.counts for criterion in words.criteria)


def test_a_standard_that_is_judged_as_a_whole_says_what_to_look_for():
    framework = load(STANDARDS / "voice-and-dignity" / "2026.yaml")
    assert all(len(criterion.prompts) >= 3 for criterion in framework.criteria)


def test_an_indicator_that_is_not_met_is_made_up_for_by_none_of_the_others():
    framework = load(STANDARDS / "peer-quality-mark" / "2026.yaml")
    facts = {
        "income": 240000,
        "staff": 6,
        "volunteers": 35,
        "registered_body": True,
        "premises": True,
        "fundraises": True,
    }
    whole = {criterion.code: Scored(1) for criterion in framework.criteria}
    below = {"level-1": None, "level-2": "level-1", "level-3": "level-2"}
    for criterion in framework.criteria:
        result = outcome(framework, {**whole, criterion.code: Scored(0)}, facts)
        assert (criterion.code, result.level) == (criterion.code, below[criterion.level])
        assert len(result.least_lift) == 1 and criterion.code in result.least_lift[0]


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
