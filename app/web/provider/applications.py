"""An application at work: overview, level, submission, withdrawal."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, IllegalMove, Incomplete, Invalid
from app.domain.lifecycle import ApplicationStatus
from app.edge.session import allow, me, now, today
from app.queries.appealing import appeals_here
from app.queries.applications import application_page
from app.queries.evidence_trouble import trouble_behind
from app.queries.results import result_page
from app.services import applications
from app.web.provider import bp
from app.web.provider.forms import SubmitForm, WithdrawForm
from app.web.provider.words import STATUS_COLOURS, STATUS_SENTENCES, STATUS_WORDS
from app.web.refusals import show_on


@bp.get("/applications/<int:application_id>")
@allow(Action.SEE_APPLICATION)
def application(application_id: int) -> ResponseReturnValue:
    page = application_page(application_id, me(), today(), request.args.get("part"), request.args.get("show", "all"))
    return render_template(
        "provider/application.html",
        page=page,
        status_words=STATUS_WORDS[page.status],
        status_colour=STATUS_COLOURS[page.status],
        status_sentence=STATUS_SENTENCES[page.status],
        here=appeals_here(application_id, me(), today()),
        on=today(),
    )


@bp.get("/applications/<int:application_id>/missing")
@allow(Action.SEE_APPLICATION)
def missing(application_id: int) -> ResponseReturnValue:
    page, troubled = application_page(application_id, me(), today()), trouble_behind(application_id, me(), today())
    return render_template("provider/missing.html", page=page, troubled=troubled)


@bp.post("/applications/<int:application_id>/target")
@allow(Action.START_APPLICATION)
def change_target(application_id: int) -> ResponseReturnValue:
    try:
        applications.change_target(application_id, request.form.get("target", ""), actor=me(), now=now())
        flash("The level is changed. Your answers are kept.")
    except Invalid as error:
        flash(error.message, "warning")
    return redirect(url_for(".application", application_id=application_id))


@bp.route("/applications/<int:application_id>/submit", methods=["GET", "POST"])
@allow(Action.SUBMIT)
def submit(application_id: int) -> ResponseReturnValue:
    page = application_page(application_id, me(), today())
    form, status = SubmitForm(), 200
    if not form.is_submitted():
        form.name.data = form.name.data or me().name
    elif page.editable or page.status is ApplicationStatus.SUBMITTED:
        try:
            applications.submit(application_id, form.declaration(), actor=me(), now=now())
            return redirect(url_for(".submitted", application_id=application_id))
        except (Invalid, Incomplete, IllegalMove) as error:
            _refuse(form, error)
            status = 422
    if not page.editable:
        return redirect(url_for(".submitted", application_id=application_id))
    troubled = trouble_behind(application_id, me(), today())
    return render_template("provider/submit.html", page=page, form=form, troubled=troubled), status


def _refuse(form: SubmitForm, error: Invalid | Incomplete | IllegalMove) -> None:
    if isinstance(error, Invalid):
        ticks = form.tick_errors()
        error = Invalid({**ticks, **{name: text for name, text in error.errors.items() if name != "agreed"}})
    show_on(form, error)


@bp.get("/applications/<int:application_id>/submitted")
@allow(Action.SEE_APPLICATION)
def submitted(application_id: int) -> ResponseReturnValue:
    page = application_page(application_id, me(), today())
    if page.submitted_at is None:
        return redirect(url_for(".application", application_id=application_id))
    return render_template("provider/submitted.html", page=page)


@bp.route("/applications/<int:application_id>/withdraw", methods=["GET", "POST"])
@allow(Action.WITHDRAW_APPLICATION)
def withdraw(application_id: int) -> ResponseReturnValue:
    page, form = application_page(application_id, me(), today()), WithdrawForm()
    if form.is_submitted():
        try:
            applications.withdraw_application(application_id, form.reason.data or "", actor=me(), now=now())
            flash("The application is withdrawn.")
        except Invalid as error:
            show_on(form, error)
            return render_template("provider/withdraw.html", page=page, form=form), 422
        except Conflict as error:
            flash(error.message, "warning")
        return redirect(url_for(".application", application_id=application_id))
    if not page.may_withdraw:
        return redirect(url_for(".application", application_id=application_id))
    return render_template("provider/withdraw.html", page=page, form=form)


@bp.get("/applications/<int:application_id>/result")
@allow(Action.SEE_APPLICATION)
def result(application_id: int) -> ResponseReturnValue:
    return render_template("provider/result.html", page=result_page(application_id, me(), today()))
