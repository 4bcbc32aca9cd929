"""Visits: planned, changed, held, cancelled; samples drawn at random and drawn again."""

from __future__ import annotations

from secrets import token_hex

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError
from app.edge.session import allow, me, now
from app.queries.assess_visits import Repeated, drawn_again, visit_page, visits_page
from app.services import visit_draws
from app.services import visits as service
from app.web.assessor import bp
from app.web.assessor.visit_forms import DrawForm, ReasonForm, RepeatForm, VisitForm
from app.web.refusals import show_on
from app.web.visit_calendar import visit_ics

CASE = "/assessments/<int:assessment_id>/visits"
VISIT = "/assessments/visits/<int:visit_id>"
CANCEL = "cancel"


@bp.get(CASE)
@allow(Action.ASSESS)
def visits(assessment_id: int) -> ResponseReturnValue:
    return render_template("assessor/visits.html", page=visits_page(assessment_id, me()))


@bp.route(f"{CASE}/new", methods=["GET", "POST"])
@allow(Action.ASSESS)
def plan_visit(assessment_id: int) -> ResponseReturnValue:
    page = visits_page(assessment_id, me())
    form = VisitForm.for_page(page, None, me().user_id)
    if form.is_submitted() and form.validate():
        try:
            visit_id = service.plan_visit(assessment_id, form.plan(), actor=me(), now=now())
            flash("The visit is planned, and the provider has been told.")
            return redirect(url_for(".visit", visit_id=visit_id))
        except DomainError as error:
            show_on(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("assessor/plan_visit.html", page=page, form=form, visit=None), status


@bp.route(f"{VISIT}/change", methods=["GET", "POST"])
@allow(Action.ASSESS)
def change_visit(visit_id: int) -> ResponseReturnValue:
    visit = visit_page(visit_id, me())
    page = visits_page(visit.assessment_id, me())
    form = VisitForm.for_page(page, visit, me().user_id)
    status = 200
    if form.is_submitted() and form.validate():
        try:
            service.change_visit(visit_id, form.plan(), form.version.data or 0, actor=me(), now=now())
            flash("The plan is changed, and the provider has been told.")
            return redirect(url_for(".visit", visit_id=visit_id))
        except Conflict as error:
            show_on(form, error)
            form.version.raw_data, form.version.data, status = None, visit.row.version, 409
        except DomainError as error:
            show_on(form, error)
            status = 422
    elif form.is_submitted():
        status = 422
    return render_template("assessor/plan_visit.html", page=page, form=form, visit=visit), status


@bp.get(VISIT)
@allow(Action.ASSESS)
def visit(visit_id: int) -> ResponseReturnValue:
    return _page(visit_id)


def _page(
    visit_id: int, *, draw: DrawForm | None = None, cancel: ReasonForm | None = None, status: int = 200
) -> ResponseReturnValue:
    page = visit_page(visit_id, me())
    forms = {"draw_form": draw or _fresh_draw(), "cancel_form": cancel or ReasonForm(formdata=None, prefix=CANCEL)}
    shown = [form for form in (draw, cancel) if form is not None]
    ended = page.row.starts_at <= now()
    return render_template("assessor/visit.html", page=page, forms=shown, begun=ended, **forms), status


def _fresh_draw() -> DrawForm:
    form = DrawForm.with_choices()
    form.process(formdata=None)
    form.how.choices = DrawForm.with_choices().how.choices
    return form


@bp.post(f"{VISIT}/hold")
@allow(Action.ASSESS)
def hold_visit(visit_id: int) -> ResponseReturnValue:
    visit_page(visit_id, me())
    service.hold_visit(visit_id, actor=me(), now=now())
    flash("The visit is noted as held.")
    return redirect(url_for(".visit", visit_id=visit_id))


@bp.post(f"{VISIT}/cancel")
@allow(Action.ASSESS)
def cancel_visit(visit_id: int) -> ResponseReturnValue:
    visit_page(visit_id, me())
    form = ReasonForm(prefix=CANCEL)
    try:
        service.cancel_visit(visit_id, form.reason.data or "", actor=me(), now=now())
        flash("The visit is cancelled, and the provider has been told.")
        return redirect(url_for(".visit", visit_id=visit_id))
    except DomainError as error:
        show_on(form, error)
    return _page(visit_id, cancel=form, status=422)


@bp.route(f"{VISIT}/time/<int:proposal_id>", methods=["GET", "POST"])
@allow(Action.ASSESS)
def decline_time(visit_id: int, proposal_id: int) -> ResponseReturnValue:
    page = visit_page(visit_id, me())
    proposal = page.proposal(proposal_id)
    form = ReasonForm()
    if form.is_submitted():
        try:
            service.decline_time(proposal_id, form.reason.data or "", actor=me(), now=now())
            flash("The provider has been told that the time stays.")
            return redirect(url_for(".visit", visit_id=visit_id))
        except DomainError as error:
            show_on(form, error)
    status = 422 if form.is_submitted() else 200
    return render_template("assessor/decline_time.html", page=page, proposal=proposal, form=form), status


@bp.post(f"{VISIT}/draws")
@allow(Action.ASSESS)
def draw_sample(visit_id: int) -> ResponseReturnValue:
    visit_page(visit_id, me())
    form = DrawForm.with_choices()
    if form.validate():
        try:
            draw_id = visit_draws.draw_sample(visit_id, form.wanted(), token_hex(16), actor=me(), now=now())
            return redirect(url_for(".visit_draw", visit_id=visit_id, draw_id=draw_id))
        except DomainError as error:
            show_on(form, error)
    return _page(visit_id, draw=form, status=422)


@bp.route(f"{VISIT}/draws/<int:draw_id>", methods=["GET", "POST"])
@allow(Action.ASSESS)
def visit_draw(visit_id: int, draw_id: int) -> ResponseReturnValue:
    """One draw, and drawing it again from what somebody holds: that writes nothing."""
    page = visit_page(visit_id, me())
    row = page.draw(draw_id)
    form, again, status = RepeatForm(), None, 200
    if form.is_submitted():
        again, status = _repeated(visit_id, draw_id, form)
    return render_template("assessor/visit_draw.html", page=page, row=row, form=form, again=again), status


def _repeated(visit_id: int, draw_id: int, form: RepeatForm) -> tuple[Repeated | None, int]:
    try:
        return drawn_again(visit_id, draw_id, form.population.data or "", me()), 200
    except DomainError as error:
        show_on(form, error)
        return None, 422


@bp.get(f"{VISIT}/visit.ics")
@allow(Action.ASSESS)
def visit_calendar(visit_id: int) -> Response:
    page = visit_page(visit_id, me())
    return visit_ics(page.row, f"Visit to {page.provider}", url_for(".visit", visit_id=visit_id))
