"""From text to framework: what plain YAML would get wrong, and what is kept."""

from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.duration import Duration
from app.domain.framework import NotApplicableRule
from app.frameworks import FrameworkInvalid, check, check_source, digest, read
from app.frameworks.fields import contrast

EXAMPLE = (Path(__file__).parent / "good_neighbours.yaml").read_text("utf-8")
SCHEME = """\
scheme: good-neighbours
title: Good Neighbours Mark
awarding_body: Good Neighbours Network
contact: mark@example.org
website: https://www.example.org
brand: {colour: "#14532d", accent: "#fbbf24"}
about: |
  What the mark is for.
invented: true
takes_applications: true
"""


@pytest.fixture(scope="module")
def mark():
    return read(EXAMPLE, "example.yaml")


def test_words_and_codes_mean_what_they_say(mark):
    assert [str(point.label) for point in mark.scales["yes-no"].points] == ["No", "Yes"]
    source = EXAMPLE.replace("code: GOV.1.1", "code: 1.10").replace("code: GOV.1.2", "code: NO")
    assert [criterion.code for criterion in read(source, "x").criteria][:2] == ["1.10", "NO"]


def test_every_part_of_the_example_arrives(mark):
    first, second, third = mark.criteria[:3]
    assert mark.title.in_("cy") == "Marc Cymdogion Da"
    assert first.required == {"bronze": 2, "silver": 2, "gold": 2}
    assert second.required == {"silver": 1, "gold": 2}
    assert (first.weight, second.level) == (Fraction(2), "silver")
    assert first.evidence[0].newest_within == Duration(months=12)
    assert third.passports[0].scheme == "trusted-standard"
    assert mark.criterion("CARE.1.1").scale.not_applicable is NotApplicableRule.NEVER
    assert [stage.of for stage in mark.outcome.stages] == ["standard", "area", "whole"]
    assert mark.award.for_level("gold").valid == Duration(years=4)
    assert (mark.assessment.agreement_floor, mark.panel.lay_members) == (Fraction(3, 5), 1)


def test_the_same_text_is_read_once_and_known_by_its_digest(mark):
    assert read(EXAMPLE, "another name") is mark
    assert digest(EXAMPLE) != digest(EXAMPLE + " ")
    assert len(digest(EXAMPLE)) == 64


def test_a_broken_text_raises_with_every_mistake():
    broken = EXAMPLE.replace("from: 60%", "from: 60").replace("scale: yes-no", "scale: yesno")
    with pytest.raises(FrameworkInvalid) as refusal:
        read(broken, "broken.yaml")
    assert [problem.message for problem in refusal.value.problems] == [
        "there is no scale `yesno`; did you mean `yes-no`?",
        "expected a percentage such as 60% or a fraction such as 3/5, not `60`; did you mean `60%`?",
    ]


def test_contrast_is_that_of_the_accessibility_guidelines():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_no_damage_to_a_file_makes_the_check_itself_fail():
    lines = EXAMPLE.splitlines()
    odd = ["", "x: ", "- ", "[]", "{}", "null", "²", "1e999", "{not: }", "-> whole", "*a", "&a", "!!binary x", "\u202e"]
    told = 0
    for number in range(len(lines)):
        line, strange = lines[number], odd[number % len(odd)]
        head = line.split(":")[0]
        for damaged in (strange, f"{head}: {strange}", line.replace("{", "["), line[: len(line) // 2]):
            told += bool(check_source("\n".join([*lines[:number], damaged, *lines[number + 1 :]]), "damaged.yaml"))
    assert told > 3 * len(lines) / 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("#14532d", "#9ca3af"), "#9ca3af is too pale to read on white"),
        (('"#14532d"', "#14532d"), "put quotes around a text that holds : or #"),
        (("mark@example.org", "example.org"), "expected an e-mail address, not `example.org`"),
        (("awarding_body", "awarding_bodi"), "`awarding_bodi` is not known here; did you mean `awarding_body`?"),
        (("invented: true", "invented: maybe"), "expected yes or no, not `maybe`"),
    ],
)
def test_a_scheme_with_a_mistake_is_told(tmp_path, change, message):
    file = tmp_path / "scheme.yaml"
    file.write_text(SCHEME)
    assert check(file) == []
    file.write_text(SCHEME.replace(*change))
    assert message in "\n".join(problem.message for problem in check(file))


def test_a_list_with_a_code_twice_is_told_and_a_rule_that_names_no_code_of_it_too(tmp_path):
    folder = tmp_path / "mark"
    lists = tmp_path / "lists"
    folder.mkdir()
    lists.mkdir()
    (folder / "2026.yaml").write_text(EXAMPLE)
    (lists / "service-types.yaml").write_text(
        "- {code: home-care, title: Care at home}\n- {code: befriend, title: Friends}\n"
    )
    assert [problem.message for problem in check(tmp_path)] == [
        "`befriending` is not on the list service-types; did you mean `befriend`?"
    ]
    (lists / "service-types.yaml").write_text("- {code: a, title: One}\n- {code: a, title: Two}\n")
    assert "the code `a` stands here twice" in [problem.message for problem in check(lists)]
