"""The poster that asks people what they think: one page of A4, a large code, and the address in large type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from app.certificates.drawing import draw_qr
from app.certificates.fitting import one_size, wrapped
from app.certificates.lettering import BOLD, SANS, SEMIBOLD, Style, register_faces, width, write
from app.certificates.page import ONE_AT_A_TIME
from app.certificates.tagging import Tags

WIDE, HIGH = 595.28, 841.89
MARGIN = 56.0
ROOM = WIDE - 2 * MARGIN
INK, QUIET, COLOUR = "#1d1a1c", "#575055", "#4b2142"
QR = 318.0
LARGEST, SMALLEST = 46.0, 22.0
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on it, in one language. `shown` is the address as one types it, `url` where the code leads."""

    language: str
    heading: str
    lines: tuple[str, ...]
    how: str
    shown: str
    url: str
    foot: str


POSTER_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "heading": "What do you think of {provider}?",
        "service": "About: {service}",
        "private": "Nobody here can see who wrote what.",
        "short": "It takes three minutes. You need no account.",
        "how": "Point your phone's camera at the code, or type this address:",
        "until": "You can answer until {day}.",
    },
    "cy": {
        "heading": "Beth yw eich barn am {provider}?",
        "service": "Am: {service}",
        "private": "Ni all neb yma weld pwy ysgrifennodd beth.",
        "short": "Mae'n cymryd tair munud. Does dim angen cyfrif.",
        "how": "Pwyntiwch gamera eich ffôn at y cod, neu teipiwch y cyfeiriad hwn:",
        "until": "Gallwch ateb tan {day}.",
    },
}


def poster_pdf(poster: Poster, font_dir: Path) -> bytes:
    """The poster as a PDF file. The same words give the same bytes. Raises FileNotFoundError without the typefaces."""
    with ONE_AT_A_TIME:
        register_faces(font_dir)
        return _drawn(poster)


def _drawn(poster: Poster) -> bytes:
    file = BytesIO()
    language = {"en": "en-GB"}.get(poster.language, poster.language)
    # Naming a first font keeps the built-in Helvetica, which would not be embedded, out of the file.
    canvas = Canvas(file, pagesize=(WIDE, HIGH), invariant=1, pageCompression=1, lang=language, initialFontName=SANS)
    canvas.setTitle(poster.heading)
    canvas.setCreator("Touchstone")
    tags = Tags(canvas)
    below = _heading(canvas, tags, poster)
    _code(canvas, tags, poster, below)
    canvas.showPage()
    tags.page()
    tags.finish()
    canvas.save()
    return file.getvalue()


def _heading(canvas: Canvas, tags: Tags, poster: Poster) -> float:
    """The question and what one must know, from the top. Returns where the room beneath begins."""
    with tags.artifact():
        canvas.setFillColor(COLOUR)
        canvas.rect(0, HIGH - 26, WIDE, 26, stroke=0, fill=1)
    lines, size = _fitted(poster.heading)
    y = HIGH - 62
    with tags.marked(1, "H1"):
        for line in lines:
            y -= size * 1.12
            write(canvas, MARGIN, y, line, Style(SEMIBOLD, size, COLOUR))
    y -= 14
    for number, line in enumerate(poster.lines, 2):
        with tags.marked(number, "P"):
            for piece in wrapped(line, SANS, 19, ROOM):
                y -= 27
                write(canvas, MARGIN, y, piece, Style(SANS, 19, INK))
    return y


def _fitted(heading: str) -> tuple[list[str], float]:
    """The heading on a few lines, as large as it can be; a very long word grows small rather than stick out."""
    size = LARGEST
    while size > SMALLEST and len(wrapped(heading, SEMIBOLD, size, ROOM)) > MOST_LINES:
        size -= 2
    lines = wrapped(heading, SEMIBOLD, size, ROOM)
    widest = max(lines, key=lambda line: width(line, SEMIBOLD, 1))
    return lines, one_size(widest, SEMIBOLD, size, ROOM)


def _code(canvas: Canvas, tags: Tags, poster: Poster, below: float) -> None:
    """The code, and beneath it the address for those without a camera."""
    foot = 132.0
    size = min(QR, below - foot - 64)
    x = (WIDE - size) / 2
    y = foot + 50 + max(0.0, (below - foot - 50 - size) / 2 - 8)
    with tags.artifact():
        draw_qr(canvas, x, y, size, poster.url)
    canvas.linkURL(poster.url, (x, y, x + size, y + size))
    texts = (
        (poster.how, foot + 26, Style(SANS, 15, QUIET)),
        (poster.shown, foot - 14, Style(BOLD, 30, INK)),
        (poster.foot, foot - 62, Style(SANS, 14, QUIET)),
    )
    for number, (text, height, style) in enumerate(texts, 20):
        fits = one_size(text, style.face, style.size, ROOM)
        left = (WIDE - width(text, style.face, fits)) / 2
        with tags.marked(number, "P"):
            write(canvas, left, height, text, Style(style.face, fits, style.colour))
