"""A scheme's managers decide who leads an organisation, where its own leads do not answer."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, IllegalMove, Invalid
from app.domain.lead_request import RequestStatus
from app.edge.session import allow, me, now
from app.queries.scheme_lead_requests import SchemeRequestPage
from app.queries.scheme_lead_requests import scheme_lead_request as request_page
from app.queries.scheme_lead_requests import scheme_lead_requests as requests_page
from app.services import lead_decisions
from app.web.account import bp
from app.web.account.lead_forms import DecideForm
from app.web.account.proof import proof_first
from app.web.errors import status_of
from app.web.fields import choices
from app.web.refusals import show_on

CHOICES = {
    RequestStatus.OPEN: (("grant", "Make them a lead"), ("refuse", "Refuse the request")),
    RequestStatus.OBJECTED: (("uphold", "Make them a lead all the same"), ("refuse", "Leave it as it was before")),
}


@bp.get("/schemes/<code>/lead-requests")
@allow(Action.DECIDE_ON_LEAD)
def scheme_lead_requests(code: str) -> ResponseReturnValue:
    return render_template("account/scheme_lead_requests.html", page=requests_page(code, actor=me(), now=now()))


@bp.route("/schemes/<code>/lead-requests/<int:request_id>", methods=["GET", "POST"])
@allow(Action.DECIDE_ON_LEAD)
def scheme_lead_request(code: str, request_id: int) -> ResponseReturnValue:
    page = request_page(code, request_id, actor=me(), now=now())
    first = proof_first() if page.may_decide else None
    if first:
        return first
    form, status = DecideForm(), 200
    form.decision.choices = choices(CHOICES.get(page.row.status, ()))
    if form.is_submitted() and page.may_decide:
        status = 422
        try:
            if form.validate():
                return _decide(page, form)
        except (Invalid, Conflict, IllegalMove) as error:
            show_on(form, error)
            status = status_of(error)
    return render_template("account/scheme_lead_request.html", page=page, row=page.row, form=form), status


def _decide(page: SchemeRequestPage, form: DecideForm) -> ResponseReturnValue:
    uses = {"grant": lead_decisions.grant, "uphold": lead_decisions.uphold, "refuse": lead_decisions.refuse_to_grant}
    decide = uses[form.decision.data or ""]
    decide(page.row.request_id, page.scheme_id, form.words.data or "", actor=me(), now=now())
    flash("Your decision is recorded. The organisation and the person who asked are told.")
    return redirect(url_for(".scheme_lead_request", code=page.code, request_id=page.row.request_id))
