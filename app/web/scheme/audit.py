"""The scheme's audit trail: searched, an entry in full, and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me
from app.queries.audit_trail import AuditFilters, audit_entry, audit_rows, audit_trail
from app.queries.history import HistoryRow
from app.web.intake import row_id
from app.web.scheme import bp
from app.web.scheme.pipeline import page_number, same_page_at

COLUMNS = ("When (UTC)", "Who", "What", "Said", "Provider", "Case", "Action", "Entry")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.get("/schemes/<code>/audit")
@allow(Action.SEE_AUDIT)
def audit(code: str) -> ResponseReturnValue:
    """Who did what in the scheme, newest first."""
    filters, wrong = _filters()
    page = audit_trail(code, filters, page_number(), actor=me())
    told = render_template(
        "scheme/audit.html", page=page, filters=filters, wrong=wrong, given=request.args, address=same_page_at
    )
    return told, 422 if wrong else 200


@bp.get("/schemes/<code>/audit.csv")
@allow(Action.SEE_AUDIT)
def audit_csv(code: str) -> ResponseReturnValue:
    """The same as a file, all pages of it."""
    filters, _ = _filters()
    rows = audit_rows(code, filters, actor=me())
    response = Response(_lines(rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f"attachment; filename=audit-{code}.csv"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/schemes/<code>/audit/<int:row>")
@allow(Action.SEE_AUDIT)
def audit_one(code: str, row: int) -> ResponseReturnValue:
    """One entry in full: from what to what."""
    return render_template("scheme/audit_entry.html", entry=audit_entry(code, row, actor=me()))


def _filters() -> tuple[AuditFilters, dict[str, str]]:
    """What the address asks for, and a sentence for each day in it that is none."""
    wrong: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name in ("since", "until"):
        text = request.args.get(name, "").strip()
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            wrong[name] = "Enter a day like 2026-11-30."
            days[name] = None
    given = request.args.get
    return AuditFilters(
        case=given("case", type=row_id),
        person=given("person", "").strip()[:100],
        provider=given("provider", "").strip()[:100],
        words=given("words", "").strip()[:100],
        action=given("action", "")[:60],
        since=days["since"],
        until=days["until"],
    ), wrong


def _lines(rows: Iterable[HistoryRow]) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in rows:
        at = row.at.isoformat(sep=" ", timespec="seconds").removesuffix("+00:00")
        yield _line((at, row.who, row.what, row.why, row.provider, row.application_id or "", row.action, row.row_id))


def _line(cells: Iterable[object]) -> str:
    out = StringIO()
    csv.writer(out).writerow([f"'{cell}" if str(cell).startswith(FORMULA) else cell for cell in cells])
    return out.getvalue()
