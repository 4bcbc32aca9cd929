"""A scheme's office tries an edition on its cases: a page, and a file of all of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from flask import Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.effects import Verdict
from app.edge.session import allow, me, today
from app.queries.dry_run import COLUMNS, DryRow
from app.queries.dry_run_page import Tried, dry_run_page, tried_draft, tried_edition
from app.web.scheme import bp
from app.web.scheme.pipeline import page_number, same_page_at

VERDICTS = {
    Verdict.LOSES: "Would lose",
    Verdict.UNKNOWN: "Cannot be told",
    Verdict.GAINS: "Would gain",
    Verdict.KEEPS: "Would keep",
}


@bp.get("/frameworks/drafts/<int:draft_id>/dry-run")
@allow(Action.FRAMEWORKS_SEE)
def dry_run_draft(draft_id: int) -> ResponseReturnValue:
    return _page(tried_draft(draft_id, me()))


@bp.get("/frameworks/editions/<int:edition_id>/dry-run")
@allow(Action.FRAMEWORKS_SEE)
def dry_run_edition(edition_id: int) -> ResponseReturnValue:
    return _page(tried_edition(edition_id, me()))


@bp.get("/frameworks/drafts/<int:draft_id>/dry-run.csv")
@allow(Action.FRAMEWORKS_SEE)
def dry_run_draft_csv(draft_id: int) -> ResponseReturnValue:
    return _file(tried_draft(draft_id, me()))


@bp.get("/frameworks/editions/<int:edition_id>/dry-run.csv")
@allow(Action.FRAMEWORKS_SEE)
def dry_run_edition_csv(edition_id: int) -> ResponseReturnValue:
    return _file(tried_edition(edition_id, me()))


def _page(tried: Tried) -> ResponseReturnValue:
    asked = request.args.get("verdict", "")
    verdict = Verdict(asked) if asked in set(Verdict) else None
    page = dry_run_page(tried, verdict, page_number(), me(), today())
    return render_template("scheme/dry_run.html", page=page, tried=tried, words=VERDICTS, address=same_page_at)


def _file(tried: Tried) -> ResponseReturnValue:
    """Every case, sent as it is worked out: batch by batch, so that no size is too large."""
    lines = stream_with_context(_lines(tried.rows(me(), today())))
    headers = {"Content-Disposition": 'attachment; filename="dry-run.csv"'}
    return Response(lines, mimetype="text/csv", headers=headers)


def _lines(rows: Iterator[DryRow]) -> Iterator[str]:
    yield _line(COLUMNS)
    yield from (_line(row.cells) for row in rows)


def _line(values: Iterable[str]) -> str:
    out = StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
