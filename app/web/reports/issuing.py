"""Sending a report to its provider, taking it back, finishing and signing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError, IllegalMove
from app.domain.wording import dated
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.report_desk import desk_page, handled_report
from app.queries.report_versions import changes_now
from app.services import report_issuing
from app.services.reporting import Press
from app.web.refusals import show_on
from app.web.reports import bp
from app.web.reports.forms import SendForm, SignForm, WhyForm


def press() -> Press:
    return Press(storage(), Path(current_app.config["FONT_DIR"]))


def _done(report_id: int, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for(".report", report_id=report_id))


def _tried(form: FlaskForm, act: Callable[[], object]) -> int:
    """200 where the act was done, else the status of the page that says why not."""
    try:
        act()
    except DomainError as error:
        show_on(form, error)
        return 409 if isinstance(error, Conflict | IllegalMove) else 422
    return 200


@bp.route("/reports/<int:report_id>/send", methods=["GET", "POST"])
@allow(Action.HANDLE_REPORT)
def send_report(report_id: int) -> ResponseReturnValue:
    """Send it to the provider, who has until a day to say what is wrong."""
    page = desk_page(report_id, me(), today())
    form, status = SendForm(data={"due_on": page.earliest}), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            day, common = form.due_on.data, {"press": press(), "actor": me(), "now": now(), "today": today()}
            status = _tried(form, lambda: report_issuing.send_report(report_id, day, **common))
        if status == 200:
            return _done(report_id, f"The report is with the provider until {dated(form.due_on.data)}.")
    return render_template("reports/send_report.html", page=page, head=page.head, form=form), status


@bp.route("/reports/<int:report_id>/take-back", methods=["GET", "POST"])
@allow(Action.HANDLE_REPORT)
def take_back_report(report_id: int) -> ResponseReturnValue:
    page, form, status = desk_page(report_id, me(), today()), WhyForm(), 200
    if form.is_submitted():
        why = form.why.data or ""
        status = _tried(form, lambda: report_issuing.take_back(report_id, why, actor=me(), now=now(), today=today()))
        if status == 200:
            return _done(report_id, "The report is taken back. The provider has been told.")
    return render_template("reports/take_back_report.html", page=page, head=page.head, form=form), status


@bp.post("/reports/<int:report_id>/finish")
@allow(Action.HANDLE_REPORT)
def finish_report(report_id: int) -> ResponseReturnValue:
    handled_report(report_id, me(), today())
    try:
        report_issuing.finish_report(report_id, actor=me(), now=now(), today=today())
    except DomainError as error:
        flash(error.message, "error")
        return redirect(url_for(".report", report_id=report_id))
    return _done(report_id, "The words are fixed. The lead assessor can sign the report.")


@bp.post("/reports/<int:report_id>/go-on")
@allow(Action.HANDLE_REPORT)
def go_on_writing(report_id: int) -> ResponseReturnValue:
    handled_report(report_id, me(), today())
    try:
        report_issuing.go_on_writing(report_id, actor=me(), now=now(), today=today())
    except DomainError as error:
        flash(error.message, "error")
        return redirect(url_for(".report", report_id=report_id))
    return _done(report_id, "The report is open to write in again.")


@bp.route("/reports/<int:report_id>/sign", methods=["GET", "POST"])
@allow(Action.ASSESS)
def sign_report(report_id: int) -> ResponseReturnValue:
    """The finished report with the box to tick beneath it."""
    page, form, status = desk_page(report_id, me(), today()), SignForm(), 200
    if form.is_submitted():
        confirmed, common = bool(form.confirmed.data), {"press": press(), "actor": me(), "now": now(), "today": today()}
        status = _tried(form, lambda: report_issuing.sign_report(report_id, confirmed=confirmed, **common))
        if status == 200:
            return _done(report_id, "You have signed the report. The provider and the scheme have been told.")
    return render_template("reports/sign_report.html", page=page, head=page.head, form=form), status


@bp.get("/reports/<int:report_id>/changes")
@allow(Action.HANDLE_REPORT)
def report_changes(report_id: int) -> ResponseReturnValue:
    """What has changed in the words since the provider saw them."""
    page = desk_page(report_id, me(), today())
    last, changed = changes_now(report_id, me(), today())
    return render_template("reports/report_changes.html", page=page, head=page.head, last=last, changed=changed)
