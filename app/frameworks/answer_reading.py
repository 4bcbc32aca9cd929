"""A workbook of answers as it came back: its cells as text, each with its address, and what cannot be read said so.

It may have been through Excel, LibreOffice or another program, and it may be any file at all.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any, BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from app.domain.answer_sheet import AnswerFile, Base, SheetRow
from app.domain.errors import DomainError
from app.frameworks.answer_sheet import ANSWER, ANSWERS, CODE, FORMAT, META, REASON

MEGABYTE = 1024 * 1024
MOST_UNPACKED = 30 * MEGABYTE
MOST_TAGS, MOST_OTHER_TAGS = 400_000, 40_000
"""In all, and beside the cells and their texts. Sixty for each criterion are usual. Each costs its reader time, even an empty one."""
OF_CELLS = ("xl/worksheets/", "xl/sharedStrings")
MOST_ROWS, MOST_COLUMNS = 10_000, 12
HEAD_WITHIN = 10
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")  # what no database keeps; an escape of the format may name it
WHOLE = re.compile("[0-9]{1,9}")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
AGAIN = "Download the file again, copy your answers into it, and bring that one back."


class NotReadable(DomainError):
    """The file as a whole cannot be taken; the sentence says why and what to do."""


@dataclass(frozen=True)
class Returned:
    """What came back: the application and the edition that the file was made for, and its answers."""

    application_id: int
    sha256: str
    file: AnswerFile


def read_answers(stream: BinaryIO) -> Returned:
    """Read a workbook that has been looked at for harm already. Raises NotReadable."""
    _check_size(stream)
    try:
        book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
        try:
            tables = {name: list(_rows(book[name])) for name in (ANSWERS, META) if name in book.sheetnames}
        finally:
            book.close()
    except NotReadable:
        raise
    except Exception as error:
        # The reader has no error of its own: a damaged workbook fails wherever it happens to be damaged.
        raise NotReadable(
            "The file cannot be read. Open it, save it as an Excel workbook (.xlsx), and try again."
        ) from error
    if ANSWERS not in tables or META not in tables:
        raise NotReadable(f"This is not a file of answers that was downloaded here. {AGAIN}")
    return _returned(tables[ANSWERS], tables[META])


def _check_size(stream: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            swollen = sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED or _has_many_tags(archive)
    except (zipfile.BadZipFile, OSError) as error:
        raise NotReadable("The file is not an Excel workbook (.xlsx). Save it as one and try again.") from error
    if swollen:
        raise NotReadable(f"The file holds far more than answers. {AGAIN}")
    stream.seek(0)


def _has_many_tags(archive: zipfile.ZipFile) -> bool:
    """Counts piece by piece, and no longer than until there are too many."""
    found = others = 0
    for entry in archive.infolist():
        with archive.open(entry) as part:
            while piece := part.read(MEGABYTE):
                tags = piece.count(b"<")
                found += tags
                others += 0 if entry.filename.startswith(OF_CELLS) else tags
                if found > MOST_TAGS or others > MOST_OTHER_TAGS:
                    return True
    return False


Cells = list[Any]


def _rows(sheet: Any) -> Iterator[Cells]:
    """The rows that hold anything. Raises NotReadable where there are too many."""
    for place, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=MOST_ROWS + 1), 1):
        cells = [cell for cell in row if cell.value is not None]
        if cells and place > MOST_ROWS:
            raise NotReadable(f"The file has more than {MOST_ROWS:,} rows, which is more than answers need. {AGAIN}")
        if cells:
            yield cells


def _returned(answers: Sequence[Cells], meta: Sequence[Cells]) -> Returned:
    known = _known(meta)
    head = _head(answers)
    bases = {
        name.removeprefix("answer "): Base(int(values[0]), values[1])
        for name, values in known.items()
        if name.startswith("answer ") and len(values) > 1 and WHOLE.fullmatch(values[0])
    }
    application = (known.get("application") or [""])[0]
    if FORMAT not in known or head is None or not WHOLE.fullmatch(application):
        raise NotReadable(f"This is not a file of answers that was downloaded here. {AGAIN}")
    rows, strays = _read(answers, head)
    return Returned(int(application), (known.get("edition") or [""])[0], AnswerFile(rows, bases, strays))


def _known(meta: Sequence[Cells]) -> dict[str, list[str]]:
    return {text_of(cells[0]): [text_of(cell) for cell in cells[1:]] for cells in meta}


def _head(answers: Sequence[Cells]) -> tuple[int, dict[str, int]] | None:
    """The row that names the columns, and the column of each; None where there is none."""
    for cells in answers[:HEAD_WITHIN]:
        columns = {text_of(cell).strip(): cell.column for cell in cells}
        if {CODE, ANSWER, REASON} <= columns.keys():
            return cells[0].row, columns
    return None


def _read(
    answers: Sequence[Cells], head: tuple[int, dict[str, int]]
) -> tuple[tuple[SheetRow, ...], tuple[tuple[str, str], ...]]:
    rows: list[SheetRow] = []
    strays: list[tuple[str, str]] = []
    top, columns = head
    for cells in answers:
        if cells[0].row <= top:
            continue
        row = _sheet_row({cell.column: cell for cell in cells}, cells[0].row, columns)
        if row.code:
            rows.append(row)
        elif row.answer or row.reason or row.trouble:
            strays.append((row.code_cell, "This row has no code, so nobody can tell what it answers."))
    return tuple(rows), tuple(strays)


def _sheet_row(cells: Mapping[int, Any], row: int, columns: Mapping[str, int]) -> SheetRow:
    named = {head: cells.get(columns[head]) for head in (CODE, ANSWER, REASON)}
    places = {head: f"{ANSWERS}!{get_column_letter(columns[head])}{row}" for head in named}
    trouble = tuple((places[head], sentence) for head, cell in named.items() if (sentence := _trouble(cell)))
    return SheetRow(
        code=text_of(named[CODE]).strip(),
        answer=text_of(named[ANSWER]).strip(),
        reason=text_of(named[REASON]),
        code_cell=places[CODE],
        answer_cell=places[ANSWER],
        reason_cell=places[REASON],
        trouble=trouble,
    )


def _trouble(cell: Any) -> str:
    kind = getattr(cell, "data_type", "")
    if kind == "f":
        return "This cell holds a formula. Type or paste what it gives as plain text."
    if kind == "e":
        return f"This cell holds an error, {cell.value}. Type the answer instead."
    return ""


def text_of(cell: Any) -> str:
    """What a cell shows, as plain text. A share that is shown as a percentage is read as one: 0.45 is 45."""
    value = getattr(cell, "value", None)
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case int() | float():
            return _number(value * 100 if "%" in str(cell.number_format or "") else value)
        case datetime() | date():
            return f"{value.day} {value:%B %Y}"
        case str():
            text = ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)
            return NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
        case _:
            return str(value)


def _number(value: float) -> str:
    if not isfinite(value):
        return str(value)
    rounded = round(value, 9)
    return str(int(rounded)) if rounded == int(rounded) else str(rounded)
