"""Searching the register, and one provider's page."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app.domain.access import Action
from app.edge.backends import places
from app.edge.session import allow, now, today
from app.queries.register import (
    DEFAULT_MILES,
    FACETS,
    MILES,
    RegisterPage,
    Search,
    search_register,
)
from app.queries.register_entry import register_entry_page
from app.queries.register_rows import ENDED
from app.web.public import bp

FACET_TITLES = {
    "service": "Service",
    "group": "Who it is for",
    "level": "Level",
    "area": "Council area",
    "status": "Status",
    "scheme": "Scheme",
}
SHOWN_AT_FIRST = 8
LONGEST = 200


@bp.get("/")
@bp.get("/register")
@allow(Action.USE_PUBLIC_SITE)
def register() -> ResponseReturnValue:
    page = search_register(search_from(request.args), places(), today())
    return render_template(
        "public/register.html",
        page=page,
        miles=MILES,
        facet_titles=FACET_TITLES,
        shown_at_first=SHOWN_AT_FIRST,
        address=lambda **changes: address(page.search, **changes),
        turn=lambda number: address(page.search, page=number if number > 1 else None),
        advice=_advice(page),
    )


def search_from(arguments: MultiDict[str, str]) -> Search:
    """The search that an address asks for. What cannot be understood is left out, so that a cut link still works."""
    miles = arguments.get("miles", DEFAULT_MILES, type=int)
    chosen = {facet: frozenset(code[:40] for code in arguments.getlist(facet)[:50] if code) for facet in FACETS}
    return Search(
        words=arguments.get("q", "")[:LONGEST].strip(),
        near=arguments.get("near", "")[:LONGEST].strip(),
        miles=miles if miles in MILES else DEFAULT_MILES,
        chosen={facet: codes for facet, codes in chosen.items() if codes},
        ended=arguments.get("ended") == "yes",
        sort=arguments.get("sort", ""),
        page=arguments.get("page", 1, type=int),
    )


def address(search: Search, **changes: Any) -> str:
    """The address of the same search with some things changed: q, near, miles, page, sort, ended or a facet's codes."""
    known: dict[str, Any] = {
        "q": search.words,
        "near": search.near,
        "miles": search.miles if search.near else None,
        "sort": search.sort,
        "ended": "yes" if search.ended else None,
        **{facet: sorted(codes) for facet, codes in search.chosen.items()},
        **changes,
    }
    return url_for("public.register", **{key: value for key, value in known.items() if value})


def _advice(page: RegisterPage) -> list[tuple[str, str]]:
    """What to try when nothing was found: words and the address."""
    search = page.search
    ideas: list[tuple[str, str]] = []
    if page.place and search.miles < MILES[-1]:
        ideas.append((f"Look within {MILES[-1]} miles", address(search, miles=MILES[-1])))
    for facet in search.chosen:
        ideas.append((f"Take away the choice of {FACET_TITLES[facet].lower()}", address(search, **{facet: None})))
    if not search.ended and not search.chosen.get("status"):
        ideas.append(("Look among approvals that have ended too", address(search, ended="yes")))
    if search.words:
        ideas.append(("Search without the words", address(search, q=None)))
    return ideas


@bp.get("/register/<slug>")
@allow(Action.USE_PUBLIC_SITE)
def entry(slug: str) -> ResponseReturnValue:
    page = register_entry_page(slug, today())
    ended = page.entry.standing.status in ENDED
    return render_template("public/entry.html", page=page, ended=ended, now=now())
