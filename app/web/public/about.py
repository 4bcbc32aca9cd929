"""What the service says about itself."""

from __future__ import annotations

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow
from app.web.public import bp


@bp.get("/open-data")
@allow(Action.USE_PUBLIC_SITE)
def open_data() -> ResponseReturnValue:
    return render_template("public/open_data.html", base_url=current_app.config["BASE_URL"])


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


@bp.get("/robots.txt")
@allow(Action.USE_PUBLIC_SITE)
def robots() -> ResponseReturnValue:
    return Response("User-agent: *\nDisallow: /sign-in\nDisallow: /account\n", mimetype="text/plain")
