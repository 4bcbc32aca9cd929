"""The results of a search on a map that needs nobody else's tiles: drawn here, and read without script."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.backends.geography import REGION, councils_of, group_names
from app.backends.ground import Ground
from app.domain.access import Action
from app.domain.errors import Invalid, NotFound
from app.domain.map_view import WHOLE, View, read_view
from app.edge.backends import ground, places
from app.edge.kept_answers import same_for_all
from app.edge.session import allow, today
from app.queries.register import MILES, Search, no_word
from app.queries.register_map import map_page
from app.queries.register_results import results_state
from app.web.public import bp
from app.web.public.register import REACH_WORDS, refusal, unknown_codes
from app.web.public.register_address import Refused, parameters, read_address, shorter, written

DIRECTIONS = (("North", 0, 1), ("West", -1, 0), ("East", 1, 0), ("South", 0, -1))


@bp.get("/register/map")
@allow(Action.USE_PUBLIC_SITE)
def register_map() -> ResponseReturnValue:
    arguments = MultiDict((key, value) for key, value in request.args.items(multi=True) if key != "at")
    asked = read_address(arguments)
    view = read_view(request.args.get("at", ""))
    if view is None:
        asked.refused.append(Refused("“at” says which part of the map is shown, such as 347,461,80."))
    if asked.refused or view is None:
        return refusal(asked)
    if shorter(arguments, asked.search) is not None:
        return redirect(_address(asked.search, view))
    same_for_all(results_state)
    try:
        land = _ground()
        view = _first_view(view, asked.search, land)
        shown = map_page(asked.search, places(), land, view, today())
    except Invalid as unknown:
        return unknown_codes(asked, unknown)
    return render_template(
        "public/register_map.html",
        map=shown,
        no_word=no_word(asked.search),
        page=shown.page,
        miles=MILES,
        reaches={reach.value: words for reach, words in REACH_WORDS.items()},
        address=lambda **changes: written(url_for(".register_map"), parameters(asked.search, **changes)),
        to=lambda other: _address(asked.search, other),
        list_url=written(url_for(".register"), parameters(asked.search)),
        kept=_kept(asked.search),
        whole=WHOLE,
        ways=[(words, view.moved(east, north)) for words, east, north in DIRECTIONS],
        regions=[(name, code) for code, name in group_names(REGION).items()],
        region_url=lambda code: written(url_for(".register_map_region", code=code), parameters(asked.search)),
        list_of=lambda code: written(url_for(".register"), parameters(asked.search, area=[code], near=None)),
    )


def _kept(search: Search) -> list[tuple[str, Any]]:
    """What the form of the map does not ask, and keeps."""
    parts = parameters(search, q=None, near=None, miles=None, reach=None)
    return [(name, each) for name, value in parts.items() for each in (value if isinstance(value, list) else [value])]


def _first_view(view: View, search: Search, land: Ground) -> View:
    """Where the address names no part of the map, the place that it looks near, or the area that it chose."""
    if "at" in request.args:
        return view
    located = places().look_up(search.near) if search.near else None
    if located and located.place:
        return View(located.place.easting // 1_000, located.place.northing // 1_000, 80 if search.miles <= 20 else 200)
    codes = tuple(located.wide.councils) if located and located.wide else tuple(search.chosen.get("area", ()))
    codes = codes or tuple(code for region in search.chosen.get("region", ()) for code in councils_of(region))
    return (land.around(codes) if codes else None) or view


def _ground() -> Ground:
    try:
        return ground()
    except (sqlite3.Error, OSError):
        abort(503, "The map is not ready on this installation. The list of results has everything.")


def _address(search: Search, view: View) -> str:
    return written(url_for(".register_map"), {**parameters(search), "at": view.text})


@bp.get("/register/map/region/<code>")
@allow(Action.USE_PUBLIC_SITE)
def register_map_region(code: str) -> ResponseReturnValue:
    """The map of a region, for the same search."""
    view = _ground().around(councils_of(code))
    if view is None or code not in group_names(REGION):
        raise NotFound("There is no region of that code.")
    asked = read_address(request.args)
    return refusal(asked) if asked.refused else redirect(_address(asked.search, view))


@bp.get("/register/map/ground.svg")
@allow(Action.USE_PUBLIC_SITE)
def register_map_ground() -> Response:
    """What lies under the points: the same for everybody and every day."""
    view = read_view(request.args.get("at", "")) or WHOLE
    response = Response(_ground().drawing(view), mimetype="image/svg+xml")
    response.cache_control.public, response.cache_control.max_age = True, 86_400
    return response
