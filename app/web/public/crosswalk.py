"""What one edition has in common with every other framework, for anyone: as a page, and as a table to keep."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access import NOBODY, Action
from app.edge.session import allow, me
from app.queries.crosswalks import CrossWalkPage, EndRow, crosswalk_page
from app.web.public import bp

COLUMNS = (
    "framework edition code title is_part other_framework other_edition other_code other_title other_is_part "
    "answers_other answered_by_other"
).split()


@bp.get("/standards/<framework>/<edition>/crosswalk")
@allow(Action.USE_PUBLIC_SITE)
def crosswalk(framework: str, edition: str) -> ResponseReturnValue:
    number = max(1, request.args.get("page", 1, type=int))
    return render_template("public/crosswalk.html", page=crosswalk_page(framework, edition, me(), number))


@bp.get("/standards/<framework>/<edition>/crosswalk.csv")
@allow(Action.USE_PUBLIC_SITE)
def crosswalk_csv(framework: str, edition: str) -> ResponseReturnValue:
    page = crosswalk_page(framework, edition, NOBODY, page=None)
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([inert(cell) for cell in row] for row in _rows(page))
    name = f"crosswalk-{page.framework.code}-{page.framework.edition}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(out.getvalue(), mimetype="text/csv", headers=headers)


def _rows(page: CrossWalkPage) -> Iterator[tuple[str, ...]]:
    ours = (page.framework.code, page.framework.edition)
    for side in page.others:
        theirs = (side.edition.code, side.edition.edition)
        for row in side.rows:
            yield *ours, *_end(row.here), *theirs, *_end(row.there), row.outward.value, row.inward.value
    for other in page.elsewhere:
        for each in other.rows:
            yield *ours, *_end(each.here), other.framework, "", each.code, "", "", each.extent.value, ""


def _end(end: EndRow) -> tuple[str, str, str]:
    return end.code, end.heading, "yes" if end.whole else "no"


def inert(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
