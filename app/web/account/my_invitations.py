"""The invitations that wait for whoever is signed in, taken up or declined without the link in the message."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict
from app.edge.session import allow, me, now
from app.queries.consortia import led_by
from app.queries.own_invitations import own_invitations
from app.services import consortia
from app.services import invitations as services
from app.web.account import bp
from app.web.account.words import RIGHT_OFFERS, ROLE_MEANINGS, ROLE_TITLES


@bp.get("/account/invitations")
@allow(Action.USE_ACCOUNT)
def my_invitations() -> ResponseReturnValue:
    return render_template(
        "account/my_invitations.html",
        rows=own_invitations(me(), now()),
        led=led_by(me()),
        titles=ROLE_TITLES,
        meanings=ROLE_MEANINGS,
        rights=RIGHT_OFFERS,
    )


@bp.post("/account/invitations/<int:invitation_id>/<any(accept,decline):verb>")
@allow(Action.USE_ACCOUNT)
def my_invitation(invitation_id: int, verb: str) -> ResponseReturnValue:
    if verb == "accept":
        return _accept(invitation_id)
    services.decline_own_invitation(invitation_id, actor=me(), now=now())
    flash("You have declined the invitation.")
    return redirect(url_for(".my_invitations"))


def _accept(invitation_id: int) -> ResponseReturnValue:
    member = request.form.get("member", "")
    try:
        if member.isdecimal():
            consortia.take_up_own_offer(invitation_id, int(member[:9]), actor=me(), now=now())
        else:
            services.accept_own_invitation(invitation_id, actor=me(), now=now())
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for(".my_invitations"))
    flash("You have accepted the invitation.")
    return redirect(url_for(".my_home"))
