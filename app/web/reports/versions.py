"""Versions of a report: to read, to compare with the one before, to take along as PDF or Word document."""

from __future__ import annotations

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.report import runs
from app.edge.backends import storage
from app.edge.session import allow, me, today
from app.queries.report_versions import version_file, version_page
from app.web.reports import bp

bp.add_app_template_filter(runs, "report_runs")


@bp.get("/report-versions/<int:version_id>")
@allow(Action.SEE_REPORT)
def version(version_id: int) -> ResponseReturnValue:
    return render_template("reports/version.html", page=version_page(version_id, me(), today()))


@bp.get("/report-versions/<int:version_id>/<any(pdf,docx):kind>")
@allow(Action.SEE_REPORT)
def version_document(version_id: int, kind: str) -> Response:
    """The document as it was made when the version went out, byte for byte."""
    file = version_file(version_id, kind, me(), today())
    stream = storage().open(file.storage_key)
    return send_file(stream, file.media_type, as_attachment=True, download_name=file.name, max_age=0)
