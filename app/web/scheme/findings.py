"""Findings in the scheme: all of them, one to be checked, more time for one, and a new one about a holder."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.edge.session import allow, me, now, today
from app.queries.finding_writing import add_page
from app.queries.scheme_findings import STATES, CheckPage, Filters, check_page, scheme_findings
from app.services import finding_checks
from app.services import findings as finding_cases
from app.web.finding_forms import FindingForm
from app.web.refusals import show_on
from app.web.scheme import bp
from app.web.scheme.finding_forms import DONE, CheckForm, MoreTimeForm
from app.web.scheme.pipeline import page_number, same_page_at

FINDING = "/schemes/<code>/cases/<int:application_id>/findings/<int:finding_id>"


@bp.get("/schemes/<code>/findings")
@allow(Action.SEE_PIPELINE)
def findings(code: str) -> ResponseReturnValue:
    state = request.args.get("state", "open")
    filters = Filters(
        state=state if state in STATES else "open",
        grade=request.args.get("grade", "")[:40],
        words=request.args.get("q", "").strip()[:100],
    )
    page = scheme_findings(code, filters, page_number(), me(), today())
    return render_template("scheme/findings.html", page=page, filters=filters, address=same_page_at)


@bp.get(FINDING)
@allow(Action.SEE_CASE)
def finding(code: str, application_id: int, finding_id: int) -> ResponseReturnValue:
    """To read: for the office, also for those who may change nothing."""
    page = check_page(code, application_id, finding_id, me(), today(), Action.SEE_CASE)
    return render_template("scheme/finding.html", page=page, form=CheckForm.for_page(page))


@bp.route(f"{FINDING}/check", methods=["GET", "POST"])
@allow(Action.VERIFY_FINDING)
def check_finding(code: str, application_id: int, finding_id: int) -> ResponseReturnValue:
    """To decide on, for the case's assessors and the scheme's managers."""
    page = check_page(code, application_id, finding_id, me(), today(), Action.VERIFY_FINDING)
    form, status = CheckForm.for_page(page), 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate() and _check(page, form):
                return redirect(
                    url_for(".check_finding", code=code, application_id=application_id, finding_id=finding_id)
                )
        except Invalid as error:
            show_on(form, error)
        except (Conflict, IllegalMove) as error:
            show_on(form, error)
            form.version.raw_data, form.version.data = None, page.detail.row.version
            status = 409
    return render_template("scheme/finding.html", page=page, form=form), status


def _check(page: CheckPage, form: CheckForm) -> bool:
    check = form.check()
    if check is None:
        raise Invalid({"move": "Choose what you decide."})
    finding_checks.check_finding(
        page.detail.row.id, check, version=form.version.data or 0, actor=me(), now=now(), today=today()
    )
    flash(DONE[check.move] + (" The provider has been told." if page.detail.row.told_on else ""))
    return True


@bp.route(f"{FINDING}/more-time", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def more_time(code: str, application_id: int, finding_id: int) -> ResponseReturnValue:
    page = check_page(code, application_id, finding_id, me(), today(), Action.MANAGE_CASE)
    form, status = MoreTimeForm(data={"version": page.detail.row.version}), 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                finding_checks.allow_more_time(
                    finding_id,
                    form.due_on.data,
                    form.reason.data or "",
                    version=form.version.data or 0,
                    actor=me(),
                    now=now(),
                    today=today(),
                )
                flash("The provider has more time, and has been told.")
                return redirect(
                    url_for(".check_finding", code=code, application_id=application_id, finding_id=finding_id)
                )
        except Invalid as error:
            show_on(form, error)
        except Conflict as error:
            show_on(form, error)
            form.version.raw_data, form.version.data = None, page.detail.row.version
            status = 409
    return render_template("scheme/more_time.html", page=page, form=form), status


@bp.route("/schemes/<code>/cases/<int:application_id>/findings/new", methods=["GET", "POST"])
@allow(Action.MANAGE_CASE)
def add_finding(code: str, application_id: int) -> ResponseReturnValue:
    page = add_page(code, application_id, me(), today())
    form, status = FindingForm(), 200
    form.offer(page.grades, page.places)
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                finding_cases.raise_after_award(
                    application_id, form.given(), form.found_in(), actor=me(), now=now(), today=today()
                )
                flash("The finding is written down.")
                return redirect(url_for(".case", code=code, application_id=application_id))
        except (Invalid, Conflict) as error:
            show_on(form, error)
    return render_template("scheme/add_finding.html", page=page, form=form), status
