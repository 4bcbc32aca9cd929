"""The commands on framework files, as they are typed."""

import json
import os

import pytest
from click.testing import CliRunner

from app.cli.framework import COUNCILS, data_folder, group
from app.frameworks.schemes import STANDARDS
from tests.unit.frameworks.test_broken import BROKEN, EXPECTED

CQC = str(STANDARDS / COUNCILS / "2024.yaml")


def run(*words):
    return CliRunner().invoke(group, [str(word) for word in words])


def test_check_prints_every_mistake_in_a_folder_and_fails():
    result = run("check", BROKEN)
    assert result.exit_code == 1
    assert result.output.replace(f"{BROKEN}/", "").splitlines() == EXPECTED
    assert run("check", CQC).exit_code == 0


def test_score_prints_the_outcome_with_its_reasons(tmp_path):
    scores = tmp_path / "scores.yaml"
    scores.write_text("{every: 3, learning: 2}")
    result = run("score", CQC, "--scores", scores, "--json")
    assert json.loads(result.output)["level"] == "good"
    assert "Good is reached: 72% over 9 criteria, and it needs 63%." in run("score", CQC, "--scores", scores).output


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ("{every: 5}", "assessing-needs is scored 1, 2, 3 or 4, not 5."),
        ("{learning: 2}", "8 criteria have no score yet"),
        ("{learnin: 2}", "has no criterion learnin."),
        ("- 1", "Scores are a code and a point each"),
        ("{learning: [}", "this cannot be read"),
    ],
)
def test_score_refuses_what_is_no_full_set_of_scores(tmp_path, scores, message):
    file = tmp_path / "scores.yaml"
    file.write_text(scores)
    result = run("score", CQC, "--scores", file)
    assert result.exit_code == 1
    assert message in result.output


def test_a_broken_framework_is_not_scored_but_told(tmp_path):
    result = run("handbook", BROKEN / "misspelt-scale.yaml")
    assert result.exit_code == 1
    assert "did you mean `steps`?" in result.output


@pytest.mark.skipif(
    not data_folder().is_dir(), reason=f"no published assessments in {data_folder()}: set CONFORMANCE_DATA"
)
def test_every_rated_council_gets_its_published_rating_and_every_sample_comes_over_whole():
    result = run("conformance")
    councils, *samples = result.output.splitlines()
    assert (result.exit_code, councils) == (0, "71 of 71")
    assert [words.split(", ")[0] for words in samples] == [
        "cyber_essentials.yaml: 100 assessable of 285 nodes",
        "basic-catalog.json: 4 assessable of 8 nodes",
        "NIST_SP-800-53_rev5_PRIVACY-baseline-resolved-profile_catalog.json: 102 assessable of 118 nodes",
    ]


def test_conformance_fails_when_a_rating_differs(tmp_path, monkeypatch):
    council = {"authority": "Anywhere", "scores": [3] * 9, "rating": "outstanding"}
    (tmp_path / f"{COUNCILS}.json").write_text(json.dumps([council]))
    monkeypatch.setitem(os.environ, "CONFORMANCE_DATA", str(tmp_path))
    result = run("conformance")
    assert result.exit_code == 1
    assert result.output.startswith("Anywhere: published outstanding, ours good\n0 of 1\n")
