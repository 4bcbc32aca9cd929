"""What all charts are made of: axes, places, and lines of words.

Lengths are units of a drawing 400 wide, y grows downwards. On a phone one unit is a little less than a pixel, so words of
15 units can be read there. What is drawn with it, a page or a paper, is not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.domain.lettering import wide

WIDE = 400.0
TEXT = 15.0
LINE = 18.0
GAP = 12.0

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
