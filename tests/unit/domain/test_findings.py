"""Findings: which there are, what several become, and what they do to an award."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.clauses import Clauses, Escalation, FindingRules, FromScores, Grade, Hold, Overdue
from app.domain.duration import Duration
from app.domain.findings import Found, found, holds, overdue, put_right_by
from app.domain.framework import Point, Scale, Span
from app.domain.scales import ScaleKind
from app.domain.wording import Text
from tests.unit.domain.frameworks import criterion, framework, node

OBSERVATION = Grade("observation", Text.plain("Observation"), 0)
MINOR = Grade(
    "minor", Text.plain("Minor"), 1, put_right_within=Duration(months=3), holds=Hold("bronze"), overdue=Overdue.SUSPEND
)
MAJOR = Grade("major", Text.plain("Major"), 2, holds=Hold(None), overdue=Overdue.WITHDRAW)
GRADES = (OBSERVATION, MINOR, MAJOR)
SCORES = (FromScores("steps", 0, "major"), FromScores("steps", 1, "minor"))
THREE_MINORS = Escalation(3, "minor", "standard", "major")
CODES = ("A0", "A1", "A2", "B0", "B1", "B2")


def mark(*escalation, grades=GRADES, from_scores=SCORES):
    plain = framework(*(node(name, *(criterion(code) for code in CODES if code[0] == name)) for name in "AB"))
    return replace(plain, clauses=Clauses(findings=FindingRules(grades, from_scores, escalation)))


def scores(text: str) -> dict[str, int]:
    return dict(zip(CODES, map(int, text), strict=True))


def grades(findings):
    return [(each.where, each.grade) for each in findings]


def test_a_score_is_the_gravest_finding_that_takes_it_and_good_ones_are_none():
    assert grades(found(mark(), scores("012333"))) == [("A0", "major"), ("A1", "minor")]
    assert found(mark(), scores("333333")) == ()


def test_three_minors_in_one_standard_make_a_major_and_three_over_two_standards_do_not():
    together = found(mark(THREE_MINORS), scores("111333"))
    assert grades(together)[-1] == ("A", "major")
    assert together[-1].because == "Major in Standard A: 3 “Minor” or graver, and 3 make one."
    assert grades(found(mark(THREE_MINORS), scores("113133"))) == [("A0", "minor"), ("A1", "minor"), ("B0", "minor")]


def test_a_graver_finding_counts_as_a_lighter_one_but_adds_nothing_where_it_is_as_grave_already():
    medium = replace(MAJOR, code="medium", rank=2)
    critical = replace(MAJOR, code="critical", rank=3)
    rule = Escalation(3, "minor", "standard", "critical")
    low = (FromScores("steps", 0, "medium"), FromScores("steps", 1, "minor"))
    assert ("A", "critical") in grades(
        found(mark(rule, grades=(OBSERVATION, MINOR, medium, critical), from_scores=low), scores("011333"))
    )
    assert grades(found(mark(THREE_MINORS), scores("011111"))).count(("A", "major")) == 0


def test_what_findings_become_counts_for_the_next_rule_and_not_twice_for_its_own():
    critical = replace(MAJOR, code="critical", rank=3)
    all_grades = (*GRADES, critical)
    chain = (Escalation(2, "major", "whole", "critical"), THREE_MINORS)
    assert grades(found(mark(*chain, grades=all_grades), scores("111111")))[-1] == ("whole", "critical")
    four_in_all = Escalation(4, "minor", "whole", "critical")
    assert "critical" not in dict(
        map(reversed, grades(found(mark(THREE_MINORS, four_in_all, grades=all_grades), scores("111333"))))
    )


def test_what_a_person_raised_stays_and_the_score_of_the_same_criterion_adds_only_what_is_graver():
    by_hand = (Found("A0", "minor", "Seen on the visit."), Found("A0", "minor", "Seen again."))
    assert found(mark(), scores("133333"), by_hand) == by_hand
    assert grades(found(mark(), scores("033333"), by_hand)) == [("A0", "major")]
    assert found(replace(mark(), clauses=Clauses()), scores("000000"), by_hand) == by_hand


def test_points_of_scales_ranges_and_scales_where_lower_is_better_raise_findings():
    words = Scale(
        "words",
        (Point(0, Text.plain("Not met"), code="not-met", finding="major"), Point(1, Text.plain("Met"), code="met")),
        kind=ScaleKind.WORDS,
    )
    range_ = Scale("waits", (), kind=ScaleKind.RANGE, span=Span(0, 100, 1, " days"), lower_is_better=True)
    plain = framework(node("A", criterion("A0", scale=words), criterion("A1", scale=range_)))
    rules = FindingRules(GRADES, (FromScores("waits", 30, "minor"), FromScores("waits", 60, "major")))
    judged = replace(plain, clauses=Clauses(findings=rules))
    assert found(judged, {"A0": 1, "A1": 29}) == ()
    assert grades(found(judged, {"A0": 0, "A1": 59})) == [("A0", "major"), ("A1", "minor")]
    assert found(judged, {"A1": 61})[0].because == "Major in A1: it has 61 days."


def test_the_lowest_hold_wins_with_the_finding_that_gave_it():
    assert holds(mark(), found(mark(), scores("333333"))) is None
    minor = holds(mark(), found(mark(), scores("133333")))
    assert (minor.at_most, minor.because) == (
        "bronze",
        "Minor in A0: it has 1. While this is open, nothing above Bronze is possible.",
    )
    major = holds(mark(), found(mark(), scores("101333")))
    assert (major.at_most, major.finding.where) == (None, "A1")
    assert major.because.endswith("no award is possible.")
    assert holds(mark(), [Found("A0", "observation", "Noted.")]) is None


def test_a_finding_is_in_time_on_its_last_day_and_overdue_the_day_after():
    assert put_right_by(mark(), "minor", date(2026, 11, 30)) == date(2027, 2, 28)
    assert overdue(mark(), "minor", date(2026, 11, 30), date(2027, 2, 28)) is None
    assert overdue(mark(), "minor", date(2026, 11, 30), date(2027, 3, 1)) is Overdue.SUSPEND
    assert overdue(mark(), "major", date(2020, 1, 1), date(2027, 1, 1)) is None


NAMES = ("observation", "minor", "medium", "major", "critical")
pairs = st.tuples(st.integers(0, 3), st.integers(1, 4)).filter(lambda pair: pair[0] < pair[1])
rules = st.builds(
    lambda least, pair, where: Escalation(least, NAMES[pair[0]], where, NAMES[pair[1]]),
    st.integers(2, 4),
    pairs,
    st.sampled_from(["standard", "whole"]),
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    st.lists(rules, max_size=4),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
    st.sampled_from(CODES),
)
def test_putting_something_right_never_makes_the_gravest_finding_graver(escalation, at, points, code):
    made = tuple(Grade(name, Text.plain(name), rank, holds=Hold(None)) for rank, name in enumerate(NAMES))
    low = tuple(
        FromScores("steps", point, NAMES[rank + 1]) for rank, point in enumerate(sorted(at, reverse=True)) if point < 3
    )
    judged = mark(*escalation, grades=made, from_scores=low)
    gravest = []
    for point in range(4):
        findings = found(judged, dict(zip(CODES, points, strict=True)) | {code: point})
        gravest.append(max((NAMES.index(each.grade) for each in findings), default=-1))
    assert gravest == sorted(gravest, reverse=True)
