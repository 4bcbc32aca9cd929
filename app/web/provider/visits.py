"""Planned visits as the provider sees them: confirmed, or another time proposed."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from app.domain.access import Action
from app.domain.errors import DomainError, Invalid
from app.domain.visits import moment_of
from app.edge.session import allow, me, now
from app.queries.provider_visits import provider_visit
from app.services import visit_replies
from app.web.fields import DayField
from app.web.provider import bp
from app.web.refusals import show_on
from app.web.visit_calendar import visit_ics


class TimeForm(FlaskForm):
    """Another time for a visit."""

    on = DayField("Day", required="Enter the day.")
    at = StringField("From", description="Such as 9:30")
    until = StringField("Until", description="Such as 14:00")
    words = TextAreaField("What the assessor should know")


@bp.route("/visits/<int:visit_id>", methods=["GET", "POST"])
@allow(Action.SEE_APPLICATION)
def visit(visit_id: int) -> ResponseReturnValue:
    """The plan. What is sent proposes another time."""
    page = provider_visit(visit_id, me(), now())
    form = TimeForm()
    if form.is_submitted() and form.validate():
        try:
            _propose(visit_id, form)
            flash("Your proposal is with the assessor.")
            return redirect(url_for(".visit", visit_id=visit_id))
        except DomainError as error:
            show_on(form, error)
    return render_template("provider/visit.html", page=page, form=form), 422 if form.is_submitted() else 200


def _propose(visit_id: int, form: TimeForm) -> None:
    if form.on.data is None:
        raise Invalid({"on": "Enter the day."})
    starts_at = moment_of(form.on.data, form.at.data or "", "at")
    ends_at = moment_of(form.on.data, form.until.data or "", "until")
    visit_replies.propose_time(visit_id, starts_at, ends_at, form.words.data or "", actor=me(), now=now())


@bp.post("/visits/<int:visit_id>/confirm")
@allow(Action.ANSWER_QUESTION)
def confirm_visit(visit_id: int) -> ResponseReturnValue:
    version = request.form.get("version", 0, type=int)
    visit_replies.confirm_visit(visit_id, version, actor=me(), now=now())
    flash("Thank you. The assessor has been told that the visit suits.")
    return redirect(url_for(".visit", visit_id=visit_id))


@bp.get("/visits/<int:visit_id>/visit.ics")
@allow(Action.SEE_APPLICATION)
def visit_calendar(visit_id: int) -> Response:
    page = provider_visit(visit_id, me(), now())
    return visit_ics(page.row, "Visit of the assessor", url_for(".visit", visit_id=visit_id))
