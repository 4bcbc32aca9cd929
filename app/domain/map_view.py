"""What part of the country a map shows: a rectangle on the British National Grid, in whole kilometres."""

from __future__ import annotations

from dataclasses import dataclass

SPANS = (1240, 480, 200, 80, 32, 12)
"""Heights in kilometres, the whole country first. Each step goes about two and a half times nearer."""
STEPS = {1240: 10, 480: 4, 200: 2, 80: 1, 32: 1, 12: 1}
"""The side in kilometres of the squares that are shaded at each height."""
SHAPE = 0.75  # width by height
TOP = 1240  # kilometres north of the grid's origin: the map's y counts from here down
ACROSS = 14  # clusters over the width: points nearer to each other are drawn as one


@dataclass(frozen=True, slots=True)
class View:
    """The middle of the map, in kilometres east and north, and its height."""

    east: int
    north: int
    span: int

    @property
    def width(self) -> float:
        return self.span * SHAPE

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north in kilometres."""
        return (
            self.east - self.width / 2,
            self.north - self.span / 2,
            self.east + self.width / 2,
            self.north + self.span / 2,
        )

    @property
    def frame(self) -> str:
        """The viewBox of its drawing."""
        return f"{self.east - self.width / 2:g} {TOP - self.north - self.span / 2:g} {self.width:g} {self.span:g}"

    @property
    def text(self) -> str:
        """As it stands in an address."""
        return f"{self.east},{self.north},{self.span}"

    @property
    def whole(self) -> bool:
        return self.span == SPANS[0]

    @property
    def step(self) -> int:
        return STEPS[self.span]

    def near(self, east: float, north: float) -> View:
        """One step nearer, around a point in kilometres. The nearest stays as near."""
        return View(round(east), round(north), SPANS[min(SPANS.index(self.span) + 1, len(SPANS) - 1)])

    def far(self) -> View:
        """One step further off; the whole country at last."""
        span = SPANS[max(SPANS.index(self.span) - 1, 0)]
        return WHOLE if span == SPANS[0] else View(self.east, self.north, span)

    def moved(self, east: int, north: int) -> View:
        """Half a map further to a side: `east` and `north` are -1, 0 or 1."""
        return _kept(self.east + round(east * self.width / 2), self.north + round(north * self.span / 2), self.span)


WHOLE = View(345, 620, SPANS[0])


def _kept(east: int, north: int, span: int) -> View:
    return View(min(max(east, 0), 700), min(max(north, 0), TOP), span)


def read_view(text: str) -> View | None:
    """The view that an address asks for, such as 347,461,80; the whole country for ""; None for anything else."""
    if not text:
        return WHOLE
    parts = text[:30].split(",")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    east, north, span = map(int, parts)
    if span not in SPANS:
        return None
    return WHOLE if span == SPANS[0] else _kept(east, north, span)
