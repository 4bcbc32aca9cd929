"""A published edition for other programs. Anyone may take it."""

from __future__ import annotations

from pathlib import Path

from flask import current_app, make_response, request
from flask.typing import ResponseReturnValue

from app.backends.made import MadeFiles, makers
from app.domain.access import Action
from app.edge.session import allow
from app.frameworks.oscal_export import as_json, catalog
from app.queries.handbooks import Published, published
from app.web.public import bp

APP = Path(__file__).resolve().parents[2]
MADE_BY = (APP / "frameworks", APP / "domain")


@bp.get("/standards/<framework>/<edition>/oscal.json")
@allow(Action.USE_PUBLIC_SITE)
def oscal_json(framework: str, edition: str) -> ResponseReturnValue:
    """The edition as an OSCAL catalog, in one language. The same edition gives the same catalog, to the byte."""
    page = published(framework, edition, request.args.get("language", ""))
    response = make_response(_catalog(page))
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{page.name}-oscal-{page.language}.json"'
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(request)


def _catalog(page: Published) -> bytes:
    """The catalog, made once: that of the largest framework takes seconds, and anybody may ask for it."""
    key = "\n".join(("oscal", page.name, page.sha256, page.language, page.published_at.isoformat(), makers(*MADE_BY)))
    files = MadeFiles(Path(current_app.config["INSTANCE_DIR"]) / "made")
    return files.get(key, lambda: as_json(catalog(page.framework, page.language, page.published_at)).encode())
