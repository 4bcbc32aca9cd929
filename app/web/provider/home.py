"""Where a provider's people begin: next things to do, or the first step of a newcomer."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me, person, today
from app.queries.provider_home import home_page, my_organisations
from app.queries.to_do import things_to_do
from app.web.provider import bp
from app.web.provider.words import STATUS_COLOURS, STATUS_WORDS
from app.web.to_do import listed


@bp.get("/provider")
@allow(Action.USE_ACCOUNT)
def home() -> ResponseReturnValue:
    rows = my_organisations(me())
    if len(rows) == 1:
        return redirect(url_for(".organisation", organisation_id=rows[0].organisation_id))
    known = person()
    return render_template("provider/home.html", rows=rows, confirmed=bool(known and known.confirmed))


@bp.get("/organisations/<int:organisation_id>")
@allow(Action.SEE_ORGANISATION)
def organisation(organisation_id: int) -> ResponseReturnValue:
    page = home_page(organisation_id, me(), today())
    return render_template(
        "provider/organisation.html",
        page=page,
        things=listed(things_to_do(me(), today(), organisation_id), today()),
        status_words=STATUS_WORDS,
        status_colours=STATUS_COLOURS,
    )
