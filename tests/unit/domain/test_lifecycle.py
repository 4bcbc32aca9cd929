"""The lives of applications, assessments and awards: the declared moves, and no other."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.errors import IllegalMove
from app.domain.lifecycle import (
    APPLICATION_MOVES,
    ASSESSMENT_MOVES,
    AWARD_MOVES,
    CURRENT,
    EDITABLE,
    ENDED,
    ApplicationMove,
    ApplicationStatus,
    AssessmentMove,
    AssessmentStatus,
    AwardMove,
    AwardStatus,
    after,
    status_on,
)

LIVES = {
    "application": (APPLICATION_MOVES, ApplicationStatus, ApplicationMove),
    "assessment": (ASSESSMENT_MOVES, AssessmentStatus, AssessmentMove),
    "award": (AWARD_MOVES, AwardStatus, AwardMove),
}
EVERY_PAIR = [(noun, status, move) for noun, (_, states, moves) in LIVES.items() for status in states for move in moves]
LAST_DAY = date(2029, 3, 31)


@pytest.mark.parametrize(("noun", "status", "move"), EVERY_PAIR)
def test_a_move_that_is_not_declared_is_refused_in_words(noun, status, move):
    moves, states, _ = LIVES[noun]
    if (status, move) in moves:
        assert after(moves, status, move, noun) in states
        return
    with pytest.raises(IllegalMove) as refusal:
        after(moves, status, move, noun)
    assert str(refusal.value) == f"You cannot {move.value} this {noun} now: it is {status.value.replace('-', ' ')}."


@pytest.mark.parametrize("noun", LIVES)
def test_every_move_can_happen_and_every_state_can_be_reached(noun):
    moves, states, kinds = LIVES[noun]
    assert {move for _, move in moves} == set(kinds)
    starts = {"application": "draft", "assessment": "assigned", "award": "awarded"}
    begins = {starts[noun], "conditional"} if noun == "award" else {starts[noun]}
    unreached = set(states) - set(moves.values()) - {states(value) for value in begins}
    assert unreached == ({AwardStatus.EXPIRED} if noun == "award" else set()), "expiry is the calendar's"


@pytest.mark.parametrize("status", sorted(ENDED))
def test_what_has_ended_stays_ended(status):
    assert not [move for (state, move) in APPLICATION_MOVES if state is status]


def test_answers_change_only_before_the_scheme_has_the_case():
    handed_in = {status for status in ApplicationStatus if (status, ApplicationMove.SUBMIT) in APPLICATION_MOVES}
    assert handed_in == EDITABLE


def test_an_award_is_decided_by_a_panel_and_by_nothing_else():
    before = {status for (status, move), to in APPLICATION_MOVES.items() if to is ApplicationStatus.AWARDED}
    assert before == {ApplicationStatus.WITH_PANEL}


def test_withdrawn_and_surrendered_awards_never_come_back():
    ended = {AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED}
    assert not [pair for pair in AWARD_MOVES if pair[0] in ended]
    assert not ended & CURRENT and AwardStatus.SUSPENDED not in CURRENT


@pytest.mark.parametrize("status", sorted(set(AwardStatus) - {AwardStatus.EXPIRED}))
def test_the_last_day_still_counts_and_the_next_does_not(status):
    assert status_on(status, LAST_DAY, LAST_DAY) is status
    kept = {AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED}
    assert status_on(status, LAST_DAY, date(2029, 4, 1)) is (status if status in kept else AwardStatus.EXPIRED)
