"""Conditions of an award: whether they are whole, how they read as one text, and when to remind of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.uk_time import spoken

MOST_CONDITIONS = 20
LONGEST_CONDITION = 2_000
STAGES = (60, 30, 14, 7, 1)
"""How many days before its last day the provider is reminded of a condition."""
OVERDUE = -1
"""The stage of a condition whose last day has passed."""


@dataclass(frozen=True, slots=True)
class ConditionTerm:
    """What the provider has to do, and the last day for it. The words are public."""

    text: str
    due_on: date | None


def check_terms(terms: Sequence[ConditionTerm], today: date) -> Mapping[str, str]:
    """What is wrong with the conditions that a chair wrote, by the name of its field: `conditions-0-text`; empty if nothing."""
    errors = {}
    for place, term in enumerate(terms or (ConditionTerm("", None),)):
        if not term.text.strip():
            errors[f"conditions-{place}-text"] = (
                "Write the condition, or take it out."
                if place
                else "Write the conditions that the provider has to meet."
            )
        elif len(term.text) > LONGEST_CONDITION:
            errors[f"conditions-{place}-text"] = f"Keep a condition under {LONGEST_CONDITION:,} characters."
        if term.due_on is None or term.due_on <= today:
            errors[f"conditions-{place}-due_on"] = "Enter a date after today by which the condition has to be met."
    if len(terms) > MOST_CONDITIONS:
        errors["conditions-0-text"] = f"Set at most {MOST_CONDITIONS} conditions."
    return errors


def as_one_text(terms: Sequence[ConditionTerm]) -> str:
    """Conditions as the register shows them: the words of the only one, or a numbered line each with its day."""
    if len(terms) == 1:
        return terms[0].text.strip()
    return "\n".join(
        f"{number}. {term.text.strip()}{f' By {spoken(term.due_on)}.' if term.due_on else ''}"
        for number, term in enumerate(terms, 1)
    )


def first_day(terms: Sequence[ConditionTerm]) -> date | None:
    """The earliest last day among the conditions."""
    return min((term.due_on for term in terms if term.due_on), default=None)


def stage_on(due_on: date, today: date) -> int | None:
    """Which reminder is due on a day: one of STAGES, OVERDUE, or None while it is early yet."""
    left = (due_on - today).days
    if left < 0:
        return OVERDUE
    return min((stage for stage in STAGES if left <= stage), default=None)


def to_tell(due_on: date, told: int | None, today: date) -> int | None:
    """The stage that the provider has to be told of now: None where it was, or where none is due. A missed one is made up."""
    stage = stage_on(due_on, today)
    return stage if stage is not None and (told is None or stage < told) else None
