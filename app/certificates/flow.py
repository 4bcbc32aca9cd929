"""A short report set from top to bottom: paragraphs, lists, rows and drawings on pages of A4, with a structure to listen to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from app.certificates.fitting import wrapped
from app.certificates.lettering import BOLD, SANS, SEMIBOLD, UNPRINTABLE, Style, printable, register_faces, width, write
from app.certificates.page import ONE_AT_A_TIME
from app.certificates.tagging import Tags

WIDE, HIGH = 595.28, 841.89
LEFT, RIGHT, TOP, FOOT = 56.0, WIDE - 56.0, HIGH - 56.0, 62.0
ROOM = RIGHT - LEFT
INK, QUIET, RULE = "#1d1a1c", "#575055", "#b9aea9"
HANG = 14.0

Draw = Callable[[Canvas, Tags], None]


@dataclass(frozen=True, slots=True)
class Look:
    """A style with its line height and the space above, in points."""

    style: Style
    leading: float
    before: float = 0.0
    tag: str = "P"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table for those who listen: its element, its table's number, its row from 0 for the heads, TH or TD."""

    element: int
    table: int
    row: int
    tag: str = "TD"


BODY = Look(Style(SANS, 10.5, INK), 14.5, 4)
STRONG = Look(Style(BOLD, 10.5, INK), 14.5, 4)
SMALL = Look(Style(SANS, 9, QUIET), 12, 2)
ITEM = Look(Style(SANS, 10.5, INK), 14, 2.5, "LI")
H2 = Look(Style(SEMIBOLD, 15, INK), 19, 18, "H2")
H3 = Look(Style(BOLD, 11, INK), 15, 9, "H3")


@dataclass
class Flow:
    """What stands on each page, gathered first, so that every page knows how many there are.

    `title` and `subject` describe the file, `foot` stands at the foot of every page, `colour` is the scheme's.
    """

    title: str
    subject: str
    author: str
    foot: str
    colour: str
    pages: list[list[Draw]] = field(default_factory=list)
    y: float = 0.0
    elements: int = 0
    lost: bool = False

    def turn(self) -> None:
        """Go on on a new page."""
        self.pages.append([])
        self.y = TOP

    def need(self, height: float) -> None:
        """Go on on a new page unless so much room is left on this one."""
        if not self.pages or self.y - height < FOOT:
            self.turn()

    def space(self, height: float) -> None:
        self.y -= height

    def text(self, words: str, look: Look = BODY, *, mark: str = "", keep: float = 0.0) -> None:
        """A paragraph, a heading or a line of a list. `keep` is the room that must be left below it on its page."""
        hang = HANG if mark else 0.0
        lines = self.lines(words, look.style, ROOM - hang)
        self.need(look.before + min(len(lines), 3) * look.leading + keep)
        self.y -= look.before
        element = self.element()
        for place, line in enumerate(lines):
            self.need(look.leading)
            self.y -= look.leading
            if mark and not place:
                self.artifact(_written(LEFT, self.y, mark, look.style))
            self._line(LEFT + hang, self.y, line, look.style, look.tag, element)

    def lines(self, words: str, style: Style, room: float) -> list[str]:
        """`words` in lines no wider than `room`; a word that is wider on its own is parted."""
        self.lost = self.lost or UNPRINTABLE in printable(words.replace(UNPRINTABLE, ""), style.face)[0]
        return [
            part for line in wrapped(words, style.face, style.size, room) for part in _parted(line, style, room)
        ] or [""]

    def at(self, x: float, y: float, words: str, style: Style, *, right: bool = False, tag: str = "P") -> None:
        """One line at a place of this page; ending there if `right`."""
        if right:
            x -= width(words, style.face, style.size)
        self._line(x, y, words, style, tag, self.element())

    def piece(self, x: float, y: float, words: str, style: Style, tag: str, element: int) -> None:
        """One line at a place of this page that belongs to an element which other lines belong to as well."""
        self._line(x, y, words, style, tag, element)

    def cell(self, x: float, y: float, words: str, style: Style, of: Cell) -> None:
        """One line of a cell of a table at a place of this page."""
        self._line(x, y, words, style, of.tag, of.element, (of.table, of.row))

    def element(self) -> int:
        """The number of a new element of the structure."""
        self.elements += 1
        return self.elements

    def _line(
        self,
        x: float,
        y: float,
        words: str,
        style: Style,
        tag: str,
        element: int,
        row: tuple[int, int] | None = None,
    ) -> None:
        def draw(canvas: Canvas, tags: Tags) -> None:
            with tags.marked(element, tag, row=row):
                write(canvas, x, y, words, style)

        self.pages[-1].append(draw)

    def artifact(self, drawn: Callable[[Canvas], None]) -> None:
        """Something that is drawn on this page and not read out."""

        def draw(canvas: Canvas, tags: Tags) -> None:
            with tags.artifact():
                drawn(canvas)

        self.pages[-1].append(draw)

    def pdf(self, font_dir: Path, fill: Callable[[Flow], None]) -> bytes:
        """The file that `fill` sets. The same words give the same bytes. Raises FileNotFoundError."""
        with ONE_AT_A_TIME:
            register_faces(font_dir)
            fill(self)
            return self._drawn()

    def _drawn(self) -> bytes:
        file = BytesIO()
        canvas = Canvas(file, pagesize=(WIDE, HIGH), invariant=1, pageCompression=1, lang="en-GB", initialFontName=SANS)
        canvas.setTitle(self.title)
        canvas.setSubject(self.subject)
        canvas.setAuthor(self.author)
        canvas.setCreator("Touchstone")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        tags = Tags(canvas)
        for number, page in enumerate(self.pages, 1):
            for draw in page:
                draw(canvas, tags)
            with tags.artifact():
                self._feet(canvas, number)
            canvas.showPage()
            tags.page()
        tags.finish()
        canvas.save()
        return file.getvalue()

    def _feet(self, canvas: Canvas, number: int) -> None:
        style = Style(SANS, 9, QUIET)
        words = f"Page {number} of {len(self.pages)}"
        last = RIGHT - width(words, style.face, style.size)
        write(canvas, last, FOOT - 26, words, style)
        room = last - LEFT - 20
        foot = _parted(self.foot, style, room)
        write(canvas, LEFT, FOOT - 26, foot[0] if len(foot) == 1 else f"{foot[0][:-2]}…", style)


def _written(x: float, y: float, words: str, style: Style) -> Callable[[Canvas], None]:
    return lambda canvas: write(canvas, x, y, words, style)


def _parted(line: str, style: Style, room: float) -> list[str]:
    """`line` in pieces no wider than `room`."""
    pieces: list[str] = []
    while width(line, style.face, style.size) > room and len(line) > 1:
        fits = next(
            count
            for count in range(len(line) - 1, 0, -1)
            if count == 1 or width(line[:count], style.face, style.size) <= room
        )
        pieces.append(line[:fits])
        line = line[fits:]
    return [*pieces, line]
