"""From text to framework: what plain YAML would get wrong, and what is kept."""

import re
from fractions import Fraction

import pytest

from app.domain.duration import Duration
from app.domain.framework import NotApplicableRule
from app.frameworks import FrameworkInvalid, digest, read
from app.frameworks.fields import contrast
from tests.unit.frameworks.test_shipped import FORMAT

EXAMPLE = re.search(r"## A whole framework.*?```yaml\n(.*?)```", FORMAT.read_text("utf-8"), re.DOTALL).group(1)


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
