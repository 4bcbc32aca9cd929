"""Needs that commissioners published: the list, and its feed."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.backends.postcodes import area_names
from app.domain.access import Action
from app.edge.session import allow, today
from app.queries import needs as queries
from app.queries.lists import SERVICES, titles
from app.web import atom
from app.web.atom import Feed, Item
from app.web.public import bp
from app.web.public.known_parts import refuse_unknown, refuse_unknown_codes

MOST_IN_FEED = 50
STATES = ("open", "closed")


@bp.get("/needs")
@allow(Action.USE_PUBLIC_SITE)
def needs() -> ResponseReturnValue:
    """Open ones, or with ?state=closed those that take no more answers; by service and council."""
    refused = refuse_unknown("service", "area", "state", "page")
    if refused := refused or refuse_unknown_codes(service=titles(SERVICES), area=area_names(), state=STATES):
        return refused
    chosen = {name: request.args.get(name, "")[:40] for name in ("service", "area", "state")}
    page = queries.needs_page(**chosen, page=request.args.get("page", 1, type=int), today=today())

    def address(**changes: object) -> str:
        return url_for(".needs", **{name: value for name, value in {**chosen, **changes}.items() if value})

    return render_template(
        "public/needs.html", page=page, chosen=chosen, address=address, turn=lambda number: address(page=number)
    )


@bp.get("/needs.atom")
@allow(Action.USE_PUBLIC_SITE)
def needs_feed() -> Response:
    items = tuple(
        Item(
            name=f"need/{row.need_id}",
            title=row.title,
            path=url_for("commissioner.need", need_id=row.need_id),
            updated=row.updated_at,
            published=row.published_at,
            words=f"{row.organisation} looks for {', '.join(row.services)} in {', '.join(row.areas)}. {row.status_words}.",
            author=row.organisation,
            category=row.status.value,
        )
        for row in queries.newest_needs(MOST_IN_FEED, today())
    )
    words = "What commissioners say they need. No tenders."
    return atom.respond(Feed("feed/needs", "Needs of commissioners", url_for(".needs"), items, "Touchstone", words))
