"""Spot checks of a scheme: drawing them, giving each to an assessor, writing down what was seen."""

from __future__ import annotations

from secrets import token_hex

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.edge.session import allow, me, now, today
from app.queries.spot_checks import SpotCheckPage, spot_check_page, spot_checks_page
from app.services import spot_checks as services
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.award_forms import DrawForm, SeenForm, SpotAssignForm

USUAL_PERCENT = 10
LONGEST_ID = 10


@bp.get("/schemes/<code>/spot-checks")
@allow(Action.SEE_PIPELINE)
def spot_checks(code: str) -> ResponseReturnValue:
    form = DrawForm(data={"percent": USUAL_PERCENT})
    return render_template("scheme/spot_checks.html", page=spot_checks_page(code, me(), today()), form=form)


@bp.post("/schemes/<code>/spot-checks/draw")
@allow(Action.MANAGE_PEOPLE)
def draw_spot_checks(code: str) -> ResponseReturnValue:
    """Draw a share of the awards, with a seed of this moment that is kept beside what it drew."""
    form = DrawForm()
    if form.validate_on_submit():
        try:
            count = services.draw_spot_checks(
                code, form.percent.data, token_hex(16), actor=me(), now=now(), today=today()
            )
        except (Invalid, Conflict) as error:
            show_on(form, error)
        else:
            flash(f"Drawn: {count}. Now give each to an assessor.")
            return redirect(url_for(".spot_checks", code=code))
    page = spot_checks_page(code, me(), today())
    return render_template("scheme/spot_checks.html", page=page, form=form), 422


@bp.route("/schemes/<code>/spot-checks/<int:check_id>", methods=["GET", "POST"])
@allow(Action.SEE_CASE)
def spot_check(code: str, check_id: int) -> ResponseReturnValue:
    """One spot check for the office, which gives it to an assessor."""
    page = spot_check_page(code, check_id, me(), today())
    form = _assign_form(page)
    if form.validate_on_submit():
        try:
            typed = form.assessor.data or ""
            who = int(typed) if typed.isdecimal() and len(typed) < LONGEST_ID else None
            services.assign_spot_check(check_id, who, form.due_on.data, actor=me(), now=now(), today=today())
        except (Invalid, Conflict) as error:
            show_on(form, error)
        else:
            flash("The assessor is asked to look.")
            return redirect(url_for(".spot_checks", code=code))
    return render_template("scheme/spot_check.html", page=page, form=form), 422 if form.errors else 200


@bp.route("/schemes/<code>/spot-checks/<int:check_id>/record", methods=["GET", "POST"])
@allow(Action.SPOT_CHECK)
def record_spot_check(code: str, check_id: int) -> ResponseReturnValue:
    """One spot check for the assessor who was asked."""
    page = spot_check_page(code, check_id, me(), today())
    form = SeenForm()
    if form.validate_on_submit():
        try:
            services.record_spot_check(check_id, form.seen.data or "", actor=me(), now=now(), today=today())
        except (Invalid, Conflict) as error:
            show_on(form, error)
        else:
            flash("Thank you. The scheme reads what you saw.")
            return redirect(request.path)
    return render_template("scheme/record_spot_check.html", page=page, form=form), 422 if form.errors else 200


def _assign_form(page: SpotCheckPage) -> SpotAssignForm:
    form = SpotAssignForm()
    form.assessor.choices = [("", "Choose"), *page.assessors]
    return form
