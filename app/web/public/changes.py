"""What changed in a published edition, for anybody to read."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow
from app.queries.compare import public_changes
from app.web.public import bp


@bp.get("/standards/<framework>/<edition>/changes")
@allow(Action.USE_PUBLIC_SITE)
def edition_changes(framework: str, edition: str) -> ResponseReturnValue:
    page = public_changes(framework, edition, request.args.get("since") or None)
    return render_template("public/changes.html", page=page)
