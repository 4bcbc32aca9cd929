"""Everything on one page, to read and to print: what is asked, and what was answered."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me, today
from app.queries import in_full as queries
from app.web.provider import bp


@bp.get("/organisations/<int:organisation_id>/frameworks/<int:edition_id>/in-full")
@allow(Action.SEE_ORGANISATION)
def framework_in_full(organisation_id: int, edition_id: int) -> ResponseReturnValue:
    level, part = request.args.get("level"), request.args.get("part")
    page = queries.framework_in_full(organisation_id, edition_id, level, part, me())
    return render_template("provider/framework_in_full.html", page=page)


@bp.get("/applications/<int:application_id>/in-full")
@allow(Action.SEE_APPLICATION)
def application_in_full(application_id: int) -> ResponseReturnValue:
    page = queries.application_in_full(application_id, request.args.get("part"), me(), today())
    return render_template("provider/application_in_full.html", page=page)
