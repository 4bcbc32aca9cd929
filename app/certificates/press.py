"""A booklet printed: front page, contents, pages with head and foot, bookmarks, links and structure, as one PDF."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from app.certificates.blocks import BODY, BRAND, CHAPTER, QUIET_INK, SMALL, Block, Booklet, Look
from app.certificates.lettering import register_faces
from app.certificates.page import ONE_AT_A_TIME
from app.certificates.pages import FOOT, HANG, HIGH, LEFT, RIGHT, ROOM, TOP, WIDE, Layout, Page, Part
from app.certificates.tagging import Tags
from app.certificates.typesetting import Typesetting

ENTRY = 16.0
INDENT = 14.0
NUMBER_ROOM = 34.0
LINE = "#b9aea9"
TICK_BOX = 8.0


def printed(booklet: Booklet, font_dir: Path) -> bytes:
    """The booklet as a PDF file. The same booklet gives the same bytes. Raises Unprintable, FileNotFoundError."""
    with ONE_AT_A_TIME:
        register_faces(font_dir)
        return _Press(booklet).run()


def letters_of(booklet: Booklet) -> list[str]:
    """Every text of a booklet, for choosing its typeface."""
    own = [booklet.title, booklet.foot, booklet.contents_title, "Page of 0123456789…•"]
    return own + [text for block in (*booklet.front, *booklet.blocks) for text in (block.text, block.mark)]


class _Press:
    def __init__(self, booklet: Booklet) -> None:
        self.booklet = booklet
        self.type = Typesetting(letters_of(booklet))
        self.file = BytesIO()
        # Naming a first font keeps the built-in Helvetica, which would not be embedded, out of the file.
        self.canvas = Canvas(
            self.file,
            pagesize=(WIDE, HIGH),
            invariant=1,
            pageCompression=1,
            lang=booklet.language,
            initialFontName=self.type.plain_face,
        )
        self.tags = Tags(self.canvas)
        self.offset = 0  # elements of the structure are numbered on, from one run of blocks to the next
        self.number = 0

    def run(self) -> bytes:
        front, body = Layout(self.type), Layout(self.type)
        front.lay(self.booklet.front)
        body.lay(self.booklet.blocks)
        listed = [block for block in self.booklet.blocks if block.listed]
        per_page = int((TOP - FOOT - 60) // ENTRY)
        sheets = [listed[start : start + per_page] for start in range(0, len(listed), per_page)]
        before = len(front.pages) + len(sheets)
        self.total = before + len(body.pages)
        self._describe()
        for page in front.pages:
            self._page(page, bare=True)
        self.offset += len(self.booklet.front)
        for place, sheet in enumerate(sheets):
            self._contents(sheet, body.page_of, before, first=not place)
        for page in body.pages:
            self._page(page)
        self.tags.finish()
        self.canvas.save()
        return self.file.getvalue()

    def _describe(self) -> None:
        self.canvas.setTitle(self.booklet.title)
        self.canvas.setSubject(self.booklet.subject)
        self.canvas.setAuthor(self.booklet.author)
        self.canvas.setCreator("Touchstone")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        self.canvas.showOutline()

    def _page(self, page: Page, bare: bool = False) -> None:
        if bare:
            with self.tags.artifact():
                self.canvas.setFillColor(self.booklet.colour)
                self.canvas.rect(0, HIGH - 34, WIDE, 34, stroke=0, fill=1)
        else:
            self._head(page.chapter)
        for part in page.parts:
            self._part(part)
        self._turn()

    def _turn(self) -> None:
        self.number += 1
        with self.tags.artifact():
            self._write(LEFT, FOOT - 30, self.booklet.foot, SMALL, ROOM - 90)
            words = f"Page {self.number} of {self.total}"
            face = self.type.face(SMALL)
            self._write(RIGHT - self.type.width(words, face, SMALL.size), FOOT - 30, words, SMALL, 90)
        self.canvas.showPage()
        self.tags.page()

    def _head(self, chapter: str) -> None:
        with self.tags.artifact():
            self._write(LEFT, HIGH - 46, chapter, SMALL, ROOM)
            self.canvas.setStrokeColor(LINE)
            self.canvas.setLineWidth(0.5)
            self.canvas.line(LEFT, HIGH - 53, RIGHT, HIGH - 53)

    def _write(self, x: float, y: float, text: str, look: Look, room: float) -> None:
        self.canvas.setFillColor(self._ink(look))
        self.canvas.setFont(self.type.face(look), look.size)
        self.canvas.drawString(x, y, self.type.shortened(text, look, room))

    def _ink(self, look: Look) -> str:
        return self.booklet.colour if look.colour == BRAND else look.colour

    def _part(self, part: Part) -> None:
        block = part.block
        if part.first and block.key:
            self.canvas.bookmarkHorizontal(block.key, 0, part.y + block.look.size + 6)
            if block.level is not None:
                title = self.type.shortened(block.text, BODY, 4 * ROOM)
                self.canvas.addOutlineEntry(title, block.key, block.level, closed=block.level > 0)
        if part.rules:
            self._rules(part.rules)
            return
        hang = HANG if block.mark or block.tick else 0.0
        if part.first and block.tick:
            self._tick_box(part.y)
        with self.tags.marked(self.offset + part.place, block.tag, block.language):
            self._lines(part, hang)
        if block.url:
            last = part.y - (len(part.lines) - 1) * block.look.leading
            box = (LEFT + hang, last - 3, RIGHT, part.y + block.look.size)
            self.canvas.linkURL(block.url, box, relative=1)

    def _lines(self, part: Part, hang: float) -> None:
        look = part.block.look
        text = self.canvas.beginText(LEFT + hang, part.y)
        text.setFont(self.type.face(look), look.size, look.leading)
        text.setFillColor(self._ink(look))
        if part.block.mark and part.first:
            text.setTextOrigin(LEFT, part.y)
            text.textOut(self.type.printed(part.block.mark, self.type.face(look)))
            text.setTextOrigin(LEFT + hang, part.y)
        for line in part.lines:
            text.textLine(line)
        self.canvas.drawText(text)

    def _tick_box(self, y: float) -> None:
        with self.tags.artifact():
            self.canvas.setStrokeColor(QUIET_INK)
            self.canvas.setLineWidth(0.8)
            self.canvas.rect(LEFT, y - 0.5, TICK_BOX, TICK_BOX, stroke=1, fill=0)

    def _rules(self, heights: tuple[float, ...]) -> None:
        with self.tags.artifact():
            self.canvas.setStrokeColor(LINE)
            self.canvas.setLineWidth(0.5)
            for height in heights:
                self.canvas.line(LEFT, height, RIGHT, height)

    def _contents(self, listed: list[Block], page_of: dict[str, int], before: int, first: bool) -> None:
        y = TOP - 54
        if first:
            self.canvas.bookmarkPage("contents")
            self.canvas.addOutlineEntry(self.booklet.contents_title, "contents", 0)
            with self.tags.marked(self.offset, "H2"):
                self._write(LEFT, TOP - CHAPTER.size, self.booklet.contents_title, CHAPTER, ROOM)
            self.offset += 1
        else:
            self._head(self.booklet.contents_title)
        for place, block in enumerate(listed):
            self._entry(self.offset + place, block, y - place * ENTRY, page_of[block.key] + before + 1)
        self.offset += len(listed)
        self._turn()

    def _entry(self, element: int, block: Block, y: float, number: int) -> None:
        left = LEFT + INDENT * (block.level or 0)
        look = Look(CHAPTER.cut if block.level == 0 else BODY.cut, BODY.size, BODY.leading)
        face, words = self.type.face(look), str(number)
        with self.tags.marked(element, "TOCI", block.language):
            self._write(left, y, block.text, look, RIGHT - NUMBER_ROOM - left)
            self._write(RIGHT - self.type.width(words, face, look.size), y, words, look, NUMBER_ROOM)
        self.canvas.linkRect(f"{block.text}, page {number}", block.key, (left, y - 4, RIGHT, y + 11), relative=1)
