"""A long table as a sheet of a workbook that is written row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter

from app.frameworks.workbooks import FORMULA_SIGNS, HEAD, HEAD_FILL, TOP, page_set_up, plain
from app.queries.provider_table import Cell, Row


def fill(book: Workbook, title: str, heads: Sequence[tuple[str, float]], rows: Iterable[Row]) -> None:
    """Write `rows` under `heads`, (words, width in characters) each."""
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for column, (_, width) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    page_set_up(sheet)
    sheet.append([_head(sheet, words) for words, _ in heads])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{count}"


def _head(sheet: object, words: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, words)
    cell.font, cell.fill, cell.alignment = HEAD, HEAD_FILL, TOP
    return cell


def _cell(sheet: object, value: Cell) -> object:
    """The value as it is, but for text that begins like a formula: it is marked as text, so that nothing is ever run."""
    if isinstance(value, str):
        text = plain(value)
        if not text.startswith(FORMULA_SIGNS):
            return text or None
        cell = WriteOnlyCell(sheet, text)
        cell.data_type, cell.quotePrefix = "s", True
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "d mmm yyyy"
        return cell
    return value
