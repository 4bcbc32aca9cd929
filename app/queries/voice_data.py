"""The answers of a round as the rules take them, for pages and for the evidence that is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.voice import MOST_ANSWERS, form_of
from app.domain.voice_results import Given, Results, results
from app.models import Standing, VoiceAnswer, VoiceRound
from app.queries.voice_form import theme_titles


@dataclass(frozen=True)
class Standings:
    """How many answers of a round count, wait for the scheme, and were left out by it."""

    counted: int = 0
    held: int = 0
    left_out: int = 0


def is_open(found: VoiceRound, today: date) -> bool:
    """Whether it takes answers on that day."""
    return found.closed_at is None and found.opens_on <= today <= found.closes_on


def results_of(session: Session, found: VoiceRound) -> Results:
    """What may be shown of a round now. One statement."""
    rows = session.execute(  # columns and not rows of the model: there may be thousands
        select(
            VoiceAnswer.personal,
            VoiceAnswer.who,
            VoiceAnswer.month,
            VoiceAnswer.choices,
            VoiceAnswer.comments,
            VoiceAnswer.themes,
            VoiceAnswer.once,
        )
        .where(VoiceAnswer.round_id == found.id, VoiceAnswer.standing == Standing.COUNTED)
        .order_by(VoiceAnswer.id)
        .limit(MOST_ANSWERS)
    ).all()
    closed = found.closed_at is not None
    return results(form_of(found.questions), [_given(row) for row in rows], list(theme_titles()), closed=closed)


def _given(row: Any) -> Given:
    themes = tuple(_pair(each) for each in row.themes)
    return Given(row.personal, row.who, row.month, row.choices, row.comments, themes, row.once)


def _pair(stored: str) -> tuple[str, str]:
    question, _, theme = stored.partition(" ")
    return question, theme


def standings_of(session: Session, round_ids: list[int]) -> dict[int, Standings]:
    """By the round's id. One statement."""
    counts = session.execute(
        select(VoiceAnswer.round_id, VoiceAnswer.standing, func.count())
        .where(VoiceAnswer.round_id.in_(round_ids))
        .group_by(VoiceAnswer.round_id, VoiceAnswer.standing)
    ).all()
    found: dict[int, dict[Standing, int]] = {}
    for round_id, standing, number in counts:
        found.setdefault(round_id, {})[standing] = number
    return {
        round_id: Standings(each.get(Standing.COUNTED, 0), each.get(Standing.HELD, 0), each.get(Standing.LEFT_OUT, 0))
        for round_id, each in found.items()
    }
