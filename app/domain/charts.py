"""Where everything of a chart stands: lines, dots and words of a radar, of bars, of columns and of a course over time.

Lengths are units of a drawing 400 wide, y grows downwards. On a phone one unit is a little less than a pixel, so words of
15 units can be read there. What is drawn with it, a page or a paper, is not known here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from app.domain.lettering import cut, wide, wrapped
from app.domain.wording import dated

WIDE = 400.0
TEXT = 15.0
LINE = 18.0
FEWEST_AXES, MOST_AXES = 3, 12
LARGEST, SMALLEST = 120.0, 56.0
RINGS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))
GAP = 12.0
EDGE = 10.0
SIDES = {"start": 0.0, "middle": WIDE / 2, "end": WIDE}
THICK = 16.0
MOST_BARS = 40
MOST_MOMENTS = 36

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that is measured: how far it is, from 0 to 1, and how that is said; where it should be, None for nowhere."""

    name: str
    value: Fraction
    said: str
    aim: Fraction | None = None
    aim_said: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Lines of text, one below the other. `y` is the baseline of the first; `anchor` is start, middle or end."""

    x: float
    y: float
    anchor: str
    lines: tuple[str, ...]
    said: str = ""

    @property
    def all_lines(self) -> tuple[tuple[str, float, bool], ...]:
        """Each line with its baseline, and whether it is the figure."""
        lines = (*self.lines, *((self.said,) if self.said else ()))
        last = len(lines) - 1 if self.said else -1
        return tuple((words, round(self.y + place * LINE, 1), place == last) for place, words in enumerate(lines))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of what it covers."""
        width = max((wide(words, TEXT) for words, _, _ in self.all_lines), default=0.0)
        left = {"start": self.x, "middle": self.x - width / 2, "end": self.x - width}[self.anchor]
        return left, self.y - TEXT, left + width, self.y + (len(self.all_lines) - 1) * LINE + 4


@dataclass(frozen=True, slots=True)
class Radar:
    """Polygons as lists of points. `aim` is the path of the aimed-at line, which has gaps where nothing is aimed at."""

    height: float
    rings: tuple[tuple[Place, ...], ...]
    spokes: tuple[tuple[Place, Place], ...]
    reached: tuple[Place, ...]
    aim: tuple[tuple[Place, Place], ...]
    aims: tuple[Place, ...]
    labels: tuple[Words, ...]
    wide: float = WIDE


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


def fits_a_radar(axes: Sequence[Axis]) -> bool:
    """Whether so many axes read well as a radar; fewer or more are shown as bars."""
    return FEWEST_AXES <= len(axes) <= MOST_AXES


def radar(axes: Sequence[Axis]) -> Radar:
    """The first axis points up, the others follow clockwise. Raises ValueError where they do not fit a radar."""
    if not fits_a_radar(axes):
        raise ValueError(f"A radar has {FEWEST_AXES} to {MOST_AXES} axes, not {len(axes)}.")
    turns = [2 * math.pi * place / len(axes) for place in range(len(axes))]
    radius = _radius(axes, turns)
    labels = _labels(axes, turns, radius)
    top = min(each.box[1] for each in labels) - 4
    bottom = max(each.box[3] for each in labels) + 4
    middle = -top

    def at(turn: float, share: float) -> Place:
        x = WIDE / 2 + radius * share * math.sin(turn)
        return round(x, 1), round(middle - radius * share * math.cos(turn), 1)

    aims = [None if each.aim is None else at(turn, float(each.aim)) for each, turn in zip(axes, turns, strict=True)]
    pairs = zip(aims, (*aims[1:], aims[0]), strict=True)
    return Radar(
        height=round(bottom - top, 1),
        rings=tuple(tuple(at(turn, float(ring)) for turn in turns) for ring in RINGS),
        spokes=tuple((at(0, 0), at(turn, 1)) for turn in turns),
        reached=tuple(at(turn, float(each.value)) for each, turn in zip(axes, turns, strict=True)),
        aim=tuple((one, other) for one, other in pairs if one and other),
        aims=tuple(each for each in aims if each),
        labels=tuple(_moved(each, middle) for each in labels),
    )


def _moved(words: Words, by: float) -> Words:
    return Words(words.x, round(words.y + by, 1), words.anchor, words.lines, words.said)


def _radius(axes: Sequence[Axis], turns: Sequence[float]) -> float:
    """As large as the longest word beside it lets it be."""
    needs = [
        max([wide(word, TEXT) for word in each.name.split()] + [wide(each.said, TEXT)])
        for each, turn in zip(axes, turns, strict=True)
        if abs(math.sin(turn)) > 0.3
    ]
    return max(SMALLEST, min(LARGEST, WIDE / 2 - GAP - max(needs, default=0.0)))


def _labels(axes: Sequence[Axis], turns: Sequence[float], radius: float) -> list[Words]:
    """The names around a radar whose middle is at height 0. Those that would touch are moved apart."""
    most = 4 if len(axes) <= 8 else 2
    labels = [_label(each, turn, radius, most) for each, turn in zip(axes, turns, strict=True)]
    for side in ("start", "end"):
        _spread([place for place, each in enumerate(labels) if each.anchor == side], labels)
    _clear_poles(labels)
    return labels


def _label(axis: Axis, turn: float, radius: float, most: int) -> Words:
    across, up = math.sin(turn), math.cos(turn)
    x, y = WIDE / 2 + (radius + GAP) * across, -(radius + GAP) * up
    anchor = "middle" if abs(across) < 0.05 else "start" if across > 0 else "end"
    room = WIDE * 0.7 if anchor == "middle" else WIDE - x if anchor == "start" else x
    lines = wrapped(axis.name, TEXT, room, most)
    said = cut(axis.said, TEXT, room)
    high = (len(lines) + bool(said)) * LINE
    # A name at the top ends above its point, one at the bottom begins below it, one at the side is centred on it.
    first = y + TEXT - high * (1 + up) / 2 if anchor != "middle" else (y - high + LINE if up > 0 else y + TEXT)
    return Words(round(x, 1), round(first, 1), anchor, lines, said)


def _spread(places: list[int], labels: list[Words]) -> None:
    """Moves names on one side down where they would touch the one above, then all of them up by half of what that took."""
    places.sort(key=lambda place: labels[place].box[1])
    moved = 0.0
    for above, below in pairwise(places):
        short = labels[above].box[3] + 2 - labels[below].box[1]
        if short > 0:
            labels[below] = _moved(labels[below], short)
            moved = max(moved, short)
    if moved:
        for place in places:
            labels[place] = _moved(labels[place], -moved / 2)


def _clear_poles(labels: list[Words]) -> None:
    """The names straight above and below the middle stand clear of all others."""
    for place, each in enumerate(labels):
        if each.anchor != "middle":
            continue
        others = [other.box for other in labels if other is not each and _beside(each.box, other.box)]
        if each.y < 0:
            over = max((each.box[3] + 2 - box[1] for box in others), default=0.0)
            labels[place] = _moved(each, -max(0.0, over))
        else:
            over = max((box[3] + 2 - each.box[1] for box in others), default=0.0)
            labels[place] = _moved(each, max(0.0, over))


def _beside(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two boxes share some of their width and stand on the same half."""
    same_half = (one[1] < 0) == (other[1] < 0)
    return same_half and one[0] < other[2] and other[0] < one[2]


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


def course(moments: Sequence[Moment]) -> Course:
    """The last moments as a line, in the order of their days. Raises ValueError where there are none."""
    if not moments:
        raise ValueError("A course needs a moment.")
    moments = sorted(moments, key=lambda each: each.on)[-MOST_MOMENTS:]
    top, bottom = 2 * LINE, 2 * LINE + 120
    first, last = moments[0].on, moments[-1].on
    days = (last - first).days

    def at(moment: Moment) -> Place:
        x = EDGE + (WIDE - 2 * EDGE) * ((moment.on - first).days / days if days else 0.5)
        return round(x, 1), round(bottom - (bottom - top) * float(moment.value), 1)

    dots = tuple(at(each) for each in moments)
    named = (
        [(moments[0], dots[0], "start"), (moments[-1], dots[-1], "end")]
        if days
        else [(moments[-1], dots[-1], "middle")]
    )
    words = [
        Words(SIDES[side], height, side, (said,))
        for moment, dot, side in named
        for height, said in ((dot[1] - 9, moment.said), (bottom + LINE + 2, dated(moment.on)))
    ]
    return Course(bottom + LINE + 10, dots, tuple(words), (top, (top + bottom) / 2, bottom))


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
