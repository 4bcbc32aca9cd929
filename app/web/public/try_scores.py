"""Trying scores on a published edition: anyone may, and nothing is kept."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow
from app.queries.sandbox import published_framework
from app.web.public import bp
from app.web.sandbox import Place, answer


@bp.route("/standards/<framework>/<edition>/try", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def try_scores(framework: str, edition: str) -> ResponseReturnValue:
    known = published_framework(framework, edition)
    named = {"framework": framework, "edition": edition}
    back = f"{known.title} {known.edition}"
    steps = [("Standards", url_for(".standards")), (back, url_for(".edition", **named)), ("Try scores", None)]
    return answer(known, Place("public/try_scores.html", ".try_scores", named, {"steps": steps}))
