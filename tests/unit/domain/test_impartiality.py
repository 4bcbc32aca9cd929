"""Who is barred from a case, and why."""

from datetime import date, timedelta

import pytest

from app.domain.duration import Duration
from app.domain.impartiality import NOT_INVOLVED, Involvement, Tie, bar_to_assess, bar_to_sit

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
