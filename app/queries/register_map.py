"""The results of a search of the register on a map: clusters of points, and who has none, by council."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.backends.geography import councils
from app.backends.ground import Ground
from app.backends.postcodes import Places
from app.backends.search_draw import Draw
from app.backends.searching import AREA, Query
from app.domain.map_view import ACROSS, SPANS, TOP, View
from app.extensions import db
from app.models import RegisterEntry
from app.queries.register import RegisterPage, Search, query_of, search_register
from app.queries.register_index import current_index

MOST_POINTS = 250_000
MOST_LISTED = 20
MOST_NAMED = 120
MOST_COUNCILS = 6
METRES = 1_000


@dataclass(frozen=True, slots=True)
class Provider:
    """One of the list beside the map. `standing` is what its page says of it; `spot` the number of its cluster."""

    slug: str
    name: str
    summary: str
    spot: int


@dataclass(frozen=True, slots=True)
class Spot:
    """Entries that lie close together, as one point: x and y in kilometres on the drawing, and its radius.

    A spot of one has that entry's `slug` and `name`. `view` is what it opens, None where it is as near as can be.
    """

    number: int
    x: float
    y: float
    radius: float
    count: int
    slug: str = ""
    name: str = ""
    council: str = ""
    view: View | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """How many providers work in a council and publish no address."""

    council: str
    code: str
    count: int


@dataclass(frozen=True)
class MapPage:
    """A map. `page` is the search as on the page of results; `shown` how many points are in sight, of `placed` in all."""

    page: RegisterPage
    view: View
    spots: tuple[Spot, ...]
    listed: tuple[Provider, ...]
    shown: int
    placed: int
    unplaced: tuple[Unplaced, ...]
    names: tuple[tuple[str, str, float, float], ...]
    councils: tuple[tuple[str, View], ...]

    @property
    def without(self) -> int:
        """How many of all results publish no address."""
        return max(self.page.total - self.placed, 0)


def map_page(search: Search, places: Places, ground: Ground, view: View, today: date) -> MapPage:
    """The map of a search, as of `today`: six statements. No entry without a published address has a point on it."""
    page = search_register(search, places, today, most=6)
    query, _, _ = query_of(replace(search, page=1), places)
    index = current_index()
    points = list(zip(*index.points(query, today, MOST_POINTS), strict=True))
    west, south, east, north = (each * METRES for each in view.box)
    inside = [each for each in points if west <= each[1] <= east and south <= each[2] <= north]
    groups = _clusters(inside, view)
    draw = Draw.of(today)
    listed = sorted((entry for entry, _, _ in inside), key=draw.lots)[:MOST_LISTED]
    alone = [group[0][0] for group in groups if len(group) == 1][:MOST_NAMED]
    known = _entries({*listed, *alone})
    spots = tuple(_spot(number, group, view, known) for number, group in enumerate(groups))
    spot_of = {entry: number for number, group in enumerate(groups) for entry, _, _ in group}
    near = ground.councils_in(view)[:MOST_COUNCILS] if view.span <= SPANS[2] else []
    return MapPage(
        page=page,
        view=view,
        spots=spots,
        listed=tuple(
            Provider(known[each].slug, known[each].name, known[each].summary, spot_of[each])
            for each in listed
            if each in known
        ),
        shown=len(inside),
        placed=len(points),
        unplaced=tuple(_unplaced(query, near, today)),
        names=tuple(ground.names(view)) if view.span <= SPANS[2] else (),
        councils=tuple(
            (councils()[code].name, found) for code in near if code in councils() and (found := ground.around((code,)))
        ),
    )


def _clusters(points: Sequence[tuple[int, int, int]], view: View) -> list[list[tuple[int, int, int]]]:
    """Points of one square of the view, the fullest square first."""
    side = view.width * METRES / ACROSS
    squares: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for point in points:
        squares.setdefault((int(point[1] // side), int(point[2] // side)), []).append(point)
    return sorted(squares.values(), key=lambda group: (-len(group), group[0]))


def _spot(number: int, group: Sequence[tuple[int, int, int]], view: View, known: dict[int, RegisterEntry]) -> Spot:
    count = len(group)
    east = sum(point[1] for point in group) / count / METRES
    north = sum(point[2] for point in group) / count / METRES
    size = view.width / ACROSS
    radius = min(0.15 + 0.06 * len(str(count)) + 0.012 * min(count, 8), 0.5) * size
    x, y = (east, north) if count == 1 else (_kept_in(east, size, radius), _kept_in(north, size, radius))
    one = known.get(group[0][0]) if count == 1 else None
    nearer = view.near(east, north) if view.span != SPANS[-1] else None
    return Spot(
        number,
        round(x, 2),
        round(TOP - y, 2),
        round(radius, 2),
        count,
        one.slug if one else "",
        one.name if one else "",
        councils()[one.area_code].name if one and one.area_code in councils() else "",
        nearer,
    )


def _kept_in(at: float, size: float, radius: float) -> float:
    """Near `at`, so far within its square that the circles of two squares never cover each other."""
    start = at // size * size
    return min(max(at, start + radius), start + size - radius)


def _entries(ids: set[int]) -> dict[int, RegisterEntry]:
    found = db.session.scalars(select(RegisterEntry).where(RegisterEntry.id.in_(ids)))
    return {entry.id: entry for entry in found}


def _unplaced(query: Query, codes: Sequence[str], today: date) -> list[Unplaced]:
    """Those without an address in each council: who works there, less who of them has a point."""
    index, found = current_index(), []
    chosen = query.filters.get(AREA)
    for code in codes:
        if code not in councils() or (chosen and code not in chosen):
            continue
        there = replace(query, filters={**query.filters, AREA: frozenset({code})}, limit=1, offset=0, facets=())
        count = index.search(there, today).total - len(index.points(there, today, MOST_POINTS)[0])
        if count > 0:
            found.append(Unplaced(councils()[code].name, code, count))
    return found
