"""The rules of the improvement plan: moves, what is late, when an owner is reminded, and what months come to."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import IllegalMove, Invalid
from app.domain.lifecycle import after
from app.domain.plan import (
    ACTION_MOVES,
    STILL_TO_DO,
    ActionMove,
    ActionState,
    Life,
    Reminder,
    Wanted,
    check_reason,
    is_late,
    months,
    reminder_due,
    reminder_reached,
)

TODAY = date(2026, 11, 16)
DAYS = st.integers(-60, 60).map(lambda days: TODAY + timedelta(days=days))


def test_every_undeclared_move_is_refused_and_no_state_is_a_dead_end():
    for state, move in product(ActionState, ActionMove):
        if (state, move) not in ACTION_MOVES:
            with pytest.raises(IllegalMove, match="You cannot"):
                after(ACTION_MOVES, state, move, "action")
    assert {state for state, _ in ACTION_MOVES} == set(ActionState)
    assert set(ACTION_MOVES.values()) == set(ActionState)


def test_what_is_done_can_be_undone_and_what_is_dropped_opened_again():
    done = after(ACTION_MOVES, ActionState.IN_PROGRESS, ActionMove.FINISH, "action")
    assert after(ACTION_MOVES, done, ActionMove.REOPEN, "action") is ActionState.IN_PROGRESS
    dropped = after(ACTION_MOVES, ActionState.OPEN, ActionMove.DROP, "action")
    assert after(ACTION_MOVES, dropped, ActionMove.REOPEN, "action") is ActionState.OPEN


def test_the_last_day_itself_is_not_late_and_what_is_done_never_is():
    assert not is_late(ActionState.OPEN, TODAY, TODAY)
    assert is_late(ActionState.IN_PROGRESS, TODAY - timedelta(days=1), TODAY)
    assert not is_late(ActionState.DONE, TODAY - timedelta(days=90), TODAY)
    assert not is_late(ActionState.OPEN, None, TODAY)


def test_an_owner_is_reminded_a_fortnight_and_three_days_before_and_the_day_after_each_once():
    due, sent, said = TODAY + timedelta(days=30), Reminder.NONE, {}
    for days in range(60):
        today = TODAY + timedelta(days=days)
        reminder = reminder_due(ActionState.OPEN, due, sent, today)
        if reminder is not Reminder.NONE:
            said[reminder] = (due - today).days
            sent = reminder
    assert said == {Reminder.AHEAD: 14, Reminder.SOON: 3, Reminder.LATE: -1}


def test_after_a_pause_only_the_latest_reminder_is_sent():
    due = TODAY + timedelta(days=2)
    assert reminder_due(ActionState.OPEN, due, Reminder.NONE, TODAY) is Reminder.SOON
    assert reminder_due(ActionState.OPEN, due, Reminder.SOON, TODAY) is Reminder.NONE
    assert reminder_due(ActionState.OPEN, due, Reminder.NONE, TODAY + timedelta(days=9)) is Reminder.LATE


@given(DAYS | st.none(), st.sampled_from(ActionState), DAYS)
def test_nobody_is_reminded_of_a_date_that_was_set_today_nor_of_what_is_over(due, state, today):
    assert reminder_due(state, due, reminder_reached(due, today), today) is Reminder.NONE
    if state not in STILL_TO_DO:
        assert reminder_due(state, due, Reminder.NONE, today) is Reminder.NONE


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(" "), "title"),
        (Wanted("x" * 201), "title"),
        (Wanted("Do it", notes="x" * 5001), "notes"),
        (Wanted("Do it", owner_name="x" * 121), "owner_name"),
        (Wanted("Do it", owner_id=1, owner_name="Ann"), "owner_name"),
        (Wanted("Do it", due_on=date(206, 1, 1)), "due_on"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(wanted, field):
    with pytest.raises(Invalid) as refused:
        wanted.check()
    assert set(refused.value.errors) == {field}


def test_dropping_needs_a_reason_and_nothing_else_does():
    with pytest.raises(Invalid, match="Say why it is dropped"):
        check_reason(ActionMove.DROP, "  ")
    check_reason(ActionMove.FINISH, "")
    check_reason(ActionMove.DROP, "The service was closed.")


def test_months_run_from_the_first_action_to_today_and_say_what_was_left_at_the_end_of_each():
    lives = [
        Life(date(2026, 9, 3), done_on=date(2026, 9, 30)),
        Life(date(2026, 9, 10), done_on=date(2026, 11, 2)),
        Life(date(2026, 10, 5), dropped_on=date(2026, 10, 6)),
        Life(date(2026, 11, 1)),
    ]
    found = [(month.first.month, month.done, month.to_do) for month in months(lives, TODAY)]
    assert found == [(9, 1, 1), (10, 0, 1), (11, 1, 1)]
    assert months([], TODAY) == ()


@given(st.lists(st.tuples(DAYS, st.integers(0, 40)), max_size=30), st.integers(1, 12))
def test_months_count_every_action_that_was_done_in_them(ended, most):
    lives = [Life(made, min(made + timedelta(days=days), TODAY)) for made, days in ended if made <= TODAY]
    found = months(lives, TODAY, most)
    assert len(found) <= most
    if found:
        assert found[-1].first == TODAY.replace(day=1)
        assert sum(month.done for month in found) == sum(life.done_on >= found[0].first for life in lives)
        assert found[-1].to_do == 0
