"""The case pack: one page in order, on paper, and whether its reader has read it."""

from __future__ import annotations

from pathlib import Path

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.certificates.paper import paper_pdf
from app.domain.access import Action
from app.edge.session import allow, me, now, today
from app.queries.case_pack import case_pack
from app.services import panel_notes
from app.web.panel import bp
from app.web.panel.pack_paper import pack_paper


@bp.get("/panels/<int:panel_id>/pack")
@allow(Action.SEE_PANEL_CASE)
def pack(panel_id: int) -> ResponseReturnValue:
    page = case_pack(panel_id, me(), today())
    return render_template("panel/pack.html", page=page, case=page.case)


@bp.get("/panels/<int:panel_id>/pack.pdf")
@allow(Action.SEE_PANEL_CASE)
def pack_pdf(panel_id: int) -> ResponseReturnValue:
    page = case_pack(panel_id, me(), today())
    response = Response(paper_pdf(pack_paper(page), Path(current_app.config["FONT_DIR"])), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f"attachment; filename=case-pack-{panel_id}.pdf"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/panels/<int:panel_id>/pack/read")
@allow(Action.SEE_PANEL_CASE)
def read_pack(panel_id: int) -> ResponseReturnValue:
    panel_notes.mark_read(panel_id, actor=me(), now=now())
    flash("Noted that you have read the case pack.")
    return redirect(url_for(".case", panel_id=panel_id))
