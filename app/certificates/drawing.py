"""What is drawn and not written: the mark, the guilloche band and the QR code, all as vectors."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

import segno
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from app.certificates.mark import BOX, INNER, INNER_WIDTH, OUTER, TICK, TICK_WIDTH, line_colour

COMMAND = re.compile(r"([MLHlZ])([^MLHlZ]*)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
DARK_RUN = re.compile(rb"\x01+")
# Whichever mask a library prefers may change with its version; a certificate's bytes must not.
QR_MASK = 3
QUIET = 4
STRANDS, PIECES = 10, 84
SWINGS, SWELLS, SWELL = 6, 9, 0.22
ROUND = 1


def draw_mark(canvas: Canvas, x: float, y: float, size: float, colours: tuple[str, str, str]) -> None:
    """The standing mark in a square of `size` points, lower left corner at `x`, `y`. Colours: body, level, accent."""
    colour, level, accent = colours
    canvas.saveState()
    canvas.translate(x, y + size)
    canvas.scale(size / BOX, -size / BOX)
    _halo(canvas)
    canvas.setFillColor(colour)
    canvas.drawPath(traced(OUTER), stroke=0, fill=1)
    canvas.setStrokeColor(line_colour(level, accent))
    canvas.setLineWidth(INNER_WIDTH)
    canvas.drawPath(traced(INNER), stroke=1, fill=0)
    canvas.setStrokeColor("#ffffff")
    canvas.setLineWidth(TICK_WIDTH)
    canvas.setLineCap(ROUND)
    canvas.setLineJoin(ROUND)
    canvas.drawPath(traced(TICK), stroke=1, fill=0)
    canvas.restoreState()


def _halo(canvas: Canvas) -> None:
    """White around the mark, so that it stands free of the band behind it."""
    canvas.setStrokeColor("#ffffff")
    canvas.setLineWidth(7)
    canvas.drawPath(traced(OUTER), stroke=1, fill=0)


@lru_cache(maxsize=8)
def traced(steps: str) -> PDFPathObject:
    """The path that an SVG path of straight lines describes (M, L, H, l and Z)."""
    path = PDFPathObject()
    x = y = 0.0
    for command, rest in COMMAND.findall(steps):
        numbers = [float(number) for number in NUMBER.findall(rest)]
        if command == "Z":
            path.close()
        for place, (across, down) in enumerate(_pairs(command, numbers, y)):
            x, y = (x + across, y + down) if command == "l" else (across, down)
            move = path.moveTo if command == "M" and place == 0 else path.lineTo
            move(x, y)
    return path


def _pairs(command: str, numbers: list[float], y: float) -> list[tuple[float, float]]:
    if command == "H":
        return [(x, y) for x in numbers]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def draw_band(canvas: Canvas, box: tuple[float, float, float, float], colour: str) -> None:
    """A band of fine woven lines, in the manner of a banknote. `box`: left, bottom, width, height in points."""
    left, bottom, across, up = box
    canvas.saveState()
    canvas.translate(left, bottom)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(0.35)
    canvas.drawPath(guilloche(across, up), stroke=1, fill=0)
    canvas.restoreState()


@lru_cache(maxsize=4)
def guilloche(across: float, up: float) -> PDFPathObject:
    """Two weaves of upright strands in a box of `across` by `up` points, one wide where the other is narrow.

    Drawn once a process: only its colour differs between schemes.
    """
    path = PDFPathObject()
    for swell in (SWELL, -SWELL):
        for strand in range(STRANDS):
            _strand(path, _Swing(across, up, 2 * math.pi * strand / STRANDS, swell))
    return path


@dataclass(frozen=True)
class _Swing:
    """How far right a strand is at a height, and how steeply it leans there. `swell`: how much its reach breathes."""

    across: float
    up: float
    phase: float
    swell: float

    def at(self, y: float) -> float:
        turn = 2 * math.pi * y / self.up
        reach = 1 - abs(self.swell) + self.swell * math.cos(SWELLS * turn)
        return self.across / 2 * (1 + reach * math.sin(SWINGS * turn + self.phase))

    def slope(self, y: float) -> float:
        nearby = 1e-3
        return (self.at(y + nearby) - self.at(y - nearby)) / (2 * nearby)


def _strand(path: PDFPathObject, swing: _Swing) -> None:
    """One strand as Bezier curves whose slopes are those of the swing itself, so that few pieces look smooth."""
    third = swing.up / PIECES / 3
    path.moveTo(swing.at(0), 0)
    for piece in range(PIECES):
        low, high = piece * 3 * third, (piece + 1) * 3 * third
        leaving, arriving = swing.at(low) + swing.slope(low) * third, swing.at(high) - swing.slope(high) * third
        path.curveTo(leaving, low + third, arriving, high - third, swing.at(high), high)


def draw_qr(canvas: Canvas, x: float, y: float, size: float, text: str) -> None:
    """`text` as a QR code in a square of `size` points with its quiet zone, lower left corner at `x`, `y`."""
    code = segno.make(text, error="m", micro=False, boost_error=False, mask=QR_MASK)
    rows = [bytes(row) for row in code.matrix_iter(border=QUIET)]
    module = size / len(rows)
    path = PDFPathObject()
    for down, row in enumerate(rows):
        for run in DARK_RUN.finditer(row):
            path.rect(x + run.start() * module, y + size - (down + 1) * module, len(run[0]) * module, module)
    canvas.setFillColor("#1d1a1c")
    # One path for all: filled one by one, neighbours would show hairlines between them.
    canvas.drawPath(path, stroke=0, fill=1)
