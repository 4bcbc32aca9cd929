"""What is drawn and not written: the mark, the guilloche band and the QR code, all as vectors."""

from __future__ import annotations

import math
import re
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
STRANDS, PIECES = 14, 96
SWINGS, SWELLS = 7, 5
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
    """Upright strands swinging about the middle of a box of `across` by `up` points, drawn once a process."""
    path = PDFPathObject()
    for strand in range(STRANDS):
        _strand(path, 2 * math.pi * strand / STRANDS, across, up)
    return path


def _strand(path: PDFPathObject, phase: float, across: float, up: float) -> None:
    """One strand as Bezier curves whose slopes are those of the swing itself, so that few pieces look smooth."""
    step = up / PIECES
    path.moveTo(_swing(0, phase, across, up), 0)
    for piece in range(PIECES):
        low, high = piece * step, (piece + 1) * step
        path.curveTo(
            _swing(low, phase, across, up) + _slope(low, phase, across, up) * step / 3,
            low + step / 3,
            _swing(high, phase, across, up) - _slope(high, phase, across, up) * step / 3,
            high - step / 3,
            _swing(high, phase, across, up),
            high,
        )


def _swing(y: float, phase: float, across: float, up: float) -> float:
    turn = 2 * math.pi * y / up
    reach = 0.70 + 0.30 * math.cos(SWELLS * turn)
    return across / 2 * (1 + reach * math.sin(SWINGS * turn + phase))


def _slope(y: float, phase: float, across: float, up: float) -> float:
    nearby = 1e-3
    return (_swing(y + nearby, phase, across, up) - _swing(y - nearby, phase, across, up)) / (2 * nearby)


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
