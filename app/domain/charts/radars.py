"""A radar: as many axes as there are parts, each from the middle outwards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from app.domain.charts.parts import GAP, LINE, TEXT, WIDE, Axis, Place, Words
from app.domain.lettering import cut, wide, wrapped

FEWEST_AXES, MOST_AXES = 3, 12
LARGEST, SMALLEST = 120.0, 56.0
RINGS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4), Fraction(1))


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
    labels = [_outside(each, radius) for each in labels]
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


def _outside(label: Words, radius: float) -> Words:
    """The name where it stands clear of the drawing, which it may have been moved beside; cut where it has no room there."""
    _, top, _, bottom = label.box
    nearest = 0.0 if top < 0 < bottom else min(abs(top), abs(bottom))
    out = math.sqrt(max((radius + GAP / 2) ** 2 - nearest**2, 0.0))
    if label.anchor == "middle" or abs(label.x - WIDE / 2) >= out:
        return label
    room = WIDE / 2 - out
    x = WIDE / 2 + out if label.anchor == "start" else room
    lines = tuple(cut(line, TEXT, room) for line in label.lines)
    return Words(round(x, 1), label.y, label.anchor, lines, cut(label.said, TEXT, room))


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
    """Whether two boxes share some of their width."""
    return one[0] < other[2] and other[0] < one[2]
