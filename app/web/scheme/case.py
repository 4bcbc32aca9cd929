"""One case: reading it, its areas, its certificate, sending it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid
from app.edge.session import allow, me, now, today
from app.queries.cases import case_area, case_head, case_page
from app.services import cases
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.forms import SendBackForm


@bp.get("/schemes/<code>/cases/<int:application_id>")
@allow(Action.SEE_CASE)
def case(code: str, application_id: int) -> ResponseReturnValue:
    page = case_page(code, application_id, me(), today())
    return render_template("scheme/case.html", page=page, head=page.head)


@bp.get("/schemes/<code>/cases/<int:application_id>/areas/<area>")
@allow(Action.SEE_CASE)
def area(code: str, application_id: int, area: str) -> ResponseReturnValue:
    """One area, criterion by criterion: claim, evidence, scores and reasons."""
    head, reading = case_area(code, application_id, area, me(), today())
    return render_template("scheme/area.html", head=head, area=reading)


@bp.route("/schemes/<code>/cases/<int:application_id>/send-back", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def send_back(code: str, application_id: int) -> ResponseReturnValue:
    head, form = case_head(code, application_id, me(), today(), Action.MANAGE_CASE), SendBackForm()
    if form.validate_on_submit():
        try:
            cases.send_back(application_id, form.note.data or "", actor=me(), now=now())
        except Invalid as error:
            show_on(form, error)
        else:
            flash(f"The application of {head.provider} is back with the provider.")
            return redirect(url_for(".pipeline", code=code))
    return render_template("scheme/send_back.html", head=head, form=form), 422 if form.errors else 200
