"""What becomes of the scores of several assessors: where they differ, who settles that, and which assessments count."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from app.domain.agreement import Measured, share_agreed
from app.domain.terms import AssessmentTerms, Reconciliation


class GivenScore(Protocol):
    """What was given on one criterion, by an assessor or as agreed."""

    @property
    def point(self) -> int | None: ...
    @property
    def not_applicable(self) -> bool: ...
    @property
    def not_rated(self) -> bool: ...
    @property
    def reason(self) -> str: ...


State = tuple[int | None, bool, bool]
Row = TypeVar("Row", bound=GivenScore)
Of = TypeVar("Of")


class Settling(StrEnum):
    """Who settles scores that differ: the lead alone, the lead after the assessors have met, or the panel."""

    LEAD = "lead"
    MEETING = "meeting"
    PANEL = "panel"


def state_of(score: GivenScore) -> State:
    """What a score says, apart from its reason."""
    return score.point, score.not_applicable, score.not_rated


def differing(sheets: Sequence[Mapping[str, GivenScore]], codes: Collection[str]) -> tuple[str, ...]:
    """The criteria among `codes` that these assessors scored differently, in that order."""
    return tuple(code for code in codes if len({state_of(sheet[code]) for sheet in sheets if code in sheet}) > 1)


def agreed_share(sheets: Sequence[Mapping[str, GivenScore]], codes: Collection[str]) -> Measured:
    """On what share of `codes` these assessors agree: the agreement that a framework's floor is held against."""
    return share_agreed([state_of(sheet[code]) if code in sheet else None for sheet in sheets] for code in codes)


def settling(terms: AssessmentTerms, agreed: Measured) -> Settling:
    """Who settles the scores of assessors who agree so far."""
    if terms.reconciliation is Reconciliation.PANEL:
        return Settling.PANEL
    return Settling.MEETING if terms.must_meet(agreed.value) else Settling.LEAD


def counting(handed_in: Sequence[tuple[Of, datetime]], submitted_at: datetime | None, needed: int) -> tuple[Of, ...]:
    """Which assessments count, of those handed in, the earliest first.

    All that were handed in since the application was last submitted; before them, as far as fewer than `needed` were, the
    latest of those that judged it as it stood earlier.
    """
    fresh = [each for each, at in handed_in if submitted_at is None or at >= submitted_at]
    earlier = [each for each, at in handed_in if submitted_at is not None and at < submitted_at]
    short = max(needed - len(fresh), 0)
    return tuple(earlier[len(earlier) - short :] if short < len(earlier) else earlier) + tuple(fresh)
