"""Searching the register: its page, what it suggests, and all choices of a filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.backends.search_draw import Draw
from app.backends.searching import Reach, Sort
from app.domain.access import Action
from app.domain.errors import Invalid, NotFound
from app.edge.backends import places
from app.edge.kept_answers import same_for_all
from app.edge.session import allow, today
from app.queries.register import MILES, Choice, RegisterPage, Search, no_word, search_register
from app.queries.register_facets import FACET_TITLES
from app.queries.register_index import current_index
from app.queries.register_results import results_state
from app.web.public import bp
from app.web.public.register_address import (
    LONGEST,
    Asked,
    Refused,
    address,
    parameters,
    read_address,
    search_from,
    shorter,
    unknown_of_edition,
    written,
)
from app.web.public.register_marks import marks_of

__all__ = ["search_from"]

SHOWN_AT_FIRST = 4
OPEN_AT_FIRST = ("service", "availability", "group", "area")
SHOWN_CLOSED = 3
"""Of a filter that is closed, where there are more than SHOWN_AT_FIRST: most never open it."""
SUGGESTED = 8
SORT_WORDS = {
    Sort.RELEVANCE: "Most relevant",
    Sort.DISTANCE: "Nearest",
    Sort.NAME: "Name",
    Sort.NEWEST: "Newest",
}
REACH_WORDS = {
    Reach.EITHER: "Based near or working there",
    Reach.BASED: "Based near",
    Reach.SERVED: "Working there",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """What is chosen, in words, and the address of the search without it."""

    words: str
    url: str


@bp.get("/")
@bp.get("/register")
@allow(Action.USE_PUBLIC_SITE)
def register() -> ResponseReturnValue:
    asked = read_address(request.args)
    if asked.refused:
        return refusal(asked)
    short = shorter(request.args, asked.search) if not asked.cut else None
    if short is not None:
        return redirect(short)
    try:
        same_for_all(results_state)
        return _results(asked)
    except Invalid as unknown:
        return unknown_codes(asked, unknown)


def _results(asked: Asked) -> tuple[str, int]:
    """The page and its status. Raises Invalid for a level or scheme that there is not."""
    page = search_register(asked.search, places(), today(), SHOWN_AT_FIRST)
    return render_template("public/register.html", **_shown(page, asked)), 404 if page.beyond else 200


def _shown(page: RegisterPage, asked: Asked) -> dict[str, Any]:
    """What the page of results is drawn from."""
    search = page.search
    shared, looks, marks = marks_of(page.rows)
    return {
        "page": page,
        "miles": MILES,
        "reaches": {reach.value: words for reach, words in REACH_WORDS.items()},
        "filters": _filters(page),
        "address": lambda **changes: address(search, **changes),
        "turn": lambda number: address(search, page=number if number > 1 else None),
        "all_of": lambda facet: written(url_for(".register_choices", facet=facet), parameters(search)),
        "chips": _chips(page),
        "sorts": _sorts(page),
        "advice": _advice(page),
        "shared": shared,
        "looks": looks,
        "marks": marks,
        "asked_path": written("", parameters(search)),
        "map_url": written(url_for(".register_map"), parameters(search)),
        "no_word": no_word(search),
        "too_long": f"That is {asked.cut:,} characters. We searched for the first {LONGEST}." if asked.cut else "",
    }


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter beside the results: what it offers, and how many more choices there are."""

    facet: str
    title: str
    opened: bool
    choices: tuple[Choice, ...]
    more: int


def _filters(page: RegisterPage) -> list[Filter]:
    """Those that have something to choose. One that is closed has nothing chosen, so that nothing chosen is left out."""
    found = []
    for facet, title in FACET_TITLES.items():
        choices, more = page.facets[facet], page.more[facet]
        idle = facet == "scheme" and page.schemes <= 1 and facet not in page.search.chosen
        if idle or not choices:
            continue
        opened = facet in OPEN_AT_FIRST or facet in page.search.chosen
        if more and not opened:
            choices, more = choices[:SHOWN_CLOSED], more + len(choices[SHOWN_CLOSED:])
        found.append(Filter(facet, title, opened, choices, more))
    return found


def refusal(asked: Asked) -> ResponseReturnValue:
    """The address has a part that is not known. Never everything instead: somebody would take it for the answer."""
    hints = [
        (each, [(words, address(asked.search, **changes)) for words, changes in each.hints]) for each in asked.refused
    ]
    without = address(_without(asked.search, asked.refused))
    return render_template("public/register_refused.html", hints=hints, without=without, search=asked.search), 400


def unknown_codes(asked: Asked, unknown: Invalid) -> ResponseReturnValue:
    """The same for levels and schemes that the database does not know."""
    asked.refused = unknown_of_edition(unknown.errors.items())
    return refusal(asked)


def _without(search: Search, refused: list[Refused]) -> Search:
    """The search less the levels and schemes, where it was those that are not known."""
    if not any(each.sentence.startswith("We know no") for each in refused):
        return search
    return Search(
        **{**_fields(search), "chosen": {f: c for f, c in search.chosen.items() if f not in ("level", "scheme")}}
    )


def _fields(search: Search) -> dict[str, Any]:
    return {name: getattr(search, name) for name in search.__dataclass_fields__}


def _chips(page: RegisterPage) -> list[Chip]:
    """Everything that is chosen, each to be removed alone."""
    search, found = page.search, []
    for facet, codes in search.chosen.items():
        titles = {choice.code: choice.title for choice in page.facets[facet]}
        for code in sorted(codes, key=lambda each: titles.get(each, each)):
            rest = sorted(codes - {code})
            found.append(Chip(titles.get(code, code), address(search, **{facet: rest})))
    if search.ended:
        found.append(Chip("Ended approvals too", address(search, ended=None)))
    if page.wide or page.place:
        label = page.wide.label if page.wide else page.place.label if page.place else ""
        found.append(Chip(f"Near {label}" if page.place else label, address(search, near=None, miles=None, reach=None)))
    return found


def _sorts(page: RegisterPage) -> list[tuple[str, str | None]]:
    """Words and address of each order that makes sense here; the present one without an address."""
    search, found = page.search, []
    usual = Sort.DISTANCE if page.place else Sort.RELEVANCE
    for sort, words in SORT_WORDS.items():
        if sort is Sort.DISTANCE and not page.place:
            continue
        if sort is Sort.RELEVANCE and not search.words:
            words = "Drawn each day"
        found.append(
            (words, None if sort is page.order else address(search, sort=None if sort is usual else sort.value))
        )
    return found


def _advice(page: RegisterPage) -> list[tuple[str, int, str]]:
    """What to ask less for when nothing was found: words, how many there would be, and the address."""
    search = page.search
    no_words = {"q": None, "exact": None}
    no_place = {"near": None, "miles": None, "reach": None}
    no_filter = dict.fromkeys(search.chosen)
    words: dict[str, tuple[str, dict[str, Any]]] = {
        "miles": (f"Look within {MILES[-1]} miles", {"miles": MILES[-1]}),
        "words": ("Search without the words", no_words),
        "near": ("Look everywhere", no_place),
        "ended": ("Look among approvals that have ended too", {"ended": "yes"}),
        "only-words": ("Keep only the words", no_place | no_filter),
        "only-near": ("Keep only the place", no_words | no_filter),
        "only-filters": ("Keep only the filters", no_words | no_place),
    }
    ideas = []
    for looser in page.loosen:
        said, changes = words.get(looser.kind) or (_any(looser.kind), {looser.kind: None})
        ideas.append((said, looser.count, address(search, **changes)))
    return ideas


def _any(facet: str) -> str:
    return f"Remove the filter “{FACET_TITLES[facet]}”"


@bp.get("/register/choices/<facet>")
@allow(Action.USE_PUBLIC_SITE)
def register_choices(facet: str) -> ResponseReturnValue:
    """Every choice of one filter, counted for the search: the page behind "all", and what the script puts in its place."""
    if facet not in FACET_TITLES:
        raise NotFound("There is no filter of that name.")
    asked = read_address(request.args)
    if asked.refused:
        return refusal(asked)
    same_for_all(results_state)
    try:
        page = search_register(asked.search, places(), today())
    except Invalid as unknown:
        return unknown_codes(asked, unknown)
    kept = [(key, each) for key, value in parameters(asked.search, **{facet: None}).items() for each in _listed(value)]
    return render_template(
        "public/register_choices.html",
        facet=facet,
        title=FACET_TITLES[facet],
        choices=sorted(page.facets[facet], key=lambda choice: choice.title.casefold()),
        kept=kept,
        back=address(asked.search),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@bp.get("/register/suggest")
@allow(Action.USE_PUBLIC_SITE)
def register_suggest() -> ResponseReturnValue:
    """What may be meant by what is typed so far, as JSON: of words with `q`, of places with `near`."""
    same_for_all(results_state)
    near = request.args.get("near", "")[:LONGEST].strip()
    if near:
        found = [{"words": words, "count": None} for words in places().beginning(near, SUGGESTED)]
    else:
        typed = request.args.get("q", "")[:LONGEST]
        suggested = current_index().suggest(typed, today(), SUGGESTED) if typed.strip() else ()
        found = [
            {"words": each.words, "count": each.count, "kind": each.kind} for each in suggested if each.kind != "area"
        ]
    response = jsonify(found)
    response.cache_control.public, response.cache_control.max_age = True, 60
    return response


@bp.get("/register/how-results-are-ordered")
@allow(Action.USE_PUBLIC_SITE)
def how_results_are_ordered() -> ResponseReturnValue:
    return render_template("public/how_results_are_ordered.html", draw=Draw.of(today()), today=today())
