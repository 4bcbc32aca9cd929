"""The invitations that wait for whoever is signed in, taken up or declined without the link in the message."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me, now
from app.queries.own_invitations import own_invitations
from app.services import invitations as services
from app.web.account import bp
from app.web.account.words import ROLE_MEANINGS, ROLE_TITLES


@bp.get("/account/invitations")
@allow(Action.USE_ACCOUNT)
def my_invitations() -> ResponseReturnValue:
    return render_template(
        "account/my_invitations.html", rows=own_invitations(me(), now()), titles=ROLE_TITLES, meanings=ROLE_MEANINGS
    )


@bp.post("/account/invitations/<int:invitation_id>/<any(accept,decline):verb>")
@allow(Action.USE_ACCOUNT)
def my_invitation(invitation_id: int, verb: str) -> ResponseReturnValue:
    if verb == "accept":
        services.accept_own_invitation(invitation_id, actor=me(), now=now())
        flash("You have accepted the invitation.")
        return redirect(url_for(".my_home"))
    services.decline_own_invitation(invitation_id, actor=me(), now=now())
    flash("You have declined the invitation.")
    return redirect(url_for(".my_invitations"))
