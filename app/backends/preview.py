"""What a stored file says, as text or as a table, so that it can be read in the page without being downloaded.

A PDF or a picture is shown by the browser itself. Office files are XML in a zip: read here with bounds on everything,
and without entities, so that a hostile file costs nothing.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import BinaryIO
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from app.backends.scanner import KINDS

MOST_CHARACTERS = 200_000
MOST_ROWS = 500
MOST_COLUMNS = 30
MOST_XML = 20 * 1024 * 1024


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
    }
    reader = readers.get(media_type)
    try:
        return reader(stream) if reader else Preview("none")
    except (zipfile.BadZipFile, KeyError, ExpatError, OSError, EOFError, ValueError, csv.Error):
        return Preview("none")


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252", "latin-1"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _text(stream: BinaryIO) -> Preview:
    text = _decoded(stream.read(MOST_CHARACTERS * 4))
    return Preview("text", text[:MOST_CHARACTERS], cut=len(text) > MOST_CHARACTERS)


def _csv(stream: BinaryIO) -> Preview:
    reader = csv.reader(StringIO(_decoded(stream.read(MOST_CHARACTERS * 4))))
    rows: list[tuple[str, ...]] = []
    for row in reader:
        if len(rows) == MOST_ROWS:
            return Preview("table", rows=tuple(rows), cut=True)
        rows.append(tuple(row[:MOST_COLUMNS]))
    return Preview("table", rows=tuple(rows))


def _events(stream: BinaryIO, part: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """("start", name, attributes), ("text", words, {}) and ("end", name, {}) of a part; names without a namespace.

    Raises ExpatError for a document type, which no office file needs and which entities hide in.
    """
    with zipfile.ZipFile(stream) as archive:
        if archive.getinfo(part).file_size > MOST_XML:
            raise ValueError("too large to show")
        data = archive.read(part)
    found: list[tuple[str, str, dict[str, str]]] = []
    parser: XMLParserType = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise ExpatError("a document type is not read")

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: found.append(("start", name.rpartition(" ")[2], attributes))
    parser.CharacterDataHandler = lambda words: found.append(("text", words, {}))
    parser.EndElementHandler = lambda name: found.append(("end", name.rpartition(" ")[2], {}))
    parser.Parse(data, True)
    return iter(found)


def _paragraphs(stream: BinaryIO, part: str, words_in: frozenset[str] | None, breaks: frozenset[str]) -> Preview:
    """The words of a text document. `words_in` names the elements whose text counts, None for all."""
    pieces: list[str] = []
    inside = ""
    for event, value, _ in _events(stream, part):
        if event == "start":
            inside = value
            pieces += ["\t"] if value == "tab" else []
        elif event == "end":
            inside = ""
            pieces += ["\n"] if value in breaks else []
        elif words_in is None or inside in words_in:
            pieces.append(value)
    text = re.sub(r"\n{3,}", "\n\n", "".join(pieces)).strip()
    return Preview("text", text[:MOST_CHARACTERS], cut=len(text) > MOST_CHARACTERS)


def _docx(stream: BinaryIO) -> Preview:
    return _paragraphs(stream, "word/document.xml", frozenset({"t"}), frozenset({"p", "br"}))


def _odt(stream: BinaryIO) -> Preview:
    return _paragraphs(stream, "content.xml", None, frozenset({"p", "h", "line-break"}))


def _xlsx(stream: BinaryIO) -> Preview:
    """The first sheet, as it was last calculated."""
    sheet = _Sheet(_shared_strings(stream))
    for event, name, attributes in _events(stream, "xl/worksheets/sheet1.xml"):
        if len(sheet.rows) == MOST_ROWS:
            return Preview("table", rows=tuple(sheet.rows), cut=True)
        if event == "start":
            sheet.start(name, attributes)
        elif event == "end":
            sheet.end(name)
        elif sheet.taking:
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
        if name == "c":
            self.row.append(_cell(self.kind, self.value, self.shared))
        elif name == "row":
            self.rows.append(tuple(self.row[:MOST_COLUMNS]))


def _cell(kind: str, value: str, shared: list[str]) -> str:
    if kind == "s" and value.isdigit() and int(value) < len(shared):
        return shared[int(value)]
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
    try:
        events = _events(stream, "xl/sharedStrings.xml")
    except KeyError:
        return []
    strings: list[str] = []
    taking = False
    for event, name, _ in events:
        if event == "start" and name == "si":
            strings.append("")
        elif event == "text" and taking and strings:
            strings[-1] += name
        taking = event == "start" and name == "t" if event != "text" else taking
    return strings
