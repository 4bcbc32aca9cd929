"""The market map: cover and gaps by area and service, for commissioners and for everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.backends.geography import ICB, REGION, group_names
from app.domain.access import Action
from app.domain.charts import Axis
from app.domain.errors import NotFound
from app.domain.market import MONTHS, Tally, concentration_words
from app.domain.uk_time import uk_day
from app.edge.session import allow, now, today
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles
from app.queries.market import AreaRow, Asked, MarketPage, market_page, place_names
from app.web.public import bp
from app.web.public.known_parts import refuse_unknown, refuse_unknown_codes
from app.web.spreadsheets import Cell, csv_file

STEPS = (1, 2, 4, 10, 30)
"""From how many providers on a cell of the heat map is a step darker."""
CHOICES = ("service", "group", "place")
WIDEST = 14
"""The most parts of a place that stand side by side."""
WAIT = 120  # seconds, after which to ask again for what is being counted
COUNTS = ("providers", "taking_people_on_now", "with_waiting_list", "told_their_places", "places", "free_places")
ENDING = tuple(f"awards_ending_within_{months}_months" for months in MONTHS)
SHARES = ("largest_share_of_places", "herfindahl_index", "providers_with_half_of_places")


@bp.get("/market")
@allow(Action.USE_PUBLIC_SITE)
def market() -> ResponseReturnValue:
    if refused := _refused():
        return refused
    page = market_page(_asked(), today(), now())
    if page is None:
        return _later(render_template("public/market_later.html"))
    names = place_names()
    regions, boards = group_names(REGION), group_names(ICB)
    return render_template(
        "public/market.html",
        page=page,
        services=titles(SERVICES),
        groups=titles(CLIENT_GROUPS),
        regions=regions,
        boards=boards,
        councils={code: name for code, name in names.items() if code not in regions and code not in boards},
        step=lambda count: sum(count >= least for least in STEPS),
        steps=STEPS,
        wide=len(page.parts) <= WIDEST,
        heads=[(name, "number") for _, name in page.parts] if 1 < len(page.parts) <= WIDEST else [],
        months=MONTHS,
        axes=_axes(page.areas),
        concentration_words=concentration_words,
        rate=_rate,
        address=lambda **changes: _address(page.asked, **changes),
        search=lambda **more: _search(page.asked, **more),
        tables=("areas", "gaps") if page.asked.service else ("services", "matrix"),
    )


@bp.get("/market/<table>.csv")
@allow(Action.USE_PUBLIC_SITE)
def market_csv(table: str) -> ResponseReturnValue:
    """A table of the page as CSV, with the same choices: services, matrix, areas or gaps."""
    if refused := _refused():
        return refused
    page = market_page(_asked(), today(), now())
    if page is None:
        return _later("The market map is being counted for the first time. Try again in a few minutes.\n", "text/plain")
    columns, rows = _table(table, page)
    as_of = uk_day(page.as_of).isoformat()
    state = (as_of, page.asked.group or "everybody", page.asked.place or "United Kingdom")
    return csv_file(f"market-{table}", ("as_of", "group", "place", *columns), [(*state, *row) for row in rows])


def _refused() -> ResponseReturnValue | None:
    return refuse_unknown(*CHOICES) or refuse_unknown_codes(
        service=titles(SERVICES), group=titles(CLIENT_GROUPS), place=place_names()
    )


def _later(words: str, mimetype: str = "text/html") -> Response:
    return Response(words, 503, {"Retry-After": str(WAIT)}, mimetype=mimetype)


def _asked() -> Asked:
    given = request.args
    return Asked(given.get("service", ""), given.get("group", ""), given.get("place", ""))


def _address(asked: Asked, **changes: Any) -> str:
    """The address of this page, or of its `table`, with some choices changed."""
    table = changes.pop("table", None)
    known = {"service": asked.service, "group": asked.group, "place": asked.place, **changes}
    chosen = {key: value for key, value in known.items() if value}
    return url_for(".market_csv", table=table, **chosen) if table else url_for(".market", **chosen)


def _search(asked: Asked, place: str = "", service: str = "") -> str:
    """The address of the register's search for the same."""
    place = place or asked.place
    facet = "region" if place in group_names(REGION) else "icb" if place in group_names(ICB) else "area"
    chosen = {"service": service or asked.service, "group": asked.group, facet: place}
    status = ["awarded", "conditional", "provisional"]
    return url_for(".register", status=status, **{key: value for key, value in chosen.items() if value})


def _axes(areas: Sequence[AreaRow]) -> list[Axis]:
    """The providers of each area against the area that has most."""
    most = max((row.tally.providers for row in areas), default=0)
    return [
        Axis(row.name, Fraction(row.tally.providers, most) if most else Fraction(0), f"{row.tally.providers:,}")
        for row in areas
        if row.tally.providers
    ]


def _table(name: str, page: MarketPage) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """The columns and rows of a table. Raises NotFound for one that there is not."""
    asked, rows = page.asked, []
    if name == "services" and not asked.service:
        columns = ("service", "title", *COUNTS, *ENDING, *SHARES, "councils_without", "councils_with_one")
        rows = [(row.code, row.title, *_figures(row.tally), row.without, row.with_one) for row in page.services]
        return columns, rows
    if name == "matrix" and not asked.service:
        return ("service", "title", *(part for _, part in page.parts)), [
            (row.code, row.title, *row.parts) for row in page.services
        ]
    if name == "areas" and asked.service:
        columns = (
            "service",
            "area",
            "name",
            *COUNTS,
            *ENDING,
            *SHARES,
            "people",
            "year",
            "source",
            "places_per_1000_people",
        )
        return columns, [(asked.service, row.code, row.name, *_figures(row.tally), *_people(row)) for row in page.areas]
    if name == "gaps" and asked.service:
        gaps = [(asked.service, code, called, 0) for code, called in page.without]
        return ("service", "area", "name", "providers"), [
            *gaps,
            *((asked.service, code, called, 1) for code, called in page.with_one),
        ]
    raise NotFound("There is no such table for these choices. The market map leads to those that there are.")


def _figures(tally: Tally) -> tuple[Cell, ...]:
    counts = (tally.providers, tally.room, tally.waiting, tally.said, tally.places, tally.free)
    half = tally.half if tally.said else None
    return (*counts, *tally.ending, _decimal(tally.largest, 3), _decimal(tally.index, 4), half)


def _people(row: AreaRow) -> tuple[Cell, ...]:
    if row.people is None:
        return (None, None, None, None)
    return (row.people.count, row.people.year, row.people.source, _decimal(row.per_thousand, 2))


def _rate(value: Fraction) -> str:
    """A number per 1,000 for reading. What is there is never read as nothing."""
    return "under 0.1" if 0 < value < Fraction(1, 10) else f"{_decimal(value, 1):,}"


def _decimal(value: Fraction | None, digits: int) -> float | None:
    """A fraction rounded for reading, halves to even."""
    return None if value is None else float(round(value, digits))
