"""How evidence reads on pages: its kind, what its kind asks for, and what is the matter with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.evidence import KIND_WORDS, Brought
from app.domain.evidence_details import Detail, Shape, in_words
from app.edge.session import today
from app.web.jinja import day
from app.web.provider import bp

WORDS_TITLES = {
    Brought.OBSERVATION.value: "What was observed",
    Brought.INTERVIEW.value: "What was said",
    Brought.USER_FEEDBACK.value: "What people said",
}
COLLECTED = "User feedback, collected here"


@bp.app_template_filter("kind_words")
def kind_words(kind: str, collected: bool = False) -> str:
    """What a kind is called. What was collected here says so: its provider could not choose or change it."""
    return COLLECTED if collected else KIND_WORDS.get(kind, kind)


@bp.app_template_filter("details_in_words")
def details_in_words(details: Mapping[str, Any], kind: str) -> tuple[tuple[str, str], ...]:
    """(title, words) of each detail."""
    return in_words(kind, details)


@bp.app_template_filter("words_title")
def words_title(kind: str) -> str:
    """What the field for words is called in the form of a kind."""
    return WORDS_TITLES.get(kind, "Statement")


@bp.app_template_filter("drawn_as")
def drawn_as(detail: Detail) -> str:
    """Which macro draws the field of a detail."""
    return {Shape.LINES: "textarea", Shape.DAY: "date", Shape.COUNT: "number"}.get(detail.shape, "text")


@bp.app_template_filter("evidence_ran_out")
def evidence_ran_out(row: Any) -> bool:
    """Whether its last day is over."""
    return row.expires_on is not None and row.expires_on < today()


@bp.app_template_filter("evidence_trouble")
def evidence_trouble(row: Any) -> str:
    """What is the matter with a piece of evidence, as a sentence; nothing where all is well.

    `row` has `expires_on` and `dead_since`.
    """
    expires_on: date | None = row.expires_on
    found = f"It ran out on {day(expires_on)}." if expires_on is not None and expires_on < today() else ""
    dead = f"The page could not be reached since {day(row.dead_since)}." if row.dead_since else ""
    return f"{found} {dead}".strip()
