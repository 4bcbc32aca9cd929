"""Requests to the provider: asked about one criterion or several, given more time, taken back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import DomainError
from app.domain.wording import joined
from app.edge.session import allow, me, now, today
from app.queries.assess_requests import requests_page
from app.queries.assessment_basics import status_of
from app.queries.scoring import score_page
from app.services import asking
from app.web.assessor import bp
from app.web.assessor.forms import ExtendForm, QuestionForm, ScoreForm
from app.web.assessor.routes import show_score
from app.web.jinja import day
from app.web.refusals import show_on

CASE = "/assessments/<int:assessment_id>"


@bp.post(f"{CASE}/criteria/<code>/questions")
@allow(Action.ASSESS)
def ask(assessment_id: int, code: str) -> ResponseReturnValue:
    page = score_page(assessment_id, code, me(), today())
    form = QuestionForm()
    if form.validate() and _asked(assessment_id, (code, *form.criteria()), form):
        return redirect(url_for(".score", assessment_id=assessment_id, code=code))
    return show_score(page, ScoreForm.for_page(page), question=form), 422


def _asked(assessment_id: int, codes: tuple[str, ...], form: QuestionForm) -> bool:
    """Send one request about all these criteria. Whether it went; else the form says why not."""
    texts = dict.fromkeys(codes, form.text.data or "")
    try:
        asking.ask_for_more(assessment_id, texts, actor=me(), now=now(), today=today(), due_on=form.due_on.data)
    except DomainError as error:
        show_on(form, error)
        return False
    flash(f"The provider has been asked about {joined(texts)}.")
    return True


@bp.route(f"{CASE}/requests", methods=["GET", "POST"])
@allow(Action.ASSESS)
def requests(assessment_id: int) -> ResponseReturnValue:
    page = requests_page(assessment_id, me(), today())
    form = QuestionForm()
    sent = form.is_submitted()
    if sent and form.validate() and _asked(assessment_id, form.criteria(), form):
        return redirect(url_for(".requests", assessment_id=assessment_id))
    return render_template("assessor/requests.html", page=page, form=form), 422 if sent else 200


@bp.route(f"{CASE}/questions/<int:question_id>/extend", methods=["GET", "POST"])
@allow(Action.ASSESS)
def extend_question(assessment_id: int, question_id: int) -> ResponseReturnValue:
    page = requests_page(assessment_id, me(), today())
    row = page.request_with(question_id)
    form = ExtendForm()
    sent = form.is_submitted()
    if sent and form.validate():
        try:
            later = asking.extend_request(
                question_id, form.due_on.data, form.reason.data or "", actor=me(), now=now(), today=today()
            )
            flash(f"The provider has until {day(later)}.")
            return redirect(url_for(".requests", assessment_id=assessment_id))
        except DomainError as error:
            show_on(form, error)
    return render_template("assessor/extend.html", page=page, row=row, form=form), 422 if sent else 200


@bp.post(f"{CASE}/questions/<int:question_id>/withdraw")
@allow(Action.ASSESS)
def withdraw_question(assessment_id: int, question_id: int) -> ResponseReturnValue:
    status_of(assessment_id, me())  # the address names a case: it must be one's own
    asking.withdraw_question(question_id, actor=me(), now=now())
    flash("The question was taken back.")
    return redirect(url_for(".case", assessment_id=assessment_id))
