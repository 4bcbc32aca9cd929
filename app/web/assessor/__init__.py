"""Pages of the assessor: the cases assigned, the declaration, scoring, questions, the recommendation."""

from flask import Blueprint

bp = Blueprint("assessor", __name__)

from app.web.assessor import (  # noqa: E402, F401
    findings,
    notes,
    reconciling,
    recusal,
    requests,
    routes,
    visit_notes,
    visit_sheet,
    visits,
)
