"""Which points a case gets, so that its scores really give the level that its story tells."""

from __future__ import annotations

import random
from collections.abc import Mapping

from app.domain.applicability import counting
from app.domain.framework import Framework
from app.domain.scoring import Scored, outcome
from app.domain.self_assessment import Claim

Marks = dict[str, int]

SHARE_OF_THREES = {"bronze": 0.12, "silver": 0.4, "gold": 0.82}
SHARE_OF_ONES = {"bronze": 0.06, "silver": 0.03, "gold": 0.0}
STEP = 0.05


def marks_for(
    framework: Framework, facts: Mapping[str, object], target: str, wanted: str | None, rng: random.Random
) -> Marks:
    """A point for each criterion asked, with which the outcome is the level `wanted`; None is below every level."""
    codes = [criterion.code for criterion in counting(framework, facts, target)]
    held = {criterion.code for criterion in framework.criteria if criterion.required}
    if wanted is None:
        return _failing(codes, held, rng)
    luck = {code: rng.random() for code in codes}
    share = SHARE_OF_THREES[wanted]
    for attempt in range(20):
        ones = 0.0 if attempt > 5 else SHARE_OF_ONES[wanted]
        marks = {code: _mark(luck[code], share, ones if code not in held else 0.0) for code in codes}
        if level_of(framework, marks, facts, target) == wanted:
            return marks
        share += STEP
    raise ValueError(f"No marks give {wanted} for {target}.")


def _mark(luck: float, threes: float, ones: float) -> int:
    if luck < threes:
        return 3
    return 1 if luck > 1 - ones else 2


def _failing(codes: list[str], held: set[str], rng: random.Random) -> Marks:
    """Started on most, and two of the foundations not in place yet."""
    marks = {code: rng.choice((1, 2, 2, 2)) for code in codes}
    for code in rng.sample(sorted(held & set(codes)), 2):
        marks[code] = 1
    return marks


def level_of(framework: Framework, marks: Marks, facts: Mapping[str, object], target: str) -> str | None:
    """The level that the marks give."""
    scores = {code: Scored(point) for code, point in marks.items()}
    return outcome(framework, scores, facts, target=target).level


def claimed(mark: int, rng: random.Random) -> int:
    """What a provider claims where an assessor would give `mark`: mostly the same, now and then more, seldom less."""
    luck = rng.random()
    if mark < 3 and luck < (0.5 if mark < 2 else 0.1):
        return mark + 1
    return mark - 1 if mark == 3 and luck > 0.92 else mark


def claim(point: int, reason: str) -> Claim:
    return Claim(point=point, reason=reason)
