"""An assessor who finds a conflict of interest half-way, or cannot take a case for another reason."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from app.domain.access import Action
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.domain.lifecycle import AssessmentStatus
from app.edge.session import allow, me, now
from app.queries.assignments import declaration_page
from app.services import recusal
from app.web.assessor import bp
from app.web.conflict_form import ConflictForm
from app.web.refusals import show_on

OPEN = frozenset({AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN})


class TurnDownForm(FlaskForm):
    """Why a case is turned down."""

    reason = TextAreaField(
        "Why can you not take it?",
        [InputRequired("Say why, so that the scheme knows whom to ask instead.")],
        description="The scheme reads it. Such as: I am away, I have too much to do, I do not know this service.",
    )


@bp.route("/assessments/<int:assessment_id>/stand-aside", methods=["GET", "POST"])
@allow(Action.DECLARE_INTERESTS)
def stand_aside(assessment_id: int) -> ResponseReturnValue:
    page = declaration_page(assessment_id, me())
    if page.status not in OPEN:
        return redirect(url_for(".declare", assessment_id=assessment_id))
    form, status = ConflictForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                recusal.stop_assessing(assessment_id, form.found(), actor=me(), now=now())
                flash("Thank you. The case is closed to you, and the scheme has been told.")
                return redirect(url_for(".home"))
            except Conflict as error:
                show_on(form, error)
                status = 409
            except Invalid as error:
                show_on(form, error)
    return render_template("assessor/stand_aside.html", page=page, form=form), status


@bp.route("/assessments/<int:assessment_id>/turn-down", methods=["GET", "POST"])
@allow(Action.DECLARE_INTERESTS)
def turn_down(assessment_id: int) -> ResponseReturnValue:
    page = declaration_page(assessment_id, me())
    if page.status is not AssessmentStatus.ASSIGNED:
        return redirect(url_for(".declare", assessment_id=assessment_id))
    form, status = TurnDownForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                recusal.turn_down(assessment_id, form.reason.data or "", actor=me(), now=now())
                flash("Thank you for answering. The scheme asks somebody else.")
                return redirect(url_for(".home"))
            except (Invalid, IllegalMove) as error:
                show_on(form, error)
    return render_template("assessor/turn_down.html", page=page, form=form), status
