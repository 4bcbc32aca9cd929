"""The scheme manager's desk, its calendar and its figures."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event

from app.domain.access import Action
from app.edge.session import allow, me, now, today
from app.queries.dated_things import DatedThing
from app.queries.desk import desk as desk_page
from app.queries.scheme_calendar import month_of, scheme_calendar, year_ahead
from app.queries.scheme_figures import PERIODS, CountRow, FiguresPage
from app.queries.scheme_figures import figures as figures_page
from app.web.scheme import bp
from app.web.spreadsheets import Cell, csv_file

COLUMNS = "table name count of median_days within_days_for_nine_in_ten".split()


@bp.get("/schemes/<code>")
@allow(Action.SEE_PIPELINE)
def desk(code: str) -> ResponseReturnValue:
    """What is where and for how long, what is late, and who has how much in hand."""
    return render_template("scheme/desk.html", page=desk_page(code, actor=me(), today=today()))


@bp.get("/schemes/<code>/calendar")
@allow(Action.SEE_PIPELINE)
def calendar(code: str) -> ResponseReturnValue:
    month = month_of(request.args.get("month", ""), today())
    return render_template("scheme/calendar.html", page=scheme_calendar(code, month, actor=me()), today=today())


@bp.get("/schemes/<code>/calendar.ics")
@allow(Action.SEE_PIPELINE)
def calendar_ics(code: str) -> Response:
    """The year ahead, to take into a calendar once."""
    scheme, things = year_ahead(code, actor=me(), today=today())
    response = Response(_ics(scheme.title, scheme.code, things), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f"attachment; filename={scheme.code}.ics"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _ics(title: str, code: str, things: tuple[DatedThing, ...]) -> bytes:
    """All-day events: a day needs no time zone."""
    file = Calendar()
    file.add("prodid", "-//Touchstone//Scheme calendar//EN")
    file.add("version", "2.0")
    file.add("x-wr-calname", title)
    for number, each in enumerate(things):
        event = Event()
        event.add("uid", f"{each.kind}-{each.application_id}-{each.on:%Y%m%d}-{number}@touchstone")
        event.add("dtstamp", now())
        event.add("dtstart", each.on)
        event.add("summary", f"{each.words}: {each.provider}")
        event.add("description", each.who if each.who != each.provider else "")
        path = url_for(".case", code=code, application_id=each.application_id)
        event.add("url", current_app.config["BASE_URL"] + path)
        event.add("transp", "TRANSPARENT")
        file.add_component(event)
    return file.to_ical()


@bp.get("/schemes/<code>/figures")
@allow(Action.SEE_PIPELINE)
def figures(code: str) -> ResponseReturnValue:
    """How long things take, what was decided and appealed, and the awards that stand."""
    page = figures_page(code, request.args.get("period", "12"), actor=me(), today=today())
    return render_template("scheme/figures.html", page=page, periods=PERIODS)


@bp.get("/schemes/<code>/figures.csv")
@allow(Action.SEE_PIPELINE)
def figures_csv(code: str) -> Response:
    page = figures_page(code, request.args.get("period", "12"), actor=me(), today=today())
    return csv_file(f"figures-{code}", COLUMNS, _lines(page))


def _lines(page: FiguresPage) -> Iterator[list[Cell]]:
    for row in page.stages:
        if row.spread:
            yield ["days per stage", row.title, row.spread.count, None, float(row.spread.median), row.spread.ninetieth]
    counted: tuple[tuple[str, tuple[CountRow, ...]], ...] = (
        ("decisions", page.decisions),
        ("appeals", page.appeals),
        ("awards by level", page.levels),
        ("awards by income", page.incomes),
        ("awards by area", page.areas),
    )
    for table, rows in counted:
        yield from ([table, each.name, each.count, each.of, None, None] for each in rows)
