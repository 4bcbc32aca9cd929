"""A paper of a panel, whatever it says: an agenda, a case pack, minutes, a letter. Set from plain values on pages of A4."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from app.certificates.fitting import name_lines
from app.certificates.flow import BODY, H2, H3, HIGH, INK, ITEM, LEFT, ROOM, SMALL, STRONG, TOP, WIDE, Flow
from app.certificates.lettering import BOLD, SANS, SEMIBOLD, Style

BULLET = "•"
TITLE_SIZES = (24.0, 16.0, 17.0)
KEYS = 150.0
QUESTIONS = 340.0
"""The room of keys that are whole questions, in points: their answers are short."""
ROW = 14.5


class Kind(StrEnum):
    """How a line is set."""

    TEXT = "text"
    STRONG = "strong"
    SMALL = "small"
    ITEM = "item"
    HEADING = "heading"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or of kind ROW a pair: `key` at the left, `words` beside it. Line breaks in `words` part paragraphs."""

    words: str
    kind: Kind = Kind.TEXT
    key: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part with its heading. `new_page` begins it on a page of its own; the keys of `questions` get the wider column."""

    heading: str
    lines: tuple[Line, ...]
    new_page: bool = False
    questions: bool = False


@dataclass(frozen=True)
class Paper:
    """The whole paper. `caption` stands above the title, `lead` below it; `foot` at the foot of every page."""

    title: str
    caption: str
    author: str
    foot: str
    colour: str
    lead: tuple[Line, ...]
    sections: tuple[Section, ...]


def row(key: str, words: str) -> Line:
    return Line(words, Kind.ROW, key)


def paper_pdf(paper: Paper, font_dir: Path) -> bytes:
    """The paper as a PDF. The same values give the same bytes. Raises FileNotFoundError without typefaces."""
    flow = Flow(title=paper.title, subject=paper.caption, author=paper.author, foot=paper.foot, colour=paper.colour)
    return flow.pdf(font_dir, lambda to: _Setting(paper, to).set())


class _Setting:
    def __init__(self, paper: Paper, flow: Flow) -> None:
        self.paper, self.flow = paper, flow

    def set(self) -> None:
        self._head()
        for line in self.paper.lead:
            self._line(line)
        for section in self.paper.sections:
            if section.new_page:
                self.flow.turn()
            self.flow.text(section.heading, H2, keep=40)
            for line in section.lines:
                self._line(line, QUESTIONS if section.questions else KEYS)
        if self.flow.lost:
            self.flow.text("Letters that this typeface does not have are printed as a question mark.", SMALL)

    def _head(self) -> None:
        flow, paper = self.flow, self.paper
        flow.turn()
        flow.artifact(_band(paper.colour))
        flow.y = TOP - 12
        flow.text(paper.caption, SMALL)
        lines, size = name_lines(paper.title, SEMIBOLD, ROOM, TITLE_SIZES)
        flow.lines(paper.title, STRONG.style, ROOM)  # notes letters that cannot be printed
        for line in lines:
            flow.y -= size * 1.15
            flow.at(LEFT, flow.y, line, Style(SEMIBOLD, size, INK), tag="H1")
        flow.space(8)

    def _line(self, line: Line, room: float = KEYS) -> None:
        if line.kind is Kind.ROW:
            self._row(line, room)
            return
        look = {Kind.STRONG: STRONG, Kind.SMALL: SMALL, Kind.ITEM: ITEM, Kind.HEADING: H3}.get(line.kind, BODY)
        for place, part in enumerate(_parts(line.words)):
            mark = BULLET if line.kind is Kind.ITEM and not place else ""
            self.flow.text(part, look, mark=mark, keep=16 if line.kind is Kind.HEADING else 0.0)

    def _row(self, line: Line, room: float) -> None:
        """A pair, its key in the `room` points at the left."""
        flow = self.flow
        strong, plain = Style(BOLD, 10.5, INK), Style(SANS, 10.5, INK)
        keys = flow.lines(line.key, strong, room - 12)
        words = [each for part in _parts(line.words) for each in flow.lines(part, plain, ROOM - room)]
        flow.need(min(max(len(keys), len(words)), 3) * ROW + 4)
        flow.space(4)
        for place in range(max(len(keys), len(words))):
            flow.need(ROW)
            flow.space(ROW)
            if place < len(keys):
                flow.at(LEFT, flow.y, keys[place], strong)
            if place < len(words):
                flow.at(LEFT + room, flow.y, words[place], plain)


def _parts(words: str) -> list[str]:
    """The paragraphs of a text; one empty one where there is none."""
    return [part.strip() for part in words.splitlines() if part.strip()] or [""]


def _band(colour: str) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        canvas.setFillColor(colour)
        canvas.rect(0, HIGH - 18, WIDE, 18, stroke=0, fill=1)

    return draw
