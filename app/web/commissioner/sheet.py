"""A long table as a sheet of a workbook that is written row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from app.frameworks.workbooks import FORMULA_SIGNS, HEAD, HEAD_FILL, TOP, plain
from app.queries.provider_table import Cell, Row

A4 = 9


def fill(book: Workbook, title: str, heads: Sequence[tuple[str, float]], rows: Iterable[Row]) -> None:
    """Write `rows` under `heads`, (words, width in characters) each."""
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for column, (_, width) in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.append([_head(sheet, words) for words, _ in heads])
    count = 1
    for row in rows:
        sheet.append([_cell(sheet, cell) for cell in row])
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{count}"


def _head(sheet: object, words: str) -> WriteOnlyCell:
    cell = _text(sheet, plain(words))
    cell.font, cell.fill, cell.alignment = HEAD, HEAD_FILL, TOP
    return cell


def _cell(sheet: object, value: Cell) -> object:
    """The value as it is, but for text that begins like a formula: it is marked as text, so that nothing is ever run."""
    if isinstance(value, str):
        text = plain(value)
        if not text.startswith(FORMULA_SIGNS):
            return text or None
        return _text(sheet, text)
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "d mmm yyyy"
        return cell
    return value


def _text(sheet: object, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    if text.startswith(FORMULA_SIGNS):
        cell.data_type, cell.quotePrefix = "s", True
    return cell
