"""Advisers from outside: an organisation lets them help, changes what they may do, and ends it; they see whom they help."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import GIVEN_TO_ADVISERS, Action
from app.domain.errors import Conflict, Invalid, NotFound, Throttled
from app.edge.session import allow, me, now, today
from app.queries.advising import AdviserRow, AdvisersPage, advisers_page, helped_page
from app.services import advising
from app.web.errors import status_of
from app.web.offers import deal_with_offer
from app.web.provider import bp
from app.web.provider.helping_forms import RIGHT_MEANINGS, RIGHT_TITLES, AdviserForm, RightsForm
from app.web.provider.words import STATUS_WORDS
from app.web.refusals import show_on

NOT_THERE = "There is no such page, or it is not open to you."


@bp.get("/organisations/<int:organisation_id>/advisers")
@allow(Action.SEE_PEOPLE)
def advisers(organisation_id: int) -> ResponseReturnValue:
    return _show(advisers_page(organisation_id, me(), now(), today()), AdviserForm.fresh())


@bp.post("/organisations/<int:organisation_id>/advisers")
@allow(Action.LET_ADVISE)
def invite_adviser(organisation_id: int) -> ResponseReturnValue:
    page, form = advisers_page(organisation_id, me(), now(), today()), AdviserForm()
    if not form.validate():
        return _show(page, form, 422)
    try:
        advising.invite_adviser(
            organisation_id, form.email.data or "", form.help(), actor=me(), now=now(), today=today()
        )
    except (Invalid, Throttled) as error:
        show_on(form, error)
        return _show(page, form, status_of(error))
    flash(f"We have sent an invitation to {(form.email.data or '').strip()}. It is open for 14 days.")
    return _back(organisation_id)


@bp.route("/organisations/<int:organisation_id>/advisers/<int:grant_id>", methods=["GET", "POST"])
@allow(Action.LET_ADVISE)
def adviser(organisation_id: int, grant_id: int) -> ResponseReturnValue:
    page, row = _row(organisation_id, grant_id)
    form = RightsForm.of(row)
    if form.is_submitted():
        try:
            if form.validate():
                version = form.version.data or 0
                advising.change_rights(grant_id, form.help(), version, actor=me(), now=now(), today=today())
                flash(f"What {row.name} may do is changed. It counts from now on.")
                return _back(organisation_id)
        except Invalid as error:
            show_on(form, error)
        except Conflict as error:
            flash(error.message, "warning")
            return redirect(url_for(".adviser", organisation_id=organisation_id, grant_id=grant_id))
    return render_template(
        "provider/adviser.html", page=page, row=row, form=form, hints=RIGHT_HINTS
    ), 422 if form.errors else 200


@bp.route("/organisations/<int:organisation_id>/advisers/<int:grant_id>/end", methods=["GET", "POST"])
@allow(Action.LET_ADVISE)
def end_advice(organisation_id: int, grant_id: int) -> ResponseReturnValue:
    page, row = _row(organisation_id, grant_id)
    if request.method == "GET":
        return render_template("provider/end_advice.html", page=page, row=row)
    advising.end_advice(grant_id, actor=me(), now=now())
    flash(f"{row.name} can no longer see or change anything of {page.organisation}.")
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/advisers/invitations/<int:invitation_id>/<any(cancel,resend):verb>")
@allow(Action.LET_ADVISE)
def adviser_invitation(organisation_id: int, invitation_id: int, verb: str) -> ResponseReturnValue:
    page = advisers_page(organisation_id, me(), now(), today())
    deal_with_offer({row.invitation_id for row in page.offers}, invitation_id, verb)
    return _back(organisation_id)


@bp.get("/helping")
@allow(Action.USE_ACCOUNT)
def helping() -> ResponseReturnValue:
    page = helped_page(me(), request.args.get("page", 1, type=int))
    return render_template("provider/helping.html", page=page, titles=RIGHT_TITLES, status_words=STATUS_WORDS)


@bp.route("/helping/<int:organisation_id>/stop", methods=["GET", "POST"])
@allow(Action.ADVISE)
def stop_helping(organisation_id: int) -> ResponseReturnValue:
    row = next((row for row in helped_page(me()).rows if row.organisation_id == organisation_id), None)
    if row is None:
        raise NotFound(NOT_THERE)
    if request.method == "GET":
        return render_template("provider/stop_helping.html", row=row)
    advising.stop_advising(organisation_id, actor=me(), now=now())
    flash(f"You no longer help {row.name}. Its leads are told.")
    return redirect(url_for(".helping"))


RIGHT_HINTS = {right.value: RIGHT_MEANINGS[right] for right in GIVEN_TO_ADVISERS if right in RIGHT_MEANINGS}


def _show(page: AdvisersPage, form: AdviserForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "provider/advisers.html", page=page, form=form, titles=RIGHT_TITLES, hints=RIGHT_HINTS
    ), status


def _row(organisation_id: int, grant_id: int) -> tuple[AdvisersPage, AdviserRow]:
    page = advisers_page(organisation_id, me(), now(), today())
    for row in page.advisers:
        if row.grant_id == grant_id:
            return page, row
    raise NotFound(NOT_THERE)


def _back(organisation_id: int) -> ResponseReturnValue:
    return redirect(url_for(".advisers", organisation_id=organisation_id))
