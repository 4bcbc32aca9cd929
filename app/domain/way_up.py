"""The shortest way to the next level, as criteria and points: what the sentences of an outcome's explanation say, to act on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.scoring import Outcome
from app.domain.scoring.lift import least_set, single_lifts
from app.domain.scoring.verdict import stand_all

MOST_STEPS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """A criterion that is to rise: to `point` from `has`, both as pages show them."""

    code: str
    heading: str
    has: str
    point: str


@dataclass(frozen=True, slots=True)
class WayUp:
    """To the lowest level that is not reached. Any one of `single` is enough; where there are none, all `together` are.

    Of long lists the first twelve; `more` says how many were left out. `so_far`: not everything is answered.
    """

    level: str
    level_title: str
    single: tuple[Step, ...] = ()
    together: tuple[Step, ...] = ()
    more: int = 0
    so_far: bool = False

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.single or self.together

    @property
    def introduced(self) -> str:
        """What the list of steps is introduced with."""
        what = "all of these together" if not self.single else "this" if len(self.single) == 1 else "any one of these"
        if self.so_far:
            return f"Of what is answered so far, {what} would be enough for {self.level_title}:"
        return f"{what.capitalize()} {'are' if not self.single else 'is'} enough for {self.level_title}:"


def sentences_beside(up: WayUp | None, sentences: tuple[str, ...]) -> tuple[str, ...]:
    """The sentences of an explanation that a list of steps does not say already: those that name none of its criteria."""
    named = {step.code for step in up.steps} if up else set()
    return tuple(each for each in sentences if not named.intersection(re.split(r"[\s,;:“”]+", each.rstrip("."))))


def way_up(outcome: Outcome) -> WayUp | None:
    """What would lift an outcome to the next level; None where every level is reached."""
    standing = next((each for each in stand_all(outcome.sheet) if not each.met), None)
    if standing is None:
        return None
    code, title = standing.level.code, str(standing.level.title)
    if not standing.points:
        return WayUp(code, title)
    single = single_lifts(outcome.sheet, standing)
    together = {} if single else least_set(outcome.sheet, standing)
    more = max(len(single or together) - MOST_STEPS, 0)
    return WayUp(code, title, _steps(outcome, single), _steps(outcome, together), more, so_far=not outcome.complete)


def _steps(outcome: Outcome, raised: Mapping[str, int]) -> tuple[Step, ...]:
    """The steps in the framework's order."""
    found = (each for each in outcome.sheet.criteria if each.code in raised)
    return tuple(
        Step(
            each.code,
            str(each.heading),
            each.scale.shown(outcome.sheet.points[each.code]),
            each.scale.shown(raised[each.code]),
        )
        for each in found
    )[:MOST_STEPS]
