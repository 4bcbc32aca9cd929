"""Tables as files that spreadsheets open, in which no cell is taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from flask import Response, send_file

from app.edge.session import today
from app.frameworks.workbooks import FORMULA_SIGNS

Cell = str | int | float | None


def csv_file(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A table as a CSV file called `name` with today's date. Numbers stay numbers; None is an empty cell."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    data = BytesIO(file.getvalue().encode("utf-8-sig"))  # with the mark by which spreadsheets know UTF-8
    called = f"{name}-{today().isoformat()}.csv"
    return send_file(data, "text/csv", as_attachment=True, download_name=called, max_age=0)


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
    return "" if cell is None else cell
