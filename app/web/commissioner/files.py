"""What commissioners take with them: a search, a comparison or a shortlist as a spreadsheet, as CSV, or on paper."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import BytesIO, StringIO

from flask import Response, current_app, redirect, render_template, request, send_file, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.choosing import LONGEST_NOTE
from app.domain.errors import Invalid
from app.edge.backends import places
from app.edge.session import allow, today
from app.frameworks.workbooks import FORMULA_SIGNS, MEDIA_TYPE
from app.queries.provider_table import COLUMNS, Cell, Row, found_by, table_rows
from app.queries.register import check_known, no_word, query_of
from app.queries.side_by_side import Line, side_by_side
from app.web.commissioner import bp
from app.web.commissioner.compare import asked
from app.web.commissioner.paper import Written, compared_paper, listed_paper, send_paper
from app.web.public.register import read_address, refusal, unknown_codes

MOST_IN_CSV = 50_000
MOST_IN_EXCEL = 20_000
"""A workbook is made whole before it is sent, which takes a worker's time. CSV is sent as it is read."""

BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet program on Windows takes the letters for others


@bp.get("/register/export.<any(csv,xlsx):ending>")
@allow(Action.USE_PUBLIC_SITE)
def register_file(ending: str) -> ResponseReturnValue:
    """What a search finds, with the same parameters as the search, in its order."""
    wanted = read_address(request.args)
    if wanted.refused:
        return refusal(wanted)
    try:
        check_known(wanted.search, today())
    except Invalid as unknown:
        return unknown_codes(wanted, unknown)
    query, _, problem = query_of(wanted.search, places())
    problem = problem or no_word(wanted.search)
    most = MOST_IN_CSV if ending == "csv" else MOST_IN_EXCEL
    ids, total = ((), 0) if problem else found_by(query, today(), most)
    if problem or total > most:
        search = request.query_string.decode(errors="replace")
        page = render_template(
            "commissioner/too_many.html", total=total, most=most, ending=ending, problem=problem, search=search
        )
        return page, 422
    rows = table_rows(ids, today(), current_app.config["BASE_URL"])
    heads = [name for name, _ in COLUMNS]
    return csv_stream("register", heads, rows) if ending == "csv" else workbook("register", COLUMNS, rows)


@bp.get("/compare.<any(csv,xlsx,pdf):ending>")
@allow(Action.USE_PUBLIC_SITE)
def compare_file(ending: str) -> ResponseReturnValue:
    compared = asked(with_scores=True)
    if not compared.providers:
        return redirect(url_for(".compare", p=compared.unknown))
    lines = side_by_side(compared.providers)
    if ending == "pdf":
        return send_paper("comparison", compared_paper(compared.providers, lines, today()))
    heads = [("", 26.0), ("Differs", 10.0), *((each.name, 38.0) for each in compared.providers)]
    rows = [_line(line) for line in lines]
    if ending == "csv":
        return csv_stream("comparison", [name for name, _ in heads], rows)
    return workbook("comparison", heads, rows)


@bp.post("/shortlist/file")
@allow(Action.USE_PUBLIC_SITE)
def shortlist_file() -> ResponseReturnValue:
    """A shortlist of the browser as a file, with the notes that came with the form and are kept nowhere."""
    listed = asked(200, given=request.form.getlist("p"))
    if not listed.providers:
        return redirect(url_for(".shortlist"))
    written = [
        Written(each, note=request.form.get(f"note-{each.slug}", "").strip()[:LONGEST_NOTE])
        for each in listed.providers
    ]
    return list_file("shortlist", "Shortlist", "", written, request.form.get("ending", ""))


def list_file(name: str, title: str, purpose: str, written: Sequence[Written], ending: str) -> Response:
    """A list with what was written beside each of its providers, as the register is today."""
    if ending == "pdf":
        return send_paper(name, listed_paper(title, purpose, written, today()))
    heads = [*COLUMNS[:1], ("Decision", 14.0), ("Note", 50.0), *COLUMNS[1:]]
    beside = {each.provider.entry_id: each for each in written}
    rows = zip(beside.values(), table_rows(list(beside), today(), current_app.config["BASE_URL"]), strict=True)
    cells: Iterator[Row] = ((row[0], each.verdict, each.note, *row[1:]) for each, row in rows)
    if ending == "xlsx":
        return workbook(name, heads, cells)
    return csv_stream(name, [words for words, _ in heads], cells)


def _line(line: Line) -> Row:
    cells = (
        "\n".join(f"{piece.text} ({piece.flag})" if piece.flag else piece.text for piece in cell) for cell in line.cells
    )
    return (line.title, "Differs" if line.differs else "", *cells)


def csv_stream(name: str, heads: Sequence[str], rows: Iterable[Row]) -> Response:
    """CSV for spreadsheet programs (UTF-8 with its mark, CRLF), sent as the rows are read. No cell is taken for a formula."""
    response = Response(stream_with_context(_csv(heads, rows)), mimetype="text/csv")
    return _attached(response, f"{name}-{today().isoformat()}.csv")


def _csv(heads: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + _csv_lines([tuple(heads)])
    gathered: list[Row] = []
    for row in rows:
        gathered.append(row)
        if len(gathered) == 200:
            yield _csv_lines(gathered)
            gathered = []
    yield _csv_lines(gathered)


def _csv_lines(rows: Iterable[Row]) -> str:
    file = StringIO()
    csv.writer(file).writerows([_harmless(cell) for cell in row] for row in rows)
    return file.getvalue()


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        return f"'{cell}"
    return "" if cell is None else cell


def workbook(name: str, heads: Sequence[tuple[str, float]], rows: Iterable[Row]) -> Response:
    """An Excel workbook of one sheet, with its head in sight. Text stays text, whatever sign it begins with."""
    from openpyxl import Workbook

    from app.web.commissioner.sheet import fill

    book = Workbook(write_only=True)
    fill(book, name.capitalize(), heads, rows)
    file = tempfile.SpooledTemporaryFile(max_size=8_000_000)  # noqa: SIM115 - the server closes it once it is sent
    book.save(file)
    file.seek(0)
    called = f"{name}-{today().isoformat()}.xlsx"
    return send_file(file, MEDIA_TYPE, as_attachment=True, download_name=called, max_age=0)


def _attached(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def as_file(data: bytes, media_type: str, name: str) -> Response:
    """Bytes as a download."""
    return send_file(BytesIO(data), media_type, as_attachment=True, download_name=name, max_age=0)
