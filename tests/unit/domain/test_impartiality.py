"""Who is barred from a case, and why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.duration import Duration
from app.domain.impartiality import (
    NOT_INVOLVED,
    Earlier,
    Involvement,
    Part,
    Register,
    Tie,
    TieKind,
    Whose,
    bar_to_assess,
    bar_to_review,
    bar_to_sit,
    bar_to_vote,
    name_key,
    reaching,
)

TWO_YEARS = Duration(years=2)
TODAY = date(2026, 11, 16)


@pytest.mark.parametrize("rule", [bar_to_assess, bar_to_sit])
def test_a_stranger_to_the_organisation_is_not_barred(rule):
    assert rule(NOT_INVOLVED, TWO_YEARS, TODAY) is None


@pytest.mark.parametrize("rule", [bar_to_assess, bar_to_sit])
@pytest.mark.parametrize(
    ("person", "words"),
    [
        (Involvement(member=True), "Belongs to this organisation."),
        (Involvement(declared=True), "Declared a conflict of interest on this case."),
        (Involvement(ties=(Tie("Trustee"),)), "Has an interest: Trustee."),
        (Involvement(assessing=True), None),
    ],
)
def test_a_tie_or_a_part_in_the_assessment_bars_with_its_reason(rule, person, words):
    reason = rule(person, TWO_YEARS, TODAY)
    assert reason
    assert words in (None, reason)


@pytest.mark.parametrize("rule", [bar_to_assess, bar_to_sit])
def test_an_ended_tie_bars_through_the_last_day_of_the_bar(rule):
    person = Involvement(ties=(Tie("Advised them", ended_on=date(2024, 11, 16)),))
    assert rule(person, TWO_YEARS, TODAY) == "Had an interest, which bars until 16 Nov 2026: Advised them."
    assert rule(person, TWO_YEARS, TODAY + timedelta(days=1)) is None


def test_an_old_tie_does_not_hide_a_newer_one():
    person = Involvement(ties=(Tie("Long ago", date(2010, 1, 1)), Tie("Last year", date(2025, 12, 1))))
    assert "Last year" in bar_to_sit(person, TWO_YEARS, TODAY)


def test_whoever_was_called_to_the_panel_does_not_assess():
    seated = Involvement(seated=True)
    assert bar_to_assess(seated, TWO_YEARS, TODAY)
    assert bar_to_sit(seated, TWO_YEARS, TODAY) is None


def test_whoever_was_taken_off_after_scoring_may_assess_again_but_never_decide():
    scored = Involvement(assessed=True)
    assert bar_to_assess(scored, TWO_YEARS, TODAY) is None
    assert bar_to_sit(scored, TWO_YEARS, TODAY) == "Has a part in assessing this case."


def test_a_tie_in_the_family_or_through_the_consortium_says_so():
    near = Tie("Chairs it", kind=TieKind.GOVERNS, whose=Whose.FAMILY, through="Care Together, its consortium")
    reason = bar_to_assess(Involvement(ties=(near,)), TWO_YEARS, TODAY)
    assert reason == "Has an interest in the family in Care Together, its consortium: Chairs it."


@pytest.mark.parametrize("kind", TieKind)
def test_only_work_for_and_government_of_a_neighbour_reach_through_a_consortium(kind):
    tie = reaching(Tie("There", kind=kind), "its consortium")
    assert (tie is not None) == (kind in {TieKind.WORKS, TieKind.GOVERNS})


def test_who_decided_an_earlier_case_does_not_assess_and_who_assessed_one_does_not_decide_until_the_bar_has_passed():
    decided = Involvement(earlier=(Earlier(Part.DECIDED, date(2024, 11, 16)),))
    assessed = Involvement(earlier=(Earlier(Part.ASSESSED, date(2024, 11, 16)),))
    assert "Sat on the panel on an earlier case" in bar_to_assess(decided, TWO_YEARS, TODAY)
    assert bar_to_sit(decided, TWO_YEARS, TODAY) is None
    assert "Assessed an earlier case" in bar_to_sit(assessed, TWO_YEARS, TODAY)
    assert bar_to_assess(assessed, TWO_YEARS, TODAY) is None
    for person in (decided, assessed):
        assert bar_to_review(person, TWO_YEARS, TODAY)
        assert bar_to_review(person, TWO_YEARS, TODAY + timedelta(days=1)) is None


@pytest.mark.parametrize("part", ["assessing", "assessed", "seated", "handled", "declared", "member"])
def test_any_part_in_a_case_bars_from_reviewing_it(part):
    assert bar_to_review(Involvement(**{part: True}), TWO_YEARS, TODAY)


def test_an_unconfirmed_register_bars_from_new_work_after_thirty_days_and_from_no_vote():
    late = Involvement(register=Register(date(2024, 1, 1), confirmed_on=date(2025, 10, 17)), kept_seat=True)
    assert late.register.due_on == date(2026, 10, 17)
    assert bar_to_assess(late, TWO_YEARS, date(2026, 11, 16)) is None
    reason = "Has not confirmed their register of interests, which was due on 17 Oct 2026."
    assert bar_to_assess(late, TWO_YEARS, date(2026, 11, 17)) == reason
    assert bar_to_sit(late, TWO_YEARS, date(2026, 11, 17)) is None
    assert bar_to_sit(replace(late, kept_seat=False), TWO_YEARS, date(2026, 11, 17)) == reason
    assert bar_to_vote(late, TWO_YEARS, date(2030, 1, 1)) is None


def test_a_register_that_was_never_confirmed_is_due_at_once():
    assert Register(TODAY).due_on == TODAY


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The Green Hand Ltd.", "green hand", True),
        ("Age Well & Co", "Age Well and Co", True),
        ("St Mary’s Hospice", "St Marys Hospice CIO", True),
        ("Green Hand", "Green Hands", False),
        ("مركز الأمل", "مركز الأمل", True),
        ("The And Limited", "Limited The", False),
    ],
)
def test_names_of_one_organisation_have_one_key(one, other, same):
    assert (name_key(one) == name_key(other)) is same
