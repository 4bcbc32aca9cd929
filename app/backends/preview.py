"""What a stored file says, as text or as a table, so that it can be read in the page without being downloaded.

A PDF or a picture is shown by the browser itself. Office files are XML in a zip: read here with bounds on everything,
and without entities, so that a hostile file costs nothing.
"""

from __future__ import annotations

import csv
import re
import zipfile
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from typing import BinaryIO
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from app.backends.scanner import KINDS

MOST_CHARACTERS = 200_000
MOST_ROWS = 500
MOST_COLUMNS = 30
MOST_CELL = 2_000
MOST_STRINGS = 50_000
MOST_XML = 20 * 1024 * 1024
MOST_EVENTS = 1_000_000
CHUNK = 256 * 1024
MOST_SLIDES = 100
OPEN_CELLS = frozenset({"table-cell", "covered-table-cell"})
SLIDE = re.compile(r"ppt/slides/slide(\d{1,4})\.xml")

Event = tuple[str, str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Preview:
    """How to show a file: `kind` is pdf, image, text, table or none. `cut` says that there is more than is shown."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    cut: bool = False


def preview(stream: BinaryIO, media_type: str) -> Preview:
    """What can be shown of the file; kind "none" where nothing can. Never raises for what is in the file."""
    if media_type == KINDS[".pdf"]:
        return Preview("pdf")
    if media_type.startswith("image/"):
        return Preview("image")
    readers = {
        "text/plain": _text,
        "text/csv": _csv,
        KINDS[".docx"]: _docx,
        KINDS[".odt"]: _odt,
        KINDS[".xlsx"]: _xlsx,
        KINDS[".pptx"]: _pptx,
        KINDS[".odp"]: _odp,
        KINDS[".ods"]: _ods,
    }
    reader = readers.get(media_type)
    try:
        return reader(stream) if reader else Preview("none")
    except (zipfile.BadZipFile, zlib.error, KeyError, ExpatError, OSError, EOFError, ValueError, csv.Error):
        return Preview("none")


def _decoded(data: bytes) -> str:
    """The text that the bytes begin; a last character that was cut in two is left out."""
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252", "latin-1"):
        try:
            return getincrementaldecoder(encoding)().decode(data)
        except UnicodeDecodeError:
            continue
    return ""


def _text(stream: BinaryIO) -> Preview:
    text = _decoded(stream.read(MOST_CHARACTERS * 4))
    return Preview("text", text[:MOST_CHARACTERS], cut=len(text) > MOST_CHARACTERS)


def _csv(stream: BinaryIO) -> Preview:
    data = stream.read(MOST_CHARACTERS * 4)
    reader = csv.reader(StringIO(_decoded(data)))
    rows = tuple(tuple(row[:MOST_COLUMNS]) for row in islice(reader, MOST_ROWS + 1))
    return Preview("table", rows=rows[:MOST_ROWS], cut=len(rows) > MOST_ROWS or bool(stream.read(1)))


def _events(stream: BinaryIO, part: str) -> Iterator[Event]:
    """("start", name, attributes), ("text", words, {}) and ("end", name, {}) of a part; names without a namespace.

    Unpacks a little at a time, whatever size the file claims for the part, so that a reader may stop early. Raises
    KeyError where there is no such part, ValueError where it is too large to show, and ExpatError for a document type,
    which no office file needs and which entities hide in.
    """
    found: list[Event] = []
    parser = _parser(found)
    seen = unpacked = 0
    with zipfile.ZipFile(stream) as archive, archive.open(part) as file:
        while chunk := file.read(CHUNK):
            parser.Parse(chunk, False)
            unpacked, seen = unpacked + len(chunk), seen + len(found)
            if unpacked > MOST_XML or seen > MOST_EVENTS:
                raise ValueError("too large to show")
            yield from found
            found.clear()
    parser.Parse(b"", True)
    yield from found


def _parser(found: list[Event]) -> XMLParserType:
    """A parser that appends to `found` what it meets."""
    parser: XMLParserType = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise ExpatError("a document type is not read")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: found.append(("start", name.rpartition(" ")[2], attributes))
    parser.CharacterDataHandler = lambda words: found.append(("text", words, {}))
    parser.EndElementHandler = lambda name: found.append(("end", name.rpartition(" ")[2], {}))
    return parser


def _paragraphs(stream: BinaryIO, part: str, words_in: frozenset[str] | None, breaks: frozenset[str]) -> Preview:
    """The words of a text document. `words_in` names the elements whose text counts, None for all."""
    pieces: list[str] = []
    length, inside = 0, ""
    for event, value, _ in _events(stream, part):
        if event == "start":
            inside = value
            pieces += ["\t"] if value == "tab" else []
        elif event == "end":
            inside = ""
            pieces += ["\n"] if value in breaks else []
        elif words_in is None or inside in words_in:
            pieces.append(value)
            length += len(value)
            if length > MOST_CHARACTERS:
                break
    text = re.sub(r"\n{3,}", "\n\n", "".join(pieces)).strip()
    return Preview("text", text[:MOST_CHARACTERS], cut=length > MOST_CHARACTERS)


def _docx(stream: BinaryIO) -> Preview:
    return _paragraphs(stream, "word/document.xml", frozenset({"t"}), frozenset({"p", "br"}))


def _odt(stream: BinaryIO) -> Preview:
    return _paragraphs(stream, "content.xml", None, frozenset({"p", "h", "line-break"}))


def _odp(stream: BinaryIO) -> Preview:
    return _paragraphs(stream, "content.xml", None, frozenset({"p", "h", "line-break", "page"}))


def _pptx(stream: BinaryIO) -> Preview:
    """The words of the slides, in the order of their numbers."""
    with zipfile.ZipFile(stream) as archive:
        found = [(int(match[1]), match[0]) for name in archive.namelist() if (match := SLIDE.fullmatch(name))]
    text = ""
    for number, part in sorted(found)[:MOST_SLIDES]:
        text += f"Slide {number}\n{_paragraphs(stream, part, frozenset({'t'}), frozenset({'p', 'br'})).text}\n\n"
        if len(text) > MOST_CHARACTERS:
            return Preview("text", text[:MOST_CHARACTERS], cut=True)
    return Preview("text", text.strip(), cut=len(found) > MOST_SLIDES)


def _ods(stream: BinaryIO) -> Preview:
    """The first sheet, as it was last calculated."""
    sheet = _OpenSheet()
    for event, name, attributes in _events(stream, "content.xml"):
        if event == "end" and name == "table":
            break
        if len(sheet.rows) > MOST_ROWS:
            return Preview("table", rows=tuple(sheet.rows[:MOST_ROWS]), cut=True)
        sheet.hear(event, name, attributes)
    while sheet.rows and not sheet.rows[-1]:
        sheet.rows.pop()
    return Preview("table", rows=tuple(sheet.rows))


class _OpenSheet:
    """An OpenDocument sheet while it is read. A cell that says it is repeated stands there so often, within bounds."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, ...]] = []
        self.row: list[str] = []
        self.cell, self.times = "", 1

    def hear(self, event: str, name: str, attributes: dict[str, str]) -> None:
        if event == "text":
            self.cell += name if len(self.cell) < MOST_CELL else ""
        elif event == "start":
            self.start(name, attributes)
        elif name == "p":
            self.cell += " "
        elif name in OPEN_CELLS:
            self.row += [self.cell.strip()] * min(self.times, MOST_COLUMNS - len(self.row))
        elif name == "table-row":
            self.rows.append(_without_empty_end(self.row))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in OPEN_CELLS:
            self.cell, self.times = "", _repeated(attributes)
        elif name == "table-row":
            self.row = []


def _repeated(attributes: dict[str, str]) -> int:
    times = next((value for name, value in attributes.items() if name.endswith("number-columns-repeated")), "1")
    return int(times) if times.isascii() and times.isdigit() and len(times) < 6 else 1


def _without_empty_end(row: list[str]) -> tuple[str, ...]:
    last = max((index for index, cell in enumerate(row, 1) if cell), default=0)
    return tuple(row[:last])


def _xlsx(stream: BinaryIO) -> Preview:
    """The first sheet, as it was last calculated."""
    sheet = _Sheet(_shared_strings(stream))
    for event, name, attributes in _events(stream, "xl/worksheets/sheet1.xml"):
        if len(sheet.rows) > MOST_ROWS:
            return Preview("table", rows=tuple(sheet.rows[:MOST_ROWS]), cut=True)
        if event == "start":
            sheet.start(name, attributes)
        elif event == "end":
            sheet.end(name)
        elif sheet.taking and len(sheet.value) < MOST_CELL:
            sheet.value += name
    return Preview("table", rows=tuple(sheet.rows))


class _Sheet:
    """A sheet while it is read: the rows so far, and the cell that is open."""

    def __init__(self, shared: list[str]) -> None:
        self.shared = shared
        self.rows: list[tuple[str, ...]] = []
        self.row: list[str] = []
        self.kind = self.value = ""
        self.taking = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = []
        elif name == "c":
            self.kind, self.value = attributes.get("t", ""), ""
            self.row += [""] * (_column(attributes.get("r", "")) - len(self.row))
        self.taking = name in {"v", "t"}

    def end(self, name: str) -> None:
        self.taking = False
        if name == "c" and len(self.row) < MOST_COLUMNS:
            self.row.append(_cell(self.kind, self.value, self.shared))
        elif name == "row":
            self.rows.append(tuple(self.row))


def _cell(kind: str, value: str, shared: list[str]) -> str:
    if kind == "s":
        known = value.isascii() and value.isdigit() and len(value) < 9 and int(value) < len(shared)
        return shared[int(value)] if known else "…"
    if kind == "b":
        return "Yes" if value == "1" else "No"
    return value


def _column(reference: str) -> int:
    """0 for A1, 27 for AB7, at most the number of columns shown."""
    column = 0
    for letter in re.sub(r"[^A-Z]", "", reference)[:3]:
        column = column * 26 + ord(letter) - 64
    return min(max(column - 1, 0), MOST_COLUMNS)


def _shared_strings(stream: BinaryIO) -> list[str]:
    """The words that the cells point at, the first of them: cells shown are near the beginning, and so are theirs."""
    strings: list[str] = []
    taking = False
    try:
        for event, name, _ in _events(stream, "xl/sharedStrings.xml"):
            if event == "start" and name == "si":
                if len(strings) == MOST_STRINGS:
                    break
                strings.append("")
            elif event == "text" and taking and strings and len(strings[-1]) < MOST_CELL:
                strings[-1] += name
            taking = event == "start" and name == "t" if event != "text" else taking
    except KeyError:  # a workbook without words has no such part
        return []
    return strings
