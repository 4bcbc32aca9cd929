"""The conditions of an award for its office: what the provider sent for each, accepted or given back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from app.domain.access import Action
from app.domain.errors import DomainError
from app.edge.session import allow, me, now, today
from app.queries.cases import case_head
from app.queries.conditions import ConditionRow, condition_of, office_conditions
from app.services.conditions import accept_condition, return_condition
from app.web.errors import status_of
from app.web.refusals import show_on
from app.web.scheme import bp


class ConditionForm(FlaskForm):
    """What the office says to what was sent."""

    words = TextAreaField(
        "What you say to it",
        description="The provider reads it. It is needed where you give it back: say what is missing.",
    )


@bp.get("/schemes/<code>/cases/<int:application_id>/conditions")
@allow(Action.SEE_CASE)
def conditions(code: str, application_id: int) -> ResponseReturnValue:
    head = case_head(code, application_id, me(), today())
    return render_template(
        "scheme/conditions.html", head=head, page=office_conditions(code, application_id, me(), today())
    )


@bp.route("/schemes/<code>/cases/<int:application_id>/conditions/<int:number>", methods=["GET", "POST"])
@allow(Action.CHANGE_AWARD)
def condition(code: str, application_id: int, number: int) -> ResponseReturnValue:
    """One of them: accept it as met, or give it back with what is missing."""
    head = case_head(code, application_id, me(), today(), Action.CHANGE_AWARD)
    row = condition_of(office_conditions(code, application_id, me(), today()), number)
    form, status = ConditionForm(), 200
    if form.validate_on_submit():
        try:
            flash(_answer(row, request.form.get("step", ""), form.words.data or ""))
            return redirect(url_for(".conditions", code=code, application_id=application_id))
        except DomainError as error:
            show_on(form, error)
            status = status_of(error)
    return render_template("scheme/condition.html", head=head, row=row, form=form), status


def _answer(row: ConditionRow, step: str, words: str) -> str:
    """Do what was asked, and say what came of it."""
    if step == "return":
        return_condition(row.condition_id, words, actor=me(), now=now(), today=today())
        return f"Condition {row.number} is given back. The provider is told what is missing."
    left = accept_condition(row.condition_id, words, actor=me(), now=now(), today=today())
    if left:
        return f"Condition {row.number} is accepted as met. {left} still open."
    return f"Condition {row.number} is accepted as met. It was the last: the award can now stand without conditions."
