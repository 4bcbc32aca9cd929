"""Members of a consortium: inviting, joining, leading and leaving."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid, Throttled
from app.edge.session import allow, me, now
from app.queries.consortia import MembersPage, join_page, members_page
from app.services import consortia as services
from app.web.errors import status_of
from app.web.offers import deal_with_offer
from app.web.provider import bp
from app.web.provider.forms import row_id
from app.web.provider.helping_forms import MemberForm
from app.web.refusals import show_on

NOT_THERE = "There is no such page, or it is not open to you."


@bp.get("/organisations/<int:organisation_id>/members")
@allow(Action.SEE_PEOPLE)
def members(organisation_id: int) -> ResponseReturnValue:
    return _show(members_page(organisation_id, me(), now()), MemberForm())


@bp.post("/organisations/<int:organisation_id>/members")
@allow(Action.MANAGE_MEMBERS)
def invite_member(organisation_id: int) -> ResponseReturnValue:
    page, form = members_page(organisation_id, me(), now()), MemberForm()
    if not form.validate():
        return _show(page, form, 422)
    try:
        services.invite_member(organisation_id, form.email.data or "", actor=me(), now=now())
    except (Invalid, Throttled) as error:
        show_on(form, error)
        return _show(page, form, status_of(error))
    except Conflict as error:
        flash(error.message, "warning")
        return _show(page, form, 409)
    flash(f"We have sent an invitation to {(form.email.data or '').strip()}. It is open for 14 days.")
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/members/invitations/<int:invitation_id>/<any(cancel,resend):verb>")
@allow(Action.MANAGE_MEMBERS)
def member_invitation(organisation_id: int, invitation_id: int, verb: str) -> ResponseReturnValue:
    page = members_page(organisation_id, me(), now())
    deal_with_offer({row.invitation_id for row in page.offers}, invitation_id, verb)
    return _back(organisation_id)


@bp.post("/organisations/<int:organisation_id>/members/<int:membership_id>/lead")
@allow(Action.MANAGE_MEMBERS)
def lead_member(organisation_id: int, membership_id: int) -> ResponseReturnValue:
    row = members_page(organisation_id, me(), now()).member(membership_id)
    services.make_lead_member(membership_id, actor=me(), now=now())
    flash(f"{row.name} leads the consortium from now on.")
    return _back(organisation_id)


@bp.route("/organisations/<int:organisation_id>/members/<int:membership_id>/end", methods=["GET", "POST"])
@allow(Action.SEE_PEOPLE)
def end_membership(organisation_id: int, membership_id: int) -> ResponseReturnValue:
    page = members_page(organisation_id, me(), now())
    row = page.member(membership_id)
    if request.method == "GET":
        return render_template("provider/end_membership.html", page=page, row=row)
    services.end_membership(membership_id, actor=me(), now=now())
    flash("The membership has ended. The leads of the other organisation are told.")
    return _back(organisation_id)


@bp.route("/consortia/join/<token>", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def join_consortium(token: str) -> ResponseReturnValue:
    page = join_page(token, me(), now())
    if request.method == "GET":
        return render_template("provider/join_consortium.html", page=page, actor=me())
    try:
        services.join_consortium(token, row_id(request.form.get("member")) or 0, actor=me(), now=now())
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for(".join_consortium", token=token))
    flash(f"Your organisation is a member of {page.offer.place} now.")
    return redirect(url_for(".helping"))


def _show(page: MembersPage, form: MemberForm, status: int = 200) -> ResponseReturnValue:
    return render_template("provider/members.html", page=page, form=form), status


def _back(organisation_id: int) -> ResponseReturnValue:
    return redirect(url_for(".members", organisation_id=organisation_id))
