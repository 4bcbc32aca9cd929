"""Where commissioners begin: everything that the register offers to those who buy services or keep an eye on them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me
from app.queries.shortlists import own_lists
from app.queries.teams import own_teams
from app.web.account.tools import address_of
from app.web.commissioner import bp

MOST = 5


@bp.get("/commissioners")
@allow(Action.USE_PUBLIC_SITE)
def home() -> ResponseReturnValue:
    actor = me()
    return render_template(
        "commissioner/home.html",
        address_of=address_of,
        signed_in=actor.signed_in,
        lists=own_lists(actor)[:MOST] if actor.signed_in else (),
        teams=own_teams(actor)[:MOST] if actor.signed_in else (),
    )
