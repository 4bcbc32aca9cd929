"""Leaving an organisation oneself."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict
from app.edge.session import allow, me, now
from app.queries.leaving import leaving_page
from app.services import colleagues
from app.web.account import bp


@bp.get("/organisations/<int:organisation_id>/leave")
@allow(Action.LEAVE_ORGANISATION)
def leave(organisation_id: int) -> ResponseReturnValue:
    return render_template("account/leave.html", page=leaving_page(organisation_id, actor=me()))


@bp.post("/organisations/<int:organisation_id>/leave")
@allow(Action.LEAVE_ORGANISATION)
def left(organisation_id: int) -> ResponseReturnValue:
    page = leaving_page(organisation_id, actor=me())
    try:
        colleagues.leave_organisation(organisation_id, actor=me(), now=now())
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for(".leave", organisation_id=organisation_id))
    flash(f"You have left {page.name}. If that was a mistake, ask one of its leads to invite you again.")
    return redirect(url_for(".home"))
