"""Bars, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.charts.parts import GAP, LINE, TEXT, WIDE, Axis, Words
from app.domain.lettering import cut, wide, wrapped

THICK = 16.0
MOST_BARS = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, `filled` units long on a track over the whole width. `aim` is where the aimed-at mark stands."""

    words: Words
    top: float
    filled: float
    aim: float | None
    figure: Words


@dataclass(frozen=True, slots=True)
class Bars:
    height: float
    bars: tuple[Bar, ...]
    wide: float = WIDE
    thick: float = THICK


def bars(axes: Sequence[Axis]) -> Bars:
    """One bar below the other, each under its name with its figure."""
    drawn: list[Bar] = []
    y = 0.0
    for axis in axes[:MOST_BARS]:
        figure = ", ".join(filter(None, (axis.said, axis.aim_said)))
        names = wrapped(axis.name, TEXT, WIDE, 3)
        beside = wide(names[-1], TEXT) + GAP + wide(figure, TEXT) <= WIDE
        lines = len(names) + (0 if beside or not figure else 1)
        top = y + lines * LINE + 4
        drawn.append(
            Bar(
                words=Words(0.0, y + TEXT, "start", names),
                top=top,
                filled=round(WIDE * float(axis.value), 1),
                aim=None if axis.aim is None else round(WIDE * float(axis.aim), 1),
                figure=Words(WIDE, y + TEXT + (lines - 1) * LINE, "end", (cut(figure, TEXT, WIDE),)),
            )
        )
        y = top + THICK + 14
    return Bars(round(y, 1), tuple(drawn))
