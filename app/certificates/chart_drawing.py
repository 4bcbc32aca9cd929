"""Charts on paper, from the same geometry as on the screen, told by lines and patterns that print in black and white."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reportlab.pdfgen.canvas import Canvas

from app.certificates.lettering import BOLD, SANS, Style, width, write
from app.domain.charts import TEXT, Place, Radar, Words

GRID, INK = "#b9aea9", "#1d1a1c"


def draw_radar(picture: Radar, left: float, top: float, scale: float, colour: str) -> Callable[[Canvas], None]:
    """Draws a radar with its upper left corner at `left`, `top`; one unit of it is `scale` points."""

    def place(point: Place) -> Place:
        return left + point[0] * scale, top - point[1] * scale

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setStrokeColor(GRID)
        canvas.setLineWidth(0.6)
        for ring in picture.rings:
            _outline(canvas, [place(point) for point in ring], fill=False)
        for one, other in picture.spokes:
            canvas.line(*place(one), *place(other))
        _reached(canvas, [place(point) for point in picture.reached], colour)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.3)
        canvas.setDash(4, 3)
        for one, other in picture.aim:
            canvas.line(*place(one), *place(other))
        canvas.setDash()
        for label in picture.labels:
            _label(canvas, label, place, scale)
        canvas.restoreState()

    return draw


def _reached(canvas: Canvas, points: Sequence[Place], colour: str) -> None:
    canvas.setFillColor(colour)
    canvas.setFillAlpha(0.15)
    canvas.setStrokeColor(colour)
    canvas.setLineWidth(1.8)
    _outline(canvas, points, fill=True)
    canvas.setFillAlpha(1)
    for x, y in points:
        canvas.circle(x, y, 2.4, stroke=0, fill=1)


def _outline(canvas: Canvas, points: Sequence[Place], *, fill: bool) -> None:
    path = canvas.beginPath()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    path.close()
    canvas.drawPath(path, stroke=1, fill=int(fill))


def _label(canvas: Canvas, label: Words, place: Callable[[Place], Place], scale: float) -> None:
    for words, y, figure in label.all_lines:
        style = Style(BOLD if figure else SANS, TEXT * scale * 0.92, INK)
        x, height = place((label.x, y))
        wide = width(words, style.face, style.size)
        write(canvas, x - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor], height, words, style)


def draw_bar(
    box: tuple[float, float, float, float], value: float, aim: float | None, colour: str
) -> Callable[[Canvas], None]:
    """Draws one bar in a `box` of left, bottom, width and height, filled from 0 to 1, with a mark at `aim`."""
    left, bottom, across, up = box

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setStrokeColor("#857a80")
        canvas.setLineWidth(0.6)
        canvas.rect(left, bottom, across, up, stroke=1, fill=0)
        canvas.setFillColor(colour)
        if value:
            canvas.rect(left, bottom, across * value, up, stroke=0, fill=1)
        if aim is not None:
            x = left + across * aim
            for shade, wide in (("#ffffff", 4.0), (INK, 1.8)):
                canvas.setStrokeColor(shade)
                canvas.setLineWidth(wide)
                canvas.line(x, bottom - 2.5, x, bottom + up + 2.5)
        canvas.restoreState()

    return draw


def draw_key(left: float, y: float, colour: str) -> Callable[[Canvas], None]:
    """Draws the samples of the two lines of a radar, 90 points apart."""

    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(1.8)
        canvas.line(left, y + 3, left + 20, y + 3)
        canvas.setFillColor(colour)
        canvas.circle(left + 10, y + 3, 2.4, stroke=0, fill=1)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.3)
        canvas.setDash(4, 3)
        canvas.line(left + 130, y + 3, left + 150, y + 3)
        canvas.restoreState()

    return draw
