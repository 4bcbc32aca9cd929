"""Spreadsheets as we make them: text that stays text, heads that stay in sight, and the same bytes for the same content."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
LONGEST_LINK = 2_000
CUT = " … (cut here: a cell holds no more)"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
BRAND, PAPER, LINK, RULE, QUIET = "FF4B2142", "FFF6F1EE", "FF5F2A54", "FFD8CFCB", "FF575055"
HEAD = Font(name="Calibri", size=11, bold=True, color="FFFFFFFF")
TITLE = Font(name="Calibri", size=18, bold=True, color=BRAND)
LABEL = Font(name="Calibri", size=11, bold=True)
LINKED = Font(name="Calibri", size=11, underline="single", color=LINK)
FAINT = Font(name="Calibri", size=11, color=QUIET)
HEAD_FILL, SOFT_FILL = PatternFill("solid", fgColor=BRAND), PatternFill("solid", fgColor=PAPER)
LINE = Border(bottom=Side("thin", color=RULE))
TOP = Alignment(wrap_text=True, vertical="top")
FROM_THE_RIGHT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "ku"})
EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 the file's format knows no time zones
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
# A cell's text may look like an escape of its own format, and would be read as the character that it names.
ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def put(sheet: Worksheet, row: int, column: int, value: Any, **style: Any) -> Cell:
    """Write one cell. A text stays a text, whatever sign it begins with: it is never taken for a formula."""
    cell: Cell = sheet.cell(row, column)
    if isinstance(value, str):
        text = plain(value)
        cell.value = text or None
        if text:
            cell.data_type = "s"
        if text.startswith(FORMULA_SIGNS):
            cell.quotePrefix = True
    else:
        cell.value = value
    cell.alignment = style.pop("alignment", TOP)
    for name, given in style.items():
        if given is not None:
            setattr(cell, name, given)
    return cell


def plain(text: str) -> str:
    """The text as a cell can hold it: no control characters, no more than there is room for."""
    text = ESCAPE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", text))
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(CUT)] + CUT


def link(cell: Cell, address: str) -> None:
    """Make the cell a link: to a web address, or inside the workbook with `#'Sheet'!A1`.

    An address that is too long stays without: a workbook with one is taken for damaged.
    """
    if len(address) > LONGEST_LINK:
        return
    if address.startswith("#"):
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=address[1:])
    else:
        cell.hyperlink = address
    cell.font = LINKED


def write_table(
    sheet: Worksheet, heads: Sequence[tuple[str, float]], rows: Sequence[Sequence[Any]], top: int = 1
) -> None:
    """Write `rows` under `heads`, (words, width in characters) each, with head in sight, filter and print set-up."""
    for column, (words, width) in enumerate(heads, 1):
        put(sheet, top, column, words, font=HEAD, fill=HEAD_FILL)
        sheet.column_dimensions[get_column_letter(column)].width = width
    for place, row in enumerate(rows, top + 1):
        for column, value in enumerate(row, 1):
            put(sheet, place, column, value, border=LINE)
    finish(sheet, len(heads), top + len(rows), top)


def finish(sheet: Worksheet, columns: int, last: int, top: int = 1) -> None:
    """Freeze and filter under the head, and print landscape, as wide as one page, with the head on each."""
    sheet.freeze_panes = sheet.cell(top + 1, 2)
    sheet.auto_filter.ref = f"A{top}:{get_column_letter(columns)}{max(last, top)}"
    sheet.print_title_rows = f"{top}:{top}"
    page_set_up(sheet)


def page_set_up(sheet: Worksheet, orientation: str = "landscape") -> None:
    sheet.page_setup.orientation = orientation
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"
    sheet.page_margins.left = sheet.page_margins.right = 0.4


def as_bytes(book: Workbook, title: str, language: str) -> bytes:
    """The workbook as a file. The same content gives the same bytes: no clock is in them."""
    book.properties.title, book.properties.language = plain(title), language
    book.properties.creator = "Touchstone"
    book.properties.created = EPOCH
    for sheet in book.worksheets:
        sheet.sheet_view.rightToLeft = language.split("-")[0] in FROM_THE_RIGHT
    made = BytesIO()
    book.save(made)
    settled = BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "docProps/core.xml":
                data = MODIFIED.sub(rb"\g<1>" + EPOCH.isoformat().encode() + b"Z", data)
            still = zipfile.ZipInfo(entry.filename, (2000, 1, 1, 0, 0, 0))
            still.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(still, data)
    return settled.getvalue()
