"""Findings as the provider meets them: the list, one finding, the plan for it, and that it is put right."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.backends.storage import StorageFull
from app.domain.access import Action
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.domain.evidence import AlreadyInLibrary, Brought
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.own_findings import findings_page, own_finding_page
from app.services import finding_answers
from app.web.provider import bp
from app.web.provider.evidence import refuse
from app.web.provider.finding_forms import PlanForm, PutRightForm
from app.web.refusals import show_on


@bp.get("/applications/<int:application_id>/findings")
@allow(Action.SEE_FINDINGS)
def findings(application_id: int) -> ResponseReturnValue:
    return render_template("provider/findings.html", page=findings_page(application_id, me(), today()))


@bp.get("/findings/<int:finding_id>")
@allow(Action.SEE_FINDINGS)
def finding(finding_id: int) -> ResponseReturnValue:
    return render_template("provider/finding.html", page=own_finding_page(finding_id, me(), today()))


@bp.route("/findings/<int:finding_id>/plan", methods=["GET", "POST"])
@allow(Action.ANSWER_FINDING)
def offer_plan(finding_id: int) -> ResponseReturnValue:
    page = own_finding_page(finding_id, me(), today(), Action.ANSWER_FINDING)
    form, status = PlanForm.for_page(page), 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                version = form.version.data or 0
                finding_answers.offer_plan(
                    finding_id, form.offer(), version=version, actor=me(), now=now(), today=today()
                )
                flash("Your plan is with the scheme. You will hear whether it is accepted.")
                return redirect(url_for(".finding", finding_id=finding_id))
        except Invalid as error:
            show_on(form, error)
        except (Conflict, IllegalMove) as error:
            show_on(form, error)
            _go_on_from(form, page.detail.row.version)
            status = 409
    return render_template("provider/offer_plan.html", page=page, form=form), status


@bp.route("/findings/<int:finding_id>/put-right", methods=["GET", "POST"])
@allow(Action.ANSWER_FINDING)
def put_right(finding_id: int) -> ResponseReturnValue:
    page = own_finding_page(finding_id, me(), today(), Action.ANSWER_FINDING)
    form, status, twin = PutRightForm(), 200, None
    form.offer(page)
    if not form.is_submitted():
        form.kind.data, form.version.data = Brought.DOCUMENT.value, page.detail.row.version
    else:
        status = 422
        try:
            if form.validate():
                _send(finding_id, form)
                flash("The scheme will look at what you sent. You will hear whether the finding is closed.")
                return redirect(url_for(".finding", finding_id=finding_id))
        except (AlreadyInLibrary, StorageFull) as error:
            twin = refuse(form, error)
        except Invalid as error:
            show_on(form, error)
        except (Conflict, IllegalMove) as error:
            show_on(form, error)
            _go_on_from(form, page.detail.row.version)
            status = 409
    return render_template("provider/put_right.html", page=page, form=form, twin=twin), status


def _send(finding_id: int, form: PutRightForm) -> None:
    finding_answers.say_put_right(
        finding_id,
        (form.words.data or "").replace("\r\n", "\n"),
        version=form.version.data or 0,
        storage=storage(),
        actor=me(),
        now=now(),
        today=today(),
        item_ids=form.item_ids(),
        new=None if form.empty else form.given(),
    )


def _go_on_from(form: PlanForm | PutRightForm, version: int) -> None:
    """What is sent now was written with the finding as it stands in view."""
    form.version.raw_data = None
    form.version.data = version
