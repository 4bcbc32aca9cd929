"""The plan as a spreadsheet and as comma-separated values. Text stays text: nothing is ever taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

from flask import Response, request, send_file
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.domain.access import Action
from app.domain.plan import SOURCE_WORDS, STATE_WORDS
from app.edge.session import allow, me, today
from app.frameworks.workbooks import FORMULA_SIGNS, MEDIA_TYPE, as_bytes, write_table
from app.queries.plan import ActionRow, all_actions
from app.web.jinja import day
from app.web.provider import bp

HEADS = (
    ("What is to be done", 46.0),
    ("State", 14.0),
    ("Owner", 24.0),
    ("By", 14.0),
    ("Late", 8.0),
    ("Belongs to", 30.0),
    ("Standard", 26.0),
    ("Comes from", 28.0),
    ("Notes", 60.0),
    ("Done or dropped on", 18.0),
    ("Why it was dropped", 30.0),
    ("Added on", 14.0),
    ("Number", 10.0),
)
BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet program on Windows takes the letters for others


@bp.get("/organisations/<int:organisation_id>/plan.xlsx")
@allow(Action.SEE_PLAN)
def plan_xlsx(organisation_id: int) -> Response:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Improvement plan"
    write_table(sheet, HEADS, [_cells(row) for row in _rows(organisation_id)])
    data = as_bytes(book, "Improvement plan", "en")
    name = f"improvement-plan-{today().isoformat()}.xlsx"
    return send_file(BytesIO(data), MEDIA_TYPE, as_attachment=True, download_name=name, max_age=0)


@bp.get("/organisations/<int:organisation_id>/plan.csv")
@allow(Action.SEE_PLAN)
def plan_csv(organisation_id: int) -> Response:
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow([words for words, _ in HEADS])
    for row in _rows(organisation_id):
        writer.writerow([_harmless(cell) for cell in _cells(row, plain=True)])
    data = (BYTE_ORDER_MARK + file.getvalue()).encode()
    name = f"improvement-plan-{today().isoformat()}.csv"
    return send_file(BytesIO(data), "text/csv", as_attachment=True, download_name=name, max_age=0)


def _rows(organisation_id: int) -> tuple[ActionRow, ...]:
    return all_actions(organisation_id, me(), today(), only_mine=request.args.get("owner") == "me")


def _cells(row: ActionRow, *, plain: bool = False) -> Sequence[object]:
    """One row under HEADS. With `plain`, dates are as a person writes them in any language: 2026-11-30."""

    def on(when: object) -> object:
        return "" if when is None else when.isoformat() if plain else when  # type: ignore[attr-defined]

    return (
        row.title,
        STATE_WORDS[row.state],
        row.owner,
        on(row.due_on),
        "Late" if row.late else "",
        row.about,
        row.part,
        SOURCE_WORDS[row.source],
        row.notes,
        on(row.ended_on),
        row.reason,
        on(row.created_at.date()) if plain else day(row.created_at),
        row.action_id,
    )


def _harmless(cell: object) -> object:
    """A text that a spreadsheet program would take for a formula begins with an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS) else cell
