"""The register in figures, for everybody: a page and a file."""

from __future__ import annotations

from collections.abc import Iterator

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.backends.kept import Kept
from app.domain.access import Action
from app.edge.kept_answers import same_for_all
from app.edge.session import allow, now, today
from app.queries.statistics import EVENTS, Statistics
from app.queries.statistics import statistics as count
from app.web.public import bp
from app.web.public.known_parts import refuse_unknown
from app.web.spreadsheets import Cell, csv_file

MOST_KEPT = 100
COLUMNS = ("scheme", "year", "measure", "of", "value")

_kept: Kept[Statistics] = Kept(MOST_KEPT)


@bp.get("/statistics")
@allow(Action.USE_PUBLIC_SITE)
def statistics() -> ResponseReturnValue:
    if refused := refuse_unknown("scheme"):
        return refused
    same_for_all(lambda: None)  # counted once an hour
    return render_template("public/statistics.html", page=_figures(), events=EVENTS)


@bp.get("/statistics.csv")
@allow(Action.USE_PUBLIC_SITE)
def statistics_file() -> ResponseReturnValue:
    """Every figure of the page, one a line."""
    if refused := refuse_unknown("scheme"):
        return refused
    page = _figures()
    return csv_file(f"statistics-{page.scheme or 'all'}", COLUMNS, _lines(page))


def _figures() -> Statistics:
    """Counted once an hour in each process, and then taken from memory: counting reads every award."""
    scheme = request.args.get("scheme", "")[:80]
    return _kept.get((scheme, today(), now().hour), lambda: count(scheme, today()))


def _lines(page: Statistics) -> Iterator[tuple[Cell, ...]]:
    for row in page.rows:
        figures: list[tuple[str, str, Cell]] = [
            ("awards granted", "", row.granted),
            ("awards ended", "", row.ended),
            ("awards standing", "", row.stood),
            *(("changes of awards", EVENTS[kind].lower(), number) for kind, number in row.events.items()),
            ("decisions", "", row.decided),
            ("days to decision, median", "", float(row.days.median) if row.days else None),
            ("days to decision, nine in ten", "", row.days.ninetieth if row.days else None),
            ("appeals lodged", "", row.lodged),
            ("appeals upheld", "", row.upheld),
        ]
        yield from ((page.scheme or "all", row.year, *figure) for figure in figures)
    for measure, groups in (("level", page.levels), ("region", page.regions), ("size", page.sizes)):
        for group in groups:
            for year, number in zip(page.years, group.counts, strict=True):
                yield page.scheme or "all", year, f"awards standing by {measure}", group.name, number


def forget_figures() -> None:
    """Count everything anew: for when the tables were emptied or brought back from elsewhere."""
    _kept.forget()
