"""How far the assessors of a scheme agree: a page, and its tables as a file."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.agreement import Measured
from app.edge.session import allow, me
from app.queries.scheme_agreement import AgreementRow, SchemeAgreementPage, scheme_agreement
from app.web.intake import row_id
from app.web.scheme import bp
from app.web.spreadsheets import Cell, csv_file

COLUMNS = "by name cases criteria_compared same_score share scale alpha kappa why_undefined".split()


@bp.get("/schemes/<code>/agreement")
@allow(Action.SEE_PIPELINE)
def agreement(code: str) -> ResponseReturnValue:
    """By standard, by pair and over time, under one edition."""
    page = scheme_agreement(code, request.args.get("edition", type=row_id), me())
    return render_template("scheme/agreement.html", page=page)


@bp.get("/schemes/<code>/agreement.csv")
@allow(Action.SEE_PIPELINE)
def agreement_csv(code: str) -> Response:
    """The same figures as a file, a line for each row and scale."""
    page = scheme_agreement(code, request.args.get("edition", type=row_id), me())
    return csv_file(f"agreement-{code}", COLUMNS, _lines(page))


def _lines(page: SchemeAgreementPage) -> Iterator[list[Cell]]:
    whole = AgreementRow("All cases", page.cases, page.whole)
    listed = [("all", (whole,)), ("standard", page.standards), ("pair", page.pairs), ("quarter", page.quarters)]
    return (line for by, rows in listed for row in rows for line in _row_lines(by, row))


def _row_lines(by: str, row: AgreementRow) -> Iterator[list[Cell]]:
    found = row.agreement
    start: list[Cell] = [by, row.name, row.cases, found.compared, found.same, _figure(found.share)]
    for each in found.scales:
        kappa = _figure(each.kappa) if each.kappa else None
        yield [*start, each.scale.code, _figure(each.alpha), kappa, each.alpha.because]
    if not found.scales:
        yield [*start, "", None, None, found.share.because]


def _figure(measured: Measured) -> float | None:
    return None if measured.value is None else round(float(measured.value), 4)
