"""Putting findings right: last days, warnings, what is overdue, what an open one means, and what is counted on record."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.corrective import (
    OVERDUE_TOLD,
    WARN_AHEAD,
    Given,
    PlanOffer,
    consequences,
    due_after_return,
    grade_of,
    grades_of,
    is_overdue,
    last_day,
    place_title,
    warning_due,
)
from app.domain.errors import Invalid
from app.domain.findings import Found, Recorded, found, holds
from app.domain.lifecycle import FindingStatus
from app.domain.scoring import Scored, outcome_so_far
from app.frameworks import read
from tests.factories import SMALL_FRAMEWORK
from tests.finding_framework import WITH_FINDINGS

PLAIN, STRICT = read(SMALL_FRAMEWORK, "plain"), read(WITH_FINDINGS, "strict")
TOLD = date(2026, 11, 30)
DUE = date(2027, 5, 30)
ALL_GOOD = {each.code: Scored(3) for each in STRICT.criteria}


def level(recorded: Recorded, **points: int) -> str | None:
    scores = {**ALL_GOOD, **{code.replace("_", "."): Scored(point) for code, point in points.items()}}
    return outcome_so_far(STRICT, scores, {"staff": 2}, recorded=recorded).level


def test_a_framework_without_grades_has_three_that_set_no_time_and_have_no_consequence():
    assert [grade.code for grade in grades_of(PLAIN)] == ["observation", "minor", "major"]
    assert all(last_day(PLAIN, grade.code, TOLD) is None for grade in grades_of(PLAIN))
    assert all(grade.holds is None and grade.overdue is None for grade in grades_of(PLAIN))
    assert consequences(PLAIN, grade_of(PLAIN, "observation")) == ()


def test_time_runs_from_the_day_on_which_the_provider_is_told():
    assert last_day(STRICT, "minor", TOLD) == DUE
    assert last_day(STRICT, "note", TOLD) is None
    assert consequences(STRICT, grade_of(STRICT, "major")) == (
        "While it is open, no award can be granted.",
        "If it is not put right in time, the award is withdrawn, no sooner than 60 days after a warning.",
    )


@pytest.mark.parametrize("status", FindingStatus)
def test_only_what_waits_for_the_provider_is_overdue_and_the_last_day_still_counts(status):
    its_turn = status in {FindingStatus.OPEN, FindingStatus.PLAN_OFFERED, FindingStatus.PLANNED}
    assert is_overdue(status, DUE, DUE + timedelta(days=1)) is its_turn
    assert not is_overdue(status, DUE, DUE) and not is_overdue(status, None, DUE)


def test_each_warning_is_given_once_and_one_that_was_missed_is_made_up_for_by_the_next():
    given, warned = [], None
    for number in range((DUE - TOLD).days + 3):
        stage = warning_due(DUE, TOLD, warned, TOLD + timedelta(days=number))
        if stage is not None:
            given.append(stage)
            warned = stage
    assert given == [*WARN_AHEAD, OVERDUE_TOLD]
    assert warning_due(DUE, TOLD, None, DUE - timedelta(days=3)) == 7, "after days off"
    assert warning_due(DUE, TOLD, 7, DUE - timedelta(days=3)) is None


def test_no_warning_is_given_of_a_stage_that_was_there_when_the_provider_was_told():
    told = DUE - timedelta(days=20)
    assert [warning_due(DUE, told, None, told + timedelta(days=each)) for each in (0, 5, 6)] == [None, None, 14]


def test_what_comes_back_leaves_a_fortnight_and_takes_no_time_away():
    assert due_after_return(DUE, DUE - timedelta(days=2)) == DUE + timedelta(days=12)
    assert due_after_return(DUE, TOLD) == DUE
    assert due_after_return(None, TOLD) is None


def test_a_day_of_ones_own_is_taken_only_where_the_scheme_sets_no_time():
    Given("GOV", "major", "Wrong", "Words.", DUE).check(PLAIN, TOLD)
    with pytest.raises(Invalid) as refusal:
        Given("NO.1", "minor", "", "Words.", DUE).check(STRICT, TOLD)
    assert set(refusal.value.errors) == {"place", "title", "due_on"} and "6 months" in refusal.value.errors["due_on"]


def test_a_plan_once_the_last_day_has_passed_may_name_any_coming_day():
    late = DUE + timedelta(days=5)
    PlanOffer("So.", "This.", "Chair", late + timedelta(days=9)).check(DUE, late)
    with pytest.raises(Invalid):
        PlanOffer("So.", "This.", "Chair", DUE + timedelta(days=1)).check(DUE, TOLD)


def test_a_place_is_called_as_people_call_it():
    assert [place_title(STRICT, each) for each in ("whole", "GOV", "GOV.1.1")] == [
        "The whole",
        "Governance",
        "GOV.1.1 Trustees meet",
    ]


def test_what_is_on_record_counts_beside_the_scores_and_what_is_settled_no_longer():
    by_hand = Found("SAFE.1.2", "minor", "Minor finding in SAFE.1.2: checks came late.")
    assert level(Recorded()) == "silver"
    assert level(Recorded((by_hand,))) == "bronze"
    assert level(Recorded(), GOV_1_2=1) == "bronze"
    assert level(Recorded((), frozenset({("GOV.1.2", "minor")})), GOV_1_2=1) == "silver"


def test_by_hand_and_by_score_become_a_graver_one_together_and_closing_one_ends_that():
    by_hand = Found("GOV.1.1", "minor", "Minor finding in GOV.1.1: not signed.")
    together = found(STRICT, {"GOV.1.2": 1}, [by_hand])
    assert [(each.where, each.grade) for each in together] == [
        ("GOV.1.2", "minor"),
        ("GOV.1.1", "minor"),
        ("GOV", "major"),
    ]
    assert level(Recorded((by_hand,)), GOV_1_2=1) is None
    assert level(Recorded((by_hand,), frozenset({("GOV.1.2", "minor")})), GOV_1_2=1) == "bronze"
    settled = frozenset({("GOV", "major")})
    assert [each.where for each in found(STRICT, {"GOV.1.2": 1}, [by_hand], settled)] == ["GOV.1.2", "GOV.1.1"]


def test_what_lies_only_in_criteria_of_a_higher_level_does_not_hold_a_lower_one_down():
    higher = read(
        WITH_FINDINGS.replace("title: Safe recruitment", "title: Safe recruitment\n            level: silver"), "h"
    )
    recorded = Recorded((Found("SAFE.1.2", "major", "Major."), Found("GOV.1.1", "note", "Note.")))
    bronze, silver = higher.levels
    assert holds(higher, recorded.at(higher, bronze).raised) is None
    assert holds(higher, recorded.at(higher, silver).raised).at_most is None
