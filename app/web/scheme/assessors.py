"""The assessors of a case: assigning one, taking one off, handing an assessment back."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid, NotFound
from app.edge.session import allow, me, now, today
from app.queries.cases import AssessorRow, CaseHead, assign_page, case_page
from app.services import cases
from app.web.fields import choices
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.forms import AssignForm, ReasonForm, ReopenForm, show_on_list

USUAL_TIME = timedelta(weeks=6)
CASE = "/schemes/<code>/cases/<int:application_id>"


@bp.route(f"{CASE}/assessors", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def assign(code: str, application_id: int) -> ResponseReturnValue:
    page = assign_page(code, application_id, me(), today())
    form = AssignForm(data={"due_on": today() + USUAL_TIME})
    form.assessor.choices = choices((each.user_id, each.name) for each in page.candidates if not each.bar)
    if form.validate_on_submit():
        try:
            due_on = form.due_on.data
            cases.assign_assessor(application_id, form.assessor.data or 0, due_on, actor=me(), now=now(), today=today())
        except Invalid as error:
            show_on_list(form, error)
        else:
            flash("The assessor is asked. They declare their interests before they see the case.")
            return redirect(url_for(".case", code=code, application_id=application_id))
    return render_template("scheme/assign.html", page=page, head=page.head, form=form), 422 if form.errors else 200


@bp.route(f"{CASE}/assessors/<int:assessment_id>/remove", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def remove_assessor(code: str, application_id: int, assessment_id: int) -> ResponseReturnValue:
    head, assessor = _assessor(code, application_id, assessment_id)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            cases.remove_assessor(assessment_id, form.reason.data or "", actor=me(), now=now())
        except Invalid as error:
            show_on(form, error)
        else:
            flash(f"{assessor.name} no longer assesses this case.")
            return redirect(url_for(".case", code=code, application_id=application_id))
    status = 422 if form.errors else 200
    return render_template("scheme/remove_assessor.html", head=head, assessor=assessor, form=form), status


@bp.route(f"{CASE}/assessors/<int:assessment_id>/reopen", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def reopen_assessment(code: str, application_id: int, assessment_id: int) -> ResponseReturnValue:
    head, assessor = _assessor(code, application_id, assessment_id)
    form = ReopenForm(data={"due_on": today() + timedelta(weeks=2)})
    if form.validate_on_submit():
        try:
            cases.reopen_assessment(
                assessment_id, form.note.data or "", form.due_on.data, actor=me(), now=now(), today=today()
            )
        except Invalid as error:
            show_on(form, error)
        else:
            flash(f"The assessment is back with {assessor.name}.")
            return redirect(url_for(".case", code=code, application_id=application_id))
    status = 422 if form.errors else 200
    return render_template("scheme/reopen_assessment.html", head=head, assessor=assessor, form=form), status


def _assessor(code: str, application_id: int, assessment_id: int) -> tuple[CaseHead, AssessorRow]:
    page = case_page(code, application_id, me(), today())
    found = next((each for each in page.assessors if each.assessment_id == assessment_id), None)
    if found is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return page.head, found
