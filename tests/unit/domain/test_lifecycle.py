"""The lives of applications, assessments and awards: the declared moves, and no other."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.actions import Action
from app.domain.errors import IllegalMove
from app.domain.lifecycle import (
    APPLICATION_MOVES,
    AWARD_MOVES,
    CURRENT,
    EDITABLE,
    ENDED,
    LIVES,
    STANDING,
    ApplicationMove,
    ApplicationStatus,
    AwardStatus,
    status_on,
)

BY_NOUN = {life.noun: life for life in LIVES}
EVERY_PAIR = [(life.noun, status, move) for life in LIVES for status in life.states for move in life.kinds]
LAST_DAY = date(2029, 3, 31)


@pytest.mark.parametrize(("noun", "status", "move"), EVERY_PAIR)
def test_a_move_that_is_not_declared_is_refused_in_words(noun, status, move):
    life = BY_NOUN[noun]
    if (status, move) in life.moves:
        assert life.after(status, move) in life.states
        assert move in life.open_to(status)
        return
    assert move not in life.open_to(status)
    with pytest.raises(IllegalMove) as refusal:
        life.after(status, move)
    assert str(refusal.value) == f"You cannot {move.value} this {noun} now: it is {status.value.replace('-', ' ')}."


@pytest.mark.parametrize("life", LIVES, ids=BY_NOUN)
def test_every_move_can_happen_and_every_state_can_be_reached(life):
    assert {move for _, move in life.moves} == set(life.kinds)
    reached, new = set(life.begins), set(life.begins)
    while new:
        new = {to for (state, _), to in life.moves.items() if state in reached} - reached
        reached |= new
    assert set(life.states) - reached == life.never_stored


@pytest.mark.parametrize("life", LIVES, ids=BY_NOUN)
def test_every_state_is_explained_and_every_move_says_who_makes_it_and_what_it_needs(life):
    assert set(life.says) == set(life.states)
    assert set(life.steps) == set(life.kinds)
    for move, step in life.steps.items():
        assert step.needs.endswith("."), move
        assert step.by or step.also_clock, move


@pytest.mark.parametrize("life", LIVES, ids=BY_NOUN)
def test_nothing_that_has_begun_is_stuck(life):
    ends = life.ends() - life.never_stored
    leads = {state: {to for (at, _), to in life.moves.items() if at is state} for state in life.states}
    fine, new = set(ends), set(ends)
    while new:
        new = {state for state, to in leads.items() if to & fine} - fine
        fine |= new
    assert set(life.states) - fine == life.never_stored


def test_an_application_that_ended_moves_again_only_after_an_appeal():
    out = {(state, move) for (state, move) in APPLICATION_MOVES if state in ENDED}
    assert {move for _, move in out} == {ApplicationMove.DECIDE_AGAIN}
    assert BY_NOUN["application"].steps[ApplicationMove.DECIDE_AGAIN].by == (Action.DECIDE_APPEAL,)


def test_answers_change_only_before_the_scheme_has_the_case():
    handed_in = {status for status in ApplicationStatus if (status, ApplicationMove.SUBMIT) in APPLICATION_MOVES}
    assert handed_in == EDITABLE


def test_an_award_is_decided_by_a_panel_and_by_nothing_else():
    before = {status for (status, move), to in APPLICATION_MOVES.items() if to is ApplicationStatus.AWARDED}
    assert before == {ApplicationStatus.WITH_PANEL}


def test_awards_that_were_withdrawn_surrendered_or_replaced_never_come_back():
    ended = {AwardStatus.WITHDRAWN, AwardStatus.SURRENDERED, AwardStatus.REPLACED}
    assert not [pair for pair in AWARD_MOVES if pair[0] in ended]
    assert not ended & CURRENT and AwardStatus.SUSPENDED not in CURRENT


@pytest.mark.parametrize("status", sorted(set(AwardStatus) - {AwardStatus.EXPIRED}))
def test_the_last_day_still_counts_and_the_next_does_not(status):
    assert status_on(status, LAST_DAY, LAST_DAY) is status
    kept = set(AwardStatus) - STANDING
    assert status_on(status, LAST_DAY, date(2029, 4, 1)) is (status if status in kept else AwardStatus.EXPIRED)
