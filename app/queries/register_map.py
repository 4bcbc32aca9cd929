"""The results of a search of the register on a map: clusters of points, and who has none, by council."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.backends.geography import councils
from app.backends.ground import Ground
from app.backends.postcodes import Places
from app.backends.searching import AREA, Box, Query, Square
from app.domain.map_view import ACROSS, SPANS, TOP, View
from app.extensions import db
from app.models import RegisterEntry
from app.queries.register import RegisterPage, Search, query_of, search_register
from app.queries.register_index import current_index
from app.queries.register_results import SchemeFacts, schemes_now
from app.queries.register_rows import standing

MOST_LISTED = 20
MOST_COUNCILS = 6
METRES = 1_000


@dataclass(frozen=True, slots=True)
class Provider:
    """One of the list beside the map. `standing` is what its award is today, `scheme` "" where there is one alone, `spot` the number of its cluster."""

    slug: str
    name: str
    summary: str
    standing: str
    scheme: str
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
    """The map of a search, as of `today`: seven statements. No entry without a published address has a point on it."""
    page = search_register(search, places, today, most=6)
    query, _, _ = query_of(replace(search, page=1), places)
    index, schemes = current_index(), schemes_now()
    west, south, east, north = (each * METRES for each in view.box)
    shown = index.on_map(query, today, Box(west, south, east, north, view.width * METRES / ACROSS), MOST_LISTED)
    alone = [square.entry_id for square in shown.squares if square.count == 1]
    known = _entries({*alone, *(entry for entry, _ in shown.drawn)})
    near = ground.councils_in(view)[:MOST_COUNCILS] if view.span <= SPANS[2] else []
    return MapPage(
        page=page,
        view=view,
        spots=tuple(_spot(number, square, view, known) for number, square in enumerate(shown.squares)),
        listed=tuple(_provider(known[each], number, schemes, today) for each, number in shown.drawn if each in known),
        shown=sum(square.count for square in shown.squares),
        placed=shown.placed,
        unplaced=tuple(_unplaced(query, near, today)),
        names=tuple(ground.names(view)) if view.span <= SPANS[2] else (),
        councils=tuple(
            (councils()[code].name, found) for code in near if code in councils() and (found := ground.around((code,)))
        ),
    )


def _provider(entry: RegisterEntry, number: int, schemes: Mapping[int, SchemeFacts], today: date) -> Provider:
    told = standing(entry.status, entry.status_on, entry.expires_on, today).words
    scheme = schemes[entry.scheme_id].title if len(schemes) > 1 else ""
    return Provider(entry.slug, entry.name, entry.summary, f"{told}, {entry.level_title}", scheme, number)


def _spot(number: int, square: Square, view: View, known: dict[int, RegisterEntry]) -> Spot:
    count, east, north = square.count, square.easting / METRES, square.northing / METRES
    size = view.width / ACROSS
    radius = min(0.15 + 0.06 * len(str(count)) + 0.012 * min(count, 8), 0.5) * size
    x, y = (east, north) if count == 1 else (_kept_in(east, size, radius), _kept_in(north, size, radius))
    one = known.get(square.entry_id) if count == 1 else None
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
    chosen = query.filters.get(AREA)
    wanted = [code for code in codes if code in councils() and (not chosen or code in chosen)]
    counts = current_index().without_place(query, today, wanted) if wanted else {}
    return [Unplaced(councils()[code].name, code, counts[code]) for code in wanted if counts.get(code)]
