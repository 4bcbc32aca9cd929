"""What a level comes to if all stood alike: the lowest standing, the same on every scale, with which it is reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from app.domain.framework import Criterion, Level, Scale
from app.domain.scoring.sheet import Sheet
from app.domain.scoring.verdict import stand_all

MOST_STEPS = 100


def position(scale: Scale, value: int) -> Fraction:
    """How far up its scale a point is: 0 for the worst, 1 for the best."""
    if scale.span:
        way = Fraction(value - scale.minimum, (scale.maximum - scale.minimum) or 1)
        return 1 - way if scale.lower_is_better else way
    points = list(scale.from_worst)
    return Fraction(points.index(value), len(points) - 1) if len(points) > 1 else Fraction(1)


def point_at(scale: Scale, how_far: Fraction) -> int:
    """The lowest point that is at least so far up the scale, from 0 to 1."""
    points = scale.from_worst
    place = how_far * (len(points) - 1)
    return points[-(-place.numerator // place.denominator)]


def alike(sheet: Sheet, level: Level) -> dict[str, int] | None:
    """The points with which the level is just reached if all criteria stood alike, none below a point that is required.

    None where not even the best of everything reaches it. What is passported or left out keeps what it has. A better
    point never lowers an outcome, which is why halving the way finds the lowest.
    """
    kept = {*sheet.passported, *sheet.not_applicable}
    free = [each for each in sheet.criteria if each.code in sheet.points and each.code not in kept]
    steps = _steps(free)
    low, high = 0, len(steps) - 1
    if not _reaches(sheet, level, standing_alike(sheet.points, level, free, steps[high])):
        return None
    while low < high:
        middle = (low + high) // 2
        if _reaches(sheet, level, standing_alike(sheet.points, level, free, steps[middle])):
            high = middle
        else:
            low = middle + 1
    return standing_alike(sheet.points, level, free, steps[high])


def standing_alike(
    points: Mapping[str, int], level: Level, free: Sequence[Criterion], how_far: Fraction
) -> dict[str, int]:
    """The points with those of `free` that far up their scales, or at what the level requires where that is more."""
    changed = dict(points)
    scales = {criterion.scale.code: criterion.scale for criterion in free}
    at = {code: point_at(scale, how_far) for code, scale in scales.items()}
    for criterion in free:
        point = at[criterion.scale.code]
        required = criterion.required.get(level.code)
        changed[criterion.code] = (
            required if required is not None and criterion.scale.better(required, point) else point
        )
    return changed


def _steps(criteria: Sequence[Criterion]) -> list[Fraction]:
    """Every standing at which some scale has a point, the lowest first; of a long range a hundred of them."""
    scales = {criterion.scale.code: criterion.scale for criterion in criteria}
    steps = {Fraction(0), Fraction(1)}
    for scale in scales.values():
        count = min(len(scale.values) - 1, MOST_STEPS)
        steps |= {Fraction(place, count) for place in range(1, count)}
    return sorted(steps)


def _reaches(sheet: Sheet, level: Level, points: Mapping[str, int]) -> bool:
    tried = replace(sheet, points=points, missing=(), not_rated=())
    return all(standing.met for standing in stand_all(tried)[: level.rank + 1])
