"""The shortlist of somebody without an account: the browser keeps it, the address names it, this page draws it."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.choosing import MOST_COMPARED
from app.edge.session import allow, me, today
from app.queries.chosen_providers import chosen_providers
from app.web.account.tools import address_of
from app.web.commissioner import bp
from app.web.commissioner.compare import asked

MOST_IN_BROWSER = 50
"""So many fit into an address. Lists on the server hold more."""


@bp.get("/shortlist")
@allow(Action.USE_PUBLIC_SITE)
def shortlist() -> ResponseReturnValue:
    listed = asked(MOST_IN_BROWSER)
    removed = chosen_providers([request.args.get("removed", "")[:120]], today())
    return render_template(
        "commissioner/shortlist.html",
        listed=listed,
        ended=[each for each in listed.providers if not each.entry.standing.approved],
        removed=removed[0] if removed and removed[0].slug not in listed.slugs else None,
        most=MOST_IN_BROWSER,
        most_compared=MOST_COMPARED,
        without=lambda slug: url_for(".shortlist", p=[each for each in listed.slugs if each != slug], removed=slug),
        again=lambda slug: url_for(".shortlist", p=[*listed.slugs, slug]),
        address_of=address_of,
        signed_in=me().signed_in,
    )
