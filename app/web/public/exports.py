"""A published edition for other programs. Anyone may take it."""

from __future__ import annotations

from flask import make_response, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow
from app.frameworks.oscal_export import as_json, catalog
from app.queries.handbooks import published
from app.web.public import bp


@bp.get("/standards/<framework>/<edition>/oscal.json")
@allow(Action.USE_PUBLIC_SITE)
def oscal_json(framework: str, edition: str) -> ResponseReturnValue:
    """The edition as an OSCAL catalog, in one language. The same edition gives the same catalog, to the byte."""
    page = published(framework, edition, request.args.get("language", ""))
    response = make_response(as_json(catalog(page.framework, page.language, page.published_at)))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{page.name}-oscal-{page.language}.json"'
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)
