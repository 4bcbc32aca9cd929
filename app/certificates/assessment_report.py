"""An assessment report as a PDF: numbered paragraphs, tables, and DRAFT across every page until it is signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from app.certificates.fitting import name_lines
from app.certificates.flow import (
    BODY,
    FOOT,
    H2,
    H3,
    HIGH,
    INK,
    LEFT,
    QUIET,
    RIGHT,
    ROOM,
    RULE,
    SMALL,
    STRONG,
    TOP,
    WIDE,
    Cell,
    Flow,
)
from app.certificates.lettering import BOLD, SANS, SEMIBOLD, Style, write
from app.certificates.report_document import Remark, ReportDocument, column_shares
from app.certificates.tagging import Tags
from app.domain.report import Grid, Passage, runs

TITLE_SIZES = (24.0, 17.0, 18.0)
INDENT = 30.0
PAD, CELL_LEADING = 5.0, 13.0
BULLET = "•"
LIGHT, MARK = "#f4efe9", "#f1e9ea"
Draw = Callable[[Canvas], None]
HEAD, PLAIN = Style(BOLD, 9.5, INK), Style(SANS, 9.5, INK)
NUMBER = Style(SANS, 9.5, QUIET)


def report_pdf(document: ReportDocument, font_dir: Path) -> bytes:
    """The report as a PDF of A4 pages. The same document gives the same bytes. Raises FileNotFoundError without typefaces."""
    flow = Flow(
        title=document.title,
        subject=f"{document.framework}. {document.standing}",
        author=document.awarding_body,
        foot=f"{document.provider} · {document.framework} · {document.standing}",
        colour=document.colour,
    )
    return flow.pdf(font_dir, lambda to: _Report(document, to).set())


class _Report:
    def __init__(self, document: ReportDocument, flow: Flow) -> None:
        self.document, self.flow = document, flow
        self.tables = 0

    def set(self) -> None:
        self._head()
        for passage in self.document.passages:
            self._passage(passage)
        self._check()
        self._signature()
        _under(self.flow, _foot_rule)
        if self.document.signed_on is None:
            _under(self.flow, _watermark)

    def _head(self) -> None:
        flow, document = self.flow, self.document
        flow.turn()
        flow.artifact(_band(document.colour))
        flow.y = TOP - 14
        flow.lines(document.title, STRONG.style, ROOM)  # notes letters that cannot be printed
        lines, size = name_lines(document.title, SEMIBOLD, ROOM, TITLE_SIZES)
        element = flow.element()
        for line in lines:
            flow.y -= size * 1.15
            flow.piece(LEFT, flow.y, line, Style(SEMIBOLD, size, INK), "H1", element)
        flow.text(f"{document.framework}. {document.awarding_body}.", STRONG)
        flow.text(f"{document.standing}.", SMALL)

    def _passage(self, passage: Passage) -> None:
        flow = self.flow
        if passage.heading:
            flow.text(passage.heading, H2, keep=60)
        first = True
        for run in runs(passage.content.text):
            for line in run.lines:
                self._words(line, str(passage.number) if first else "", BULLET if run.listed else "")
                first = False
        if passage.content.grid is not None:
            self._grid(passage.content.grid, str(passage.number) if first else "")

    def _words(self, words: str, number: str, mark: str) -> None:
        """A paragraph or a line of a list, set in from the margin that holds its number."""
        flow, style = self.flow, BODY.style
        hang = 14.0 if mark else 0.0
        lines = flow.lines(words, style, ROOM - INDENT - hang)
        flow.need(BODY.before + min(len(lines), 3) * BODY.leading)
        flow.y -= BODY.before
        element = flow.element()
        for place, line in enumerate(lines):
            flow.need(BODY.leading)
            flow.y -= BODY.leading
            if not place and number:
                flow.at(LEFT, flow.y, number, NUMBER)
            if not place and mark:
                flow.artifact(_written(LEFT + INDENT, flow.y, mark, style))
            flow.piece(LEFT + INDENT + hang, flow.y, line, style, "LI" if mark else "P", element)

    def _grid(self, grid: Grid, number: str) -> None:
        self.tables += 1
        widths = [share * (ROOM - INDENT) for share in column_shares(grid)]
        flow = self.flow
        flow.need(CELL_LEADING * 4 + PAD * 4 + 12)
        flow.space(8)
        if number:
            flow.at(LEFT, flow.y - PAD - 10, number, NUMBER)
        self._row(grid.heads, widths, 0)
        for place, row in enumerate(grid.rows, 1):
            self._row(row, widths, place, grid.heads)
        flow.space(6)

    def _row(self, cells: Sequence[str], widths: Sequence[float], place: int, heads: Sequence[str] = ()) -> None:
        """One row. Where it does not fit, the page turns and the heads are drawn again; a row longer than a page is parted."""
        flow = self.flow
        styles = [HEAD if not place or not column else PLAIN for column in range(len(cells))]
        lines = [
            flow.lines(words, style, wide - 2 * PAD) for words, style, wide in zip(cells, styles, widths, strict=True)
        ]
        elements = [flow.element() for _ in cells]
        deep, done = max(map(len, lines)), 0
        while done < deep:
            fit = self._room_for(deep - done, heads, widths)
            self._strip([each[done : done + fit] for each in lines], widths, place, elements, styles)
            done += fit

    def _room_for(self, left: int, heads: Sequence[str], widths: Sequence[float]) -> int:
        """How many lines of the row go on this page, which turns where the row or three lines of it do not fit."""
        flow = self.flow
        fits = int((flow.y - FOOT - 2 * PAD) // CELL_LEADING)
        if fits < min(left, 3):
            flow.turn()
            if heads:
                self._strip_heads(heads, widths)
            fits = int((flow.y - FOOT - 2 * PAD) // CELL_LEADING)
        return min(left, fits)

    def _strip_heads(self, heads: Sequence[str], widths: Sequence[float]) -> None:
        """The heads again on a new page: drawn, and not read out twice."""
        flow = self.flow
        lines = [flow.lines(words, HEAD, wide - 2 * PAD) for words, wide in zip(heads, widths, strict=True)]
        height = max(map(len, lines)) * CELL_LEADING + 2 * PAD
        flow.artifact(_box(flow.y, height, sum(widths)))
        x = LEFT + INDENT
        for each, wide in zip(lines, widths, strict=True):
            for place, line in enumerate(each):
                flow.artifact(_written(x + PAD, flow.y - PAD - 9.5 - place * CELL_LEADING, line, HEAD))
            x += wide
        flow.space(height)

    def _strip(
        self,
        lines: Sequence[Sequence[str]],
        widths: Sequence[float],
        place: int,
        elements: Sequence[int],
        styles: Sequence[Style],
    ) -> None:
        flow = self.flow
        height = max(map(len, lines)) * CELL_LEADING + 2 * PAD
        flow.artifact(_box(flow.y, height, sum(widths)) if not place else _underline(flow.y - height, sum(widths)))
        x = LEFT + INDENT
        for column, (each, wide) in enumerate(zip(lines, widths, strict=True)):
            cell = Cell(elements[column], self.tables, place, "TH" if not place or not column else "TD")
            for number, line in enumerate(each):
                flow.cell(x + PAD, flow.y - PAD - 9.5 - number * CELL_LEADING, line, styles[column], cell)
            x += wide
        flow.space(height)

    def _check(self) -> None:
        document, flow = self.document, self.flow
        if not document.check:
            return
        flow.text("The provider’s check for mistakes of fact", H2, keep=60)
        flow.text(document.check)
        for remark in document.remarks:
            self._remark(remark)

    def _remark(self, remark: Remark) -> None:
        flow = self.flow
        flow.text(remark.heading, H3, keep=40)
        flow.text("The provider wrote:", SMALL)
        for run in runs(remark.text):
            for line in run.lines:
                flow.text(line)
        if remark.shown:
            flow.text(f"Shown by: {', '.join(remark.shown)}.", SMALL)
        flow.text("The assessors answered:", SMALL)
        flow.text(f"{remark.verdict}.", STRONG)
        for run in runs(remark.answer):
            for line in run.lines:
                flow.text(line)

    def _signature(self) -> None:
        document, flow = self.document, self.flow
        if document.signature:
            flow.text("Signature", H2, keep=60)
            flow.text(document.signature)
        flow.need(40)
        flow.space(10)
        if document.fingerprint:
            flow.text(f"Fingerprint of the words (SHA-256): {document.fingerprint}", SMALL)
        if flow.lost:
            flow.text(
                "Letters that this typeface does not have are printed as a question mark. The Word document has them.",
                SMALL,
            )


def _written(x: float, y: float, words: str, style: Style) -> Draw:
    return lambda canvas: write(canvas, x, y, words, style)


def _box(top: float, height: float, wide: float) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(LIGHT)
        canvas.rect(LEFT + INDENT, top - height, wide, height, stroke=0, fill=1)

    return draw


def _underline(y: float, wide: float) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        canvas.line(LEFT + INDENT, y, LEFT + INDENT + wide, y)

    return draw


def _band(colour: str) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(colour)
        canvas.rect(0, HIGH - 22, WIDE, 22, stroke=0, fill=1)

    return draw


def _foot_rule(canvas: Canvas) -> None:
    canvas.setStrokeColor(RULE)
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, FOOT - 12, RIGHT, FOOT - 12)


def _watermark(canvas: Canvas) -> None:
    """DRAFT across the page, beneath its words and light enough to read them."""
    canvas.saveState()
    canvas.translate(WIDE / 2, HIGH / 2)
    canvas.rotate(52)
    canvas.setFillColor(MARK)
    canvas.setFont(SEMIBOLD, 150)
    canvas.drawCentredString(0, -50, "DRAFT")
    canvas.restoreState()


def _under(flow: Flow, drawn: Draw) -> None:
    """Draw something on every page, before all that stands there."""

    def draw(canvas: Canvas, tags: Tags) -> None:
        with tags.artifact():
            drawn(canvas)

    for page in flow.pages:
        page.insert(0, draw)
