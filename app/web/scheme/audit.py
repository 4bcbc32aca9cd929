"""The scheme's audit trail."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me
from app.queries.history import AuditFilters, audit_trail
from app.web.intake import row_id
from app.web.scheme import bp
from app.web.scheme.pipeline import page_number, same_page_at


@bp.get("/schemes/<code>/audit")
@allow(Action.SEE_AUDIT)
def audit(code: str) -> ResponseReturnValue:
    """Who did what in the scheme, newest first."""
    filters = AuditFilters(
        case=request.args.get("case", type=row_id),
        person=request.args.get("person", "").strip()[:100],
        action=request.args.get("action", "")[:60],
    )
    page = audit_trail(code, filters, page_number(), actor=me())
    return render_template("scheme/audit.html", page=page, filters=filters, address=same_page_at)
