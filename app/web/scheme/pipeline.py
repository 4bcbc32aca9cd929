"""The pipeline: every case of a scheme, what is late first."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me, today
from app.queries.pipeline import Filters
from app.queries.pipeline import pipeline as pipeline_page
from app.queries.schemes import office_schemes
from app.web.intake import row_id
from app.web.scheme import bp


@bp.get("/schemes")
@bp.get("/schemes/<code>/pipeline")
@allow(Action.SEE_PIPELINE)
def pipeline(code: str | None = None) -> ResponseReturnValue:
    """Cases in order of urgency. Without a code: the one scheme of one's office, or a choice where there are several."""
    if code is None:
        schemes = office_schemes(me())
        if len(schemes) == 1:
            return redirect(url_for(".pipeline", code=schemes[0].code))
        return render_template("scheme/schemes.html", schemes=schemes)
    filters = Filters(
        state=request.args.get("state", "open"),
        assessor=request.args.get("assessor", type=row_id),
        words=request.args.get("q", "").strip()[:100],
    )
    page = pipeline_page(code, filters, page_number(), actor=me(), today=today())
    return render_template("scheme/pipeline.html", page=page, filters=filters, address=same_page_at)


def page_number() -> int:
    """The page asked for, from 1; 1 where the address says nothing sensible."""
    number = request.args.get("page", 1, type=int)
    return min(max(number, 1), 100_000)


def same_page_at(number: int | None = None, **changes: str | int | None) -> str:
    """This page's address with another page number, or with other filters and back on page 1."""
    given: dict[str, str | int | None] = {**request.args.to_dict(), "page": number, **changes}
    kept = {key: value for key, value in given.items() if value not in (None, "")}
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **kept})
