"""The register in figures, for everybody: a page and a file."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.backends.kept import Kept
from app.domain.access import Action
from app.edge.kept_answers import same_for_all
from app.edge.session import allow, now, today
from app.queries.statistics import Statistics
from app.queries.statistics import statistics as count
from app.queries.statistics_count import EVENTS, counted_awards, forget
from app.web.public import bp
from app.web.public.known_parts import refuse_unknown
from app.web.spreadsheets import Cell, csv_file

MOST_KEPT = 100
WAIT = 120  # seconds, after which one may ask again
COLUMNS = ("scheme", "year", "measure", "of", "value")

_kept: Kept[Statistics] = Kept(MOST_KEPT)


@bp.get("/statistics")
@allow(Action.USE_PUBLIC_SITE)
def statistics() -> ResponseReturnValue:
    if refused := refuse_unknown("scheme"):
        return refused
    same_for_all(lambda: None)  # counted once an hour
    page = _figures()
    if page is None:
        return _later(render_template("public/statistics_later.html"))
    return render_template("public/statistics.html", page=page, events=EVENTS)


@bp.get("/statistics.csv")
@allow(Action.USE_PUBLIC_SITE)
def statistics_file() -> ResponseReturnValue:
    """Every figure of the page, one a line."""
    if refused := refuse_unknown("scheme"):
        return refused
    page = _figures()
    if page is None:
        return _later("The figures are being counted for the first time. Try again in a few minutes.\n", "text/plain")
    return csv_file(f"statistics-{page.scheme or 'all'}", COLUMNS, _lines(page))


def _figures() -> Statistics | None:
    """Counted once an hour and then taken from memory: counting reads every award. None where a large register's are not
    counted yet.
    """
    scheme = request.args.get("scheme", "")[:80]
    counted = counted_awards(today(), now())
    if counted is None:
        return None
    return _kept.get((scheme, counted.at), lambda: count(scheme, today(), counted))


def _later(words: str, mimetype: str = "text/html") -> Response:
    return Response(words, 503, {"Retry-After": str(WAIT)}, mimetype=mimetype)


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
    forget()
    _kept.forget()
