"""The visit sheet: the page, how its fields stand, and the service worker that serves the page without a connection."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Response, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.domain.access import Action
from app.domain.confidence import WORDS, Confidence
from app.domain.lifecycle import AssessmentStatus
from app.edge.session import allow, me, today
from app.queries.assess_sheet import sheet_page, sheet_state
from app.queries.assessment_basics import status_of
from app.web.assessor import bp
from app.web.assessor.forms import scale_labels
from app.web.assets import send_asset

SHEET = "/assessments/<int:assessment_id>/visit-sheet"
DRAWN_WITH = (
    "touchstone.css",
    "touchstone.js",
    "visit-sheet.js",
    "mark.svg",
    "fonts/atkinson-hyperlegible-latin-400-normal.woff2",
    "fonts/atkinson-hyperlegible-latin-700-normal.woff2",
    "fonts/source-serif-4-latin-400-normal.woff2",
    "fonts/source-serif-4-latin-600-normal.woff2",
)


@bp.get(SHEET)
@allow(Action.ASSESS)
def visit_sheet(assessment_id: int) -> ResponseReturnValue:
    if status_of(assessment_id, me()) in {AssessmentStatus.ASSIGNED, AssessmentStatus.DECLINED}:
        return redirect(url_for(".declare", assessment_id=assessment_id))
    page = sheet_page(assessment_id, me(), today())
    asset_url = current_app.jinja_env.globals["asset_url"]
    return render_template(
        "assessor/visit_sheet.html",
        page=page,
        labels=scale_labels,
        confidences=[(each.value, WORDS[each]) for each in Confidence],
        assets=json.dumps([asset_url(name) for name in DRAWN_WITH]),
    )


@bp.get(f"{SHEET}/state")
@allow(Action.ASSESS)
def visit_sheet_state(assessment_id: int) -> ResponseReturnValue:
    """How every field stands, with a token to send others with."""
    editable, records = sheet_state(assessment_id, me(), today())
    response = current_app.json.response({"editable": editable, "records": records, "token": generate_csrf()})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get(f"{SHEET}/worker.js")
@allow(Action.ASSESS)
def visit_sheet_worker(assessment_id: int) -> Response:
    """The service worker, for this sheet's address alone."""
    status_of(assessment_id, me())  # the address names a case: it must be one's own
    response = send_asset(Path(current_app.static_folder or ""), "build/visit-worker.js")
    response.headers["Service-Worker-Allowed"] = url_for(".visit_sheet", assessment_id=assessment_id)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
