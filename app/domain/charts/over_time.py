"""What runs over time: a course of one figure, and columns of two counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from app.domain.charts.parts import GAP, LINE, TEXT, WIDE, Place, Words
from app.domain.lettering import cut
from app.domain.wording import dated

EDGE = 10.0
SIDES = {"start": 0.0, "middle": WIDE / 2, "end": WIDE}
MOST_MOMENTS = 36


@dataclass(frozen=True, slots=True)
class Moment:
    """How far something was on a day, from 0 to 1, and how that is said."""

    on: date
    value: Fraction
    said: str


@dataclass(frozen=True, slots=True)
class Course:
    """A line over time. `words` name the first and the last of its `dots`; `grid` are the heights of its ruled lines."""

    height: float
    dots: tuple[Place, ...]
    words: tuple[Words, ...]
    grid: tuple[float, ...]
    wide: float = WIDE


@dataclass(frozen=True, slots=True)
class Stack:
    """What is counted in one stretch of time: of two kinds, the lower one first."""

    name: str
    lower: int
    upper: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of two parts: (top, height) of each."""

    x: float
    width: float
    lower: tuple[float, float]
    upper: tuple[float, float]
    name: Words
    figure: Words


@dataclass(frozen=True, slots=True)
class Columns:
    height: float
    base: float
    columns: tuple[Column, ...]
    wide: float = WIDE


def course(moments: Sequence[Moment]) -> Course:
    """The last moments as a line, in the order of their days. Raises ValueError where there are none."""
    if not moments:
        raise ValueError("A course needs a moment.")
    moments = sorted(moments, key=lambda each: each.on)[-MOST_MOMENTS:]
    top, bottom = 8.0, 128.0
    first, last = moments[0].on, moments[-1].on
    days = (last - first).days

    def at(moment: Moment) -> Place:
        x = EDGE + (WIDE - 2 * EDGE) * ((moment.on - first).days / days if days else 0.5)
        return round(x, 1), round(bottom - (bottom - top) * float(moment.value), 1)

    dots = tuple(at(each) for each in moments)
    ends = [(moments[0], "start"), (moments[-1], "end")] if days else [(moments[-1], "middle")]
    room = WIDE / len(ends) - GAP
    words = tuple(
        Words(SIDES[side], bottom + LINE + 4, side, (dated(each.on),), cut(each.said, TEXT, room))
        for each, side in ends
    )
    return Course(bottom + 2 * LINE + 12, dots, words, (top, (top + bottom) / 2, bottom))


def columns(stacks: Sequence[Stack]) -> Columns:
    """Columns of two parts side by side, as many as have room: the last ones."""
    stacks = stacks[-12:]
    most = max([each.lower + each.upper for each in stacks] + [1])
    top, tall = LINE + 4, 130.0
    base = top + tall
    step = WIDE / max(len(stacks), 1)
    width = min(step * 0.6, 60.0)
    drawn = []
    for place, each in enumerate(stacks):
        lower, upper = tall * each.lower / most, tall * each.upper / most
        middle = round(step * (place + 0.5), 1)
        every = len(stacks) <= 6 or (len(stacks) - 1 - place) % 2 == 0
        drawn.append(
            Column(
                x=round(middle - width / 2, 1),
                width=round(width, 1),
                lower=(round(base - lower, 1), round(lower, 1)),
                upper=(round(base - lower - upper, 1), round(upper, 1)),
                name=Words(middle, base + LINE, "middle", (each.name,) if every else ()),
                figure=Words(middle, round(base - lower - upper - 5, 1), "middle", (str(each.lower + each.upper),)),
            )
        )
    return Columns(base + LINE + 8, base, tuple(drawn))
