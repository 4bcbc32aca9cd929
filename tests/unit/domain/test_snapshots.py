"""What is kept of a day's readiness comes back exact, and what changed between two days is said in words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from app.domain.snapshots import Part, Snapshot, as_data, change, compared_with, from_data

TODAY = date(2026, 11, 16)
THEN = Snapshot(
    on=TODAY - timedelta(days=5),
    now="Bronze",
    aimed="Silver",
    value=Fraction(2, 3),
    said="Bronze, 66.66%",
    answered=3,
    asked=4,
    parts=(
        Part("GOV", "GOV Governance", Fraction(1, 3), "33.33%", False),
        Part("SAFE", "SAFE Safety", Fraction(1), "100%", True),
    ),
)


def test_what_is_kept_comes_back_exact():
    kept = json.loads(json.dumps(as_data(THEN)))
    assert from_data(THEN.on, kept) == THEN
    assert from_data(THEN.on, kept, submitted=True) == replace(THEN, submitted=True)


def test_nothing_is_said_where_nothing_changed():
    assert change(THEN, replace(THEN, on=TODAY)).none


def test_what_rose_fell_and_came_anew_is_said_part_by_part():
    parts = (
        Part("GOV", "GOV Governance", Fraction(1, 2), "50%", False),
        Part("SAFE", "SAFE Safety", Fraction(1, 2), "50%", False),
        Part("NEW", "NEW Added", Fraction(1, 2), "50%", False),
    )
    found = change(THEN, replace(THEN, said="Bronze, 50%", answered=4, aimed="Gold", parts=parts))
    assert found.sentences == (
        "It stood at Bronze, 66.66% and stands at Bronze, 50%.",
        "3 of 4 criteria were answered. Now 4 of 4 are.",
        "The aim was Silver then, and is Gold now.",
    )
    told = [(each.name, each.before, each.after, each.rose, each.fell) for each in found.parts]
    assert told == [
        ("GOV Governance", "33.33%", "50%", True, False),
        ("SAFE Safety", "100%", "50%", False, True),
        ("NEW Added", "", "50%", True, False),
    ]


def test_today_is_held_against_the_last_day_kept_and_one_that_is_a_month_old():
    days = [replace(THEN, on=TODAY - timedelta(days=ago)) for ago in (90, 31, 30, 29, 4, 0)]
    found = compared_with(days, TODAY)
    assert {why: (TODAY - each.on).days for why, each in found.items()} == {"last": 4, "month": 30}
    assert set(compared_with(days[:1], TODAY)) == {"last"}  # one that would be named twice is named once
    assert compared_with(days[-1:], TODAY) == {}
