"""The certificate's page: what stands where on A4 landscape. Lengths are points, y rises from the foot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from app.certificates.drawing import draw_band, draw_mark, draw_qr
from app.certificates.facts import CertificateFacts
from app.certificates.fitting import name_lines, one_size, scope_lines, wrapped
from app.certificates.lettering import BOLD, ITALIC, SANS, SEMIBOLD, SERIF, Style, register_faces, write

WIDE, HIGH = 841.89, 595.28
MARGIN = 54.0
INK, QUIET_INK = "#1d1a1c", "#575055"
BAND = (MARGIN + 34, MARGIN - 6, 74.0, HIGH - 2 * MARGIN + 12)
MARK = 142.0
LEFT = 246.0
RIGHT = WIDE - MARGIN - 6
ROOM = RIGHT - LEFT
QR = 104.0
NAME_SIZES = (40.0, 27.0, 30.0)
LEADING = 15.5
# A typeface reads its file at a position that all threads share, so two pages must not be set at once.
ONE_AT_A_TIME = Lock()
# Writing the compressed parts as letters, for channels of seven bits, takes a fifth more space and most of the time.
rl_config.useA85 = 0
SCOPE_HEAD = 26.5
BODY_TOP, BODY_ROOM = 506.0, 296.0


class Line(NamedTuple):
    """A line of the certificate's sentence; its baseline lies `drop` points below that of the line before."""

    drop: float
    text: str
    style: Style


def draw(facts: CertificateFacts, font_dir: Path) -> bytes:
    """The page as a PDF file. Raises FileNotFoundError where `font_dir` lacks a typeface."""
    with ONE_AT_A_TIME:
        register_faces(font_dir)
        return _drawn(facts)


def _drawn(facts: CertificateFacts) -> bytes:
    file = BytesIO()
    # Naming a first font keeps the built-in Helvetica, which would not be embedded, out of the file.
    canvas = Canvas(file, pagesize=(WIDE, HIGH), invariant=1, pageCompression=1, lang="en-GB", initialFontName=SERIF)
    _describe(canvas, facts)
    _left_side(canvas, facts)
    _body(canvas, facts)
    _dates(canvas, facts)
    _signature(canvas, facts)
    _verification(canvas, facts)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _describe(canvas: Canvas, facts: CertificateFacts) -> None:
    level = f", {facts.level_title}" if facts.level_title else ""
    canvas.setTitle(f"{facts.scheme_title}: certificate {facts.number} of {facts.provider_name}")
    canvas.setAuthor(facts.awarding_body)
    canvas.setSubject(f"{facts.scheme_title}{level}, valid until {in_full(facts.expires_on)}")
    canvas.setCreator("Touchstone")


def _left_side(canvas: Canvas, facts: CertificateFacts) -> None:
    draw_band(canvas, BAND, facts.colour)
    left, bottom, across, up = BAND
    corner = left + across / 2 - MARK / 2, bottom + up - MARK - 62
    draw_mark(canvas, *corner, MARK, (facts.colour, facts.level_colour, facts.accent))


def _body(canvas: Canvas, facts: CertificateFacts) -> None:
    """The sentence that the certificate is, set in the middle of the room between its head and its dates."""
    size = one_size(facts.awarding_body, SEMIBOLD, 15, ROOM)
    write(canvas, LEFT, HIGH - MARGIN - 10, facts.awarding_body, Style(SEMIBOLD, size, facts.colour))
    lines = _holder(facts) + _award(facts)
    most = int((BODY_ROOM - sum(line.drop for line in lines) - SCOPE_HEAD) // LEADING)
    lines += _scope(facts, min(most, 4))
    y = BODY_TOP - (BODY_ROOM - sum(line.drop for line in lines)) * 0.45
    for line in lines:
        y -= line.drop
        write(canvas, LEFT, y, line.text, line.style)


def _holder(facts: CertificateFacts) -> list[Line]:
    lines, size = name_lines(facts.provider_name, SEMIBOLD, ROOM, NAME_SIZES)
    drops = [12 + size * 0.82] + [size * 1.14] * (len(lines) - 1)
    return [
        Line(12, "This is to certify that", Style(ITALIC, 14, QUIET_INK)),
        *(Line(drop, line, Style(SEMIBOLD, size, INK)) for drop, line in zip(drops, lines, strict=True)),
    ]


def _award(facts: CertificateFacts) -> list[Line]:
    """What is held, at which level, and against what."""
    lines = [
        Line(32, "has been independently assessed and holds the", Style(ITALIC, 14, QUIET_INK)),
        _line(31, facts.scheme_title, Style(SEMIBOLD, 23, INK)),
    ]
    if facts.level_title:
        # In ink: a metal's colour would pale on a copier. The mark carries the colour.
        lines.append(_line(26, f"Level: {facts.level_title}", Style(SEMIBOLD, 17, INK)))
    small = wrapped(f"Assessed against {facts.framework_title}, edition {facts.edition}.", SERIF, 11, ROOM)
    if facts.conditional:
        small.append("Awarded with conditions, which the register states.")
    if facts.provisional:
        small.append("Awarded provisionally, until the scheme confirms it.")
    if facts.issued_on:
        small.append(f"Version {facts.version}, issued on {in_full(facts.issued_on)}, in place of the one before it.")
    drops = [22.0] + [LEADING] * (len(small) - 1)
    return lines + [_line(drop, line, Style(SERIF, 11, INK)) for drop, line in zip(drops, small, strict=True)]


def _scope(facts: CertificateFacts, most: int) -> list[Line]:
    lines = scope_lines(facts.scope, SERIF, 11, ROOM, most)
    if not lines:
        return []
    heading = Line(SCOPE_HEAD, "What it covers", Style(BOLD, 8.5, facts.colour))
    return [heading, *(Line(LEADING, line, Style(SERIF, 11, INK)) for line in lines)]


def _line(drop: float, text: str, style: Style) -> Line:
    """A line no wider than the room, smaller if need be."""
    return Line(drop, text, replace(style, size=one_size(text, style.face, style.size, ROOM)))


def _dates(canvas: Canvas, facts: CertificateFacts) -> None:
    rule, labels, values = 190.0, 174.0, 156.0
    canvas.setStrokeColor(facts.colour)
    canvas.setLineWidth(0.6)
    canvas.line(LEFT, rule, RIGHT, rule)
    columns = (
        ("Granted on", in_full(facts.granted_on)),
        ("Valid until", in_full(facts.expires_on)),
        ("Certificate number", facts.number),
    )
    for place, (label, value) in enumerate(columns):
        x = LEFT + place * ROOM / 3
        write(canvas, x, labels, label, Style(BOLD, 8.5, facts.colour))
        write(canvas, x, values, value, Style(SEMIBOLD, one_size(value, SEMIBOLD, 13.5, ROOM / 3 - 10), INK))


def _signature(canvas: Canvas, facts: CertificateFacts) -> None:
    room = 200.0
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, 88, LEFT + room, 88)
    write(canvas, LEFT, 73, facts.chair_name, Style(SEMIBOLD, one_size(facts.chair_name, SEMIBOLD, 11.5, room), INK))
    write(canvas, LEFT, 59, facts.chair_role, Style(SANS, one_size(facts.chair_role, SANS, 9, room), QUIET_INK))
    if facts.invented:
        write(canvas, LEFT, MARGIN - 14, "Demonstration: invented", Style(SANS, 7.5, QUIET_INK))


def _verification(canvas: Canvas, facts: CertificateFacts) -> None:
    """The QR code with the address in words beside it, so that a reader without a camera can check as well."""
    x, y = RIGHT - QR + 8, MARGIN - 14
    draw_qr(canvas, x, y, QR, facts.verify_url)
    canvas.linkURL(facts.verify_url, (x, y, x + QR, y + QR))
    room = x - (LEFT + 214)
    lines = ["Does this award still stand?", "Scan the code, or visit"]
    for place, line in enumerate(lines):
        write(canvas, LEFT + 214, 88 - 14 * place, line, Style(SANS, one_size(line, SANS, 9, room), QUIET_INK))
    write(canvas, LEFT + 214, 59, facts.verify_url, Style(SANS, one_size(facts.verify_url, SANS, 9, room), INK))


def in_full(day: date) -> str:
    """A date as people write it: 31 March 2029."""
    return f"{day.day} {day:%B %Y}"
