"""The assessors of a case: assigning one, taking one off, handing an assessment back."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid, NotFound
from app.edge.session import allow, me, now, today
from app.queries.allocation import assign_page
from app.queries.cases import AssessorRow, CaseHead, case_head, case_page
from app.services import cases, recusal
from app.web.conflict_form import ConflictForm
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.assign_form import MOST_CHOSEN, AssignForm, in_words
from app.web.scheme.forms import ReasonForm, ReopenForm, show_on_list

CASE = "/schemes/<code>/cases/<int:application_id>"


@bp.route(f"{CASE}/assessors", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def assign(code: str, application_id: int) -> ResponseReturnValue:
    page = assign_page(code, application_id, me(), today())
    form = AssignForm.for_page(page, _named(request.args.get("ask", "")), today())
    if form.validate_on_submit():
        try:
            cases.assign_assessors(application_id, form.asked(), actor=me(), now=now(), today=today())
        except Invalid as error:
            show_on_list(form, error)
        else:
            flash(
                "The assessors are asked. They declare their interests before they see the case."
                if len(form.asked().assessors) > 1
                else "The assessor is asked. They declare their interests before they see the case."
            )
            return redirect(url_for(".case", code=code, application_id=application_id))
    hints = {str(each.people[0].user_id): in_words(each) for each in page.proposals}
    status = 422 if form.errors else 200
    return render_template(
        "scheme/assign.html", page=page, head=page.head, form=form, hints=hints, told=in_words
    ), status


def _named(text: str) -> tuple[int, ...]:
    """The ids in an address such as ?ask=3,7; none where it is not made of numbers."""
    parts = text.split(",")[:MOST_CHOSEN]
    return tuple(int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 10)


@bp.post(f"{CASE}/assessors/<int:assessment_id>/lead")
@allow(Action.MANAGE_CASE)
def choose_lead(code: str, application_id: int, assessment_id: int) -> ResponseReturnValue:
    _, assessor = _assessor(code, application_id, assessment_id)
    try:
        cases.choose_lead(application_id, assessment_id, actor=me(), now=now(), today=today())
    except Invalid as error:
        flash(" ".join(error.errors.values()), "warning")
    else:
        flash(f"{assessor.name} leads the assessment.")
    return redirect(url_for(".case", code=code, application_id=application_id))


@bp.route(f"{CASE}/stand-aside", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def stand_aside_as_manager(code: str, application_id: int) -> ResponseReturnValue:
    head = case_head(code, application_id, me(), today(), Action.MANAGE_CASE)
    form = ConflictForm()
    if form.validate_on_submit():
        try:
            left = recusal.stop_managing(application_id, form.found(), actor=me(), now=now(), today=today())
        except Invalid as error:
            show_on(form, error)
        else:
            flash(
                "Thank you. The other managers of the scheme are asked to go on with the case."
                if left
                else "Thank you. Nobody else of the scheme may manage this case: ask for another manager to be appointed.",
                "success" if left else "warning",
            )
            return redirect(url_for(".case", code=code, application_id=application_id))
    status = 422 if form.errors else 200
    return render_template("scheme/stand_aside.html", head=head, form=form), status


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
