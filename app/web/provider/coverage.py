"""How far an organisation's evidence, given once, covers every other framework."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me, today
from app.queries.coverage import coverage_page
from app.queries.evidence_trouble import trouble_in
from app.web.provider import bp


@bp.get("/organisations/<int:organisation_id>/coverage")
@allow(Action.SEE_ORGANISATION)
def coverage(organisation_id: int) -> ResponseReturnValue:
    page = coverage_page(organisation_id, me())
    return render_template("provider/coverage.html", page=page, troubled=trouble_in(organisation_id, today()))
