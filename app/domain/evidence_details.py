"""What each kind of evidence asks for beside its file, link or words, and how that reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.domain.uk_time import MONTHS

LONGEST_LINE = 200
LONGEST_LINES = 4_000


class Shape(StrEnum):
    """How a detail is typed, and kept: a day as YYYY-MM-DD, a count as a whole number, the others as text."""

    LINE = "line"
    LINES = "lines"
    DAY = "day"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Detail:
    """One thing that a kind asks for. `needed` is the sentence shown where it is left empty; without one it may be."""

    code: str
    title: str
    hint: str = ""
    needed: str = ""
    shape: Shape = Shape.LINE


def _period(needed: str = "") -> tuple[Detail, Detail]:
    return (
        Detail("period_from", "First day of the period", "", needed, Shape.DAY),
        Detail("period_to", "Last day of the period", "", needed and "Enter the last day of the period.", Shape.DAY),
    )


_PEOPLE = Detail("people", "Number of people", "How many people the figures are about.", shape=Shape.COUNT)
_ON = Detail("on", "Date", needed="Enter the day on which it was.", shape=Shape.DAY)
_PLACE = Detail("place", "Where", "Such as the day centre in Lancaster, or by telephone.")

DETAILS: Mapping[str, tuple[Detail, ...]] = MappingProxyType(
    {
        "data": (
            Detail("source", "Where the figures come from", "Such as our case system.", "Say where they come from."),
            *_period(),
        ),
        "outcome-measure": (
            Detail("measures", "What is measured", "Such as loneliness.", "Say what is measured."),
            Detail(
                "method",
                "How it is measured",
                "The tool or the questions, who answered, and when.",
                "Say how it is measured.",
                Shape.LINES,
            ),
            *_period("Enter the first day of the period."),
            _PEOPLE,
            Detail("unit", "Unit", "Such as points of 9, or per cent."),
            Detail("baseline", "Figure at the start", "Leave it empty if there is none."),
            Detail("result", "Figure at the end", needed="Enter the figure at the end."),
        ),
        "observation": (
            Detail(
                "who", "Who observed", "The role, such as team leader. No names.", "Enter the role of who observed."
            ),
            _ON,
            _PLACE,
        ),
        "interview": (
            Detail(
                "who",
                "Who was spoken with",
                "The role, such as carer or volunteer. No names of people who use the service.",
                "Enter the role of who was spoken with.",
            ),
            _ON,
            _PLACE,
        ),
        "user-feedback": (
            Detail("how", "How it was gathered", "Such as a survey by post.", "Say how it was gathered."),
            *_period(),
            _PEOPLE,
        ),
    }
)
"""By kind. A kind that is not named asks for nothing more."""


def checked_details(kind: str, given: Mapping[str, Any], today: date) -> tuple[dict[str, Any], dict[str, str]]:
    """(what is kept, a sentence for each field that is wrong). What the kind does not ask for is left out.

    `given` holds text, whole numbers and dates; what is kept can be written as JSON.
    """
    kept: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for detail in DETAILS.get(kind, ()):
        value = given.get(detail.code)
        value = value.strip() if isinstance(value, str) else value
        if value is None or value == "":
            if detail.needed:
                errors[detail.code] = detail.needed
            continue
        problem = _problem(detail, value, today)
        if problem:
            errors[detail.code] = problem
        kept[detail.code] = value.isoformat() if isinstance(value, date) else value
    if "period_from" in kept and "period_to" in kept and kept["period_to"] < kept["period_from"]:
        errors.setdefault("period_to", "The last day must be on or after the first day.")
    return kept, errors


def _problem(detail: Detail, value: object, today: date) -> str:
    if detail.shape is Shape.DAY:
        if not isinstance(value, date):
            return "Enter a date, such as 31 3 2026."
        return "The date cannot be in the future." if detail.code == "on" and value > today else ""
    if detail.shape is Shape.COUNT:
        return "" if isinstance(value, int) and value >= 0 else "Enter a whole number, such as 12."
    longest = LONGEST_LINES if detail.shape is Shape.LINES else LONGEST_LINE
    return f"Keep this under {longest:,} characters." if len(str(value)) > longest else ""


def details_as_given(kind: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept, as a form takes it: days as dates."""
    shapes = {detail.code: detail.shape for detail in DETAILS.get(kind, ())}
    return {
        code: date.fromisoformat(value) if shapes[code] is Shape.DAY else value
        for code, value in kept.items()
        if code in shapes
    }


def in_words(kind: str, kept: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """(title, words) of each detail, in the order asked for; the two ends of a period as one."""
    found: list[tuple[str, str]] = []
    for detail in DETAILS.get(kind, ()):
        if detail.code == "period_to" and kept.get("period_from"):
            continue
        if detail.code == "period_from" and kept.get("period_from"):
            found.append(("Period", _days(kept["period_from"], kept.get("period_to"))))
        elif (value := kept.get(detail.code)) not in (None, ""):
            found.append((detail.title, _words(detail, value)))
    return tuple(found)


def _words(detail: Detail, value: object) -> str:
    if detail.shape is Shape.DAY:
        return _day(str(value))
    if detail.shape is Shape.COUNT:
        return f"{value:,}"
    return str(value)


def _days(first: str, last: str | None) -> str:
    return f"{_day(first)} to {_day(last)}" if last else f"From {_day(first)}"


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
