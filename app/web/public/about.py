"""What the service says about itself."""

from __future__ import annotations

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow
from app.queries.audit_chain import all_seals, published_seals
from app.queries.lives import lives
from app.web.public import bp


@bp.get("/accessibility")
@allow(Action.USE_PUBLIC_SITE)
def accessibility() -> ResponseReturnValue:
    return render_template("public/accessibility.html")


@bp.get("/privacy")
@allow(Action.USE_PUBLIC_SITE)
def privacy() -> ResponseReturnValue:
    return render_template("public/privacy.html")


@bp.get("/help")
@allow(Action.USE_PUBLIC_SITE)
def help() -> ResponseReturnValue:
    return render_template("public/help.html")


@bp.get("/how-a-case-moves")
@allow(Action.USE_PUBLIC_SITE)
def how_a_case_moves() -> ResponseReturnValue:
    """Every life as the tables of the rules say it."""
    return render_template("public/lives.html", lives=lives())


@bp.get("/seals")
@allow(Action.USE_PUBLIC_SITE)
def seals() -> ResponseReturnValue:
    """Where the audit trail ended on each day."""
    page = published_seals(request.args.get("page", 1, type=int))
    return render_template("public/seals.html", page=page, address=lambda number: url_for(".seals", page=number))


@bp.get("/seals.csv")
@allow(Action.USE_PUBLIC_SITE)
def seals_csv() -> ResponseReturnValue:
    """Every seal as day,row,hash: for whoever wants to keep them."""
    lines = ["day,row,hash", *(f"{seal.day},{seal.row_id},{seal.hash}" for seal in all_seals())]
    return Response("\r\n".join([*lines, ""]), mimetype="text/csv")
