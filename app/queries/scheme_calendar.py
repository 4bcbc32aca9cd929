"""A scheme's month: visits, panels, due dates, surveillance and what ends, day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from app.domain.access import Action, Actor
from app.extensions import db
from app.queries.dated_things import DatedThing, dated_things
from app.queries.schemes import SchemeRow, office_scheme
from app.queries.subjects import is_open_to

FIRST_YEAR, LAST_YEAR = 2000, 2200
A_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class CalendarPage:
    """One month. `days` pair each day that has something with what it has; `before` and `after` are the months around."""

    scheme: SchemeRow
    month: date
    days: tuple[tuple[date, tuple[DatedThing, ...]], ...]
    count: int
    before: date
    after: date


def scheme_calendar(code: str, month: date, *, actor: Actor) -> CalendarPage:
    """The month in which `month` lies. A fixed number of statements. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    first = month.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    things = dated_things(scheme.scheme_id, first, after - timedelta(days=1), open_=is_open_to(db.session(), actor))
    return CalendarPage(
        scheme=scheme,
        month=first,
        days=tuple((day, tuple(found)) for day, found in groupby(things, key=lambda each: each.on)),
        count=len(things),
        before=(first - timedelta(days=1)).replace(day=1),
        after=after,
    )


def year_ahead(code: str, *, actor: Actor, today: date) -> tuple[SchemeRow, tuple[DatedThing, ...]]:
    """Everything dated in the year from `today`, for a calendar program. Raises NotFound, NotAllowed."""
    scheme = office_scheme(code, actor, Action.SEE_PIPELINE)
    return scheme, dated_things(scheme.scheme_id, today, today + A_YEAR, open_=is_open_to(db.session(), actor))


def month_of(words: str, otherwise: date) -> date:
    """The first day of a month written as 2026-11; that of `otherwise` where it is no month."""
    try:
        found = datetime.strptime(words, "%Y-%m").date()  # noqa: DTZ007  # a month has no time zone
    except ValueError:
        return otherwise.replace(day=1)
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else otherwise.replace(day=1)
