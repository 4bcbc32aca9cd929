"""A score sheet in two bytes a criterion: what is kept beside a handed-in assessment, so that many can be scored at once."""

import sys
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache

from app.domain.framework import Framework
from app.domain.scoring.sheet import NotApplicable, NotRated, Passported, Score, Scored

MISSING, OUT, UNRATED, FIRST = 0, 1, 2, 3


def pack(framework: Framework, scores: Mapping[str, Score]) -> bytes:
    """The sheet, little-endian, in the framework's reading order: 0 no score, 1 not applicable, 2 not rated, 3 and more a point.

    A point is its place on its scale. What is passported is kept as the point that it counts as. Reasons are left out.
    Raises ValueError for a point off its scale.
    """
    given = scores.get
    packed = array("H", (_state(given(code), places, best) for code, places, best in _places(framework)))
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


@lru_cache(maxsize=64)
def _places(framework: Framework) -> tuple[tuple[str, Sequence[int], int], ...]:
    """Each criterion's code, the points of its scale in their places, and its best one: asked of a scale only once."""
    return tuple((each.code, each.scale.values, each.scale.best) for each in framework.criteria)


def states(data: bytes) -> Sequence[int]:
    """The states of a packed sheet, in reading order."""
    unpacked = array("H")
    unpacked.frombytes(data)
    if sys.byteorder == "big":
        unpacked.byteswap()
    return unpacked


def unpack(framework: Framework, data: bytes) -> dict[str, Score]:
    """The scores of a packed sheet. A reason that was left out is said to be on record."""
    found = zip(_places(framework), states(data), strict=True)
    return {code: score for (code, places, _), state in found if (score := _score(places, state))}


def _state(score: Score | None, places: Sequence[int], best: int) -> int:
    match score:
        case Scored(point=point):
            return FIRST + places.index(point)
        case Passported(point=point):
            return FIRST + places.index(best if point is None else point)
        case NotApplicable():
            return OUT
        case NotRated():
            return UNRATED
        case None:
            return MISSING


def _score(places: Sequence[int], state: int) -> Score | None:
    if state == MISSING:
        return None
    if state == OUT:
        return NotApplicable("The reason is on record.")
    if state == UNRATED:
        return NotRated("The reason is on record.")
    return Scored(places[state - FIRST])
