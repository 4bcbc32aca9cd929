"""A panel member who finds a conflict of interest after having declared none."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.edge.session import allow, me, now
from app.queries.panels import own_panel
from app.services import recusal
from app.web.conflict_form import ConflictForm
from app.web.panel import bp
from app.web.refusals import show_on


@bp.route("/panels/<int:panel_id>/stand-aside", methods=["GET", "POST"])
@allow(Action.DECLARE_FOR_PANEL)
def stand_aside(panel_id: int) -> ResponseReturnValue:
    case = own_panel(panel_id, me())
    if case.conflicted or not case.declared:
        return redirect(url_for(".declare", panel_id=panel_id))
    form, status = ConflictForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                recusal.stop_sitting(panel_id, form.found(), actor=me(), now=now())
                flash("Thank you. The case is closed to you, and the scheme has been told.")
                return redirect(url_for(".home"))
            except Conflict as error:
                show_on(form, error)
                status = 409
            except Invalid as error:
                show_on(form, error)
    return render_template("panel/stand_aside.html", case=case, form=form), status
