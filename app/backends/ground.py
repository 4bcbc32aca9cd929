"""The ground of the register's map: how densely people live, and where one council ends, drawn from the postcodes alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from app.backends.geography import councils, present_code
from app.domain.map_view import SHAPE, SPANS, TOP, View

SHADES = ("#efe7e2", "#e2d5d0", "#d1bdbd", "#b99fa5")
"""From few postcodes to many. Dots and their counts keep their contrast on each."""
QUARTERS = (0.45, 0.75, 0.93)  # how many of all squares have the lighter shades
SEA = "#f7fafb"
BORDER = "#ffffff"
Numbers = Any  # a numpy array: its own type says nothing of what is in it


class Ground:
    """Square kilometres with postcodes: arrays of their column, row, council and number of postcodes."""

    def __init__(self, land: Path) -> None:
        """Reads the file of land, 140,000 squares in half a second. Raises sqlite3.Error where it is missing."""
        with closing(sqlite3.connect(f"file:{land}?mode=ro&immutable=1", uri=True)) as file:
            rows = file.execute("SELECT x, y, area, postcodes FROM cell").fetchall()
        self.codes = sorted({present_code(area) for _, _, area, _ in rows})
        number = {code: index for index, code in enumerate(self.codes)}
        cells = [(x, y, number[present_code(area)], postcodes) for x, y, area, postcodes in rows]
        self.x, self.y, self.council, self.count = np.array(cells, np.int32).reshape(-1, 4).T
        self._drawn = lru_cache(maxsize=64)(self._draw)

    def drawing(self, view: View) -> str:
        """The part of the country that a view shows, as an SVG file."""
        return self._drawn(view)

    def _within(self, view: View) -> Numbers:
        west, south, east, north = view.box
        step = view.step
        return (self.x >= west - step) & (self.x <= east + step) & (self.y >= south - step) & (self.y <= north + step)

    def councils_in(self, view: View) -> list[str]:
        """The codes of the councils in sight, those with the most postcodes there first."""
        here = self._within(view)
        held = np.bincount(self.council[here], weights=self.count[here], minlength=len(self.codes))
        return [self.codes[index] for index in np.argsort(-held, kind="stable") if held[index] > 0]

    def around(self, codes: tuple[str, ...]) -> View | None:
        """The nearest view that holds these councils; None where they have no postcodes."""
        wanted = [index for index, code in enumerate(self.codes) if code in codes]
        here = np.isin(self.council, wanted)
        if not here.any():
            return None
        x, y = self.x[here], self.y[here]
        high = max(np.ptp(y) + 2, (np.ptp(x) + 2) / SHAPE)
        span = next((each for each in reversed(SPANS) if each >= high), SPANS[0])
        return View(int(x.min() + x.max()) // 2, int(y.min() + y.max()) // 2, span)

    def names(self, view: View, most: int = 14) -> list[tuple[str, str, float, float]]:
        """Code, name and middle in kilometres of the councils in sight, by their postcodes there."""
        here, found = self._within(view), []
        west, south, east, north = view.box
        for code in self.councils_in(view)[:most]:
            mine = here & (self.council == self.codes.index(code))
            x, y = (
                np.average(self.x[mine], weights=self.count[mine]),
                np.average(self.y[mine], weights=self.count[mine]),
            )
            if west < x < east and south < y < north and code in councils():
                found.append((code, councils()[code].name, float(x) + 0.5, float(y) + 0.5))
        return found

    def _draw(self, view: View) -> str:
        count, council = self._squares(view)
        paths = "".join(f'<path fill="{shade}" d="{path}"/>' for shade, path in self._shaded(view, count) if path)
        borders = _borders(view, council) if not view.whole else ""
        line = (
            f'<path fill="none" stroke="{BORDER}" stroke-width="{view.span / 400:g}" d="{borders}"/>' if borders else ""
        )
        x, y, width, height = view.frame.split()
        sea = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{SEA}"/>'
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view.frame}" shape-rendering="crispEdges">{sea}{paths}{line}</svg>'

    def _squares(self, view: View) -> tuple[Numbers, Numbers]:
        """Postcodes, and the council with the most of them (-1 for none), in each square from the south-west."""
        west, south, east, north = view.box
        step = view.step
        left, low = int(west // step), int(south // step)
        shape = (int(north // step) - low + 1, int(east // step) - left + 1)
        here = self._within(view)
        column, row = self.x[here] // step - left, self.y[here] // step - low
        inside = (column >= 0) & (row >= 0) & (column < shape[1]) & (row < shape[0])
        column, row = column[inside], row[inside]
        held, owner = self.count[here][inside], self.council[here][inside]
        count = np.zeros(shape, np.int64)
        np.add.at(count, (row, column), held)
        council = np.full(shape, -1, np.int32)
        fewest_first = np.argsort(held, kind="stable")
        council[row[fewest_first], column[fewest_first]] = owner[fewest_first]
        return count, council

    def _shaded(self, view: View, count: Numbers) -> list[tuple[str, str]]:
        some = count[count > 0]
        if not len(some):
            return []
        classes = np.where(count > 0, np.searchsorted(np.quantile(some, QUARTERS), count, side="right"), -1)
        return [(shade, _runs(view, classes == index)) for index, shade in enumerate(SHADES)]


def _runs(view: View, wanted: Numbers) -> str:
    """Squares of one shade as a path: those side by side in a row as one rectangle."""
    step, west, south = view.step, view.box[0], view.box[1]
    left, low = int(west // step), int(south // step)
    edges = np.diff(np.pad(wanted, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    parts = []
    for row, (starts, ends) in enumerate((np.flatnonzero(line == 1), np.flatnonzero(line == -1)) for line in edges):
        top = TOP - (low + row + 1) * step
        parts += [
            f"M{(left + start) * step} {top}h{(end - start) * step}v{step}h{(start - end) * step}z"
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]
    return "".join(parts)


def _borders(view: View, council: Numbers) -> str:
    """Lines between neighbouring squares of different councils."""
    step, left, low = view.step, int(view.box[0] // view.step), int(view.box[1] // view.step)
    parts = []
    beside = (council[:, 1:] != council[:, :-1]) & (council[:, 1:] >= 0) & (council[:, :-1] >= 0)
    for row, column in np.argwhere(beside).tolist():
        parts.append(f"M{(left + column + 1) * step} {TOP - (low + row) * step}v-{step}")
    above = (council[1:] != council[:-1]) & (council[1:] >= 0) & (council[:-1] >= 0)
    for row, column in np.argwhere(above).tolist():
        parts.append(f"M{(left + column) * step} {TOP - (low + row + 1) * step}h{step}")
    return "".join(parts)
