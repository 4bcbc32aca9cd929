"""The chair's steps around the vote: who is there, closing it, opening it again; and a member's dissent."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, DomainError, Incomplete, Invalid
from app.edge.session import allow, me, now, today
from app.queries.deciding import decision_page, presence_page
from app.services import voting
from app.web.errors import status_of
from app.web.fields import choices
from app.web.panel import bp
from app.web.panel.forms import PresenceForm, ReopenForm
from app.web.refusals import show_on


def _back(panel_id: int) -> ResponseReturnValue:
    return redirect(url_for(".case", panel_id=panel_id))


@bp.route("/panels/<int:panel_id>/close", methods=["GET", "POST"])
@allow(Action.DECIDE)
def close_vote(panel_id: int) -> ResponseReturnValue:
    """Who has voted, and the button that ends it."""
    page, problem = decision_page(panel_id, me(), today()), ""
    if page.case.decided or page.case.closed_at:
        return redirect(url_for(".decide", panel_id=panel_id))
    if request.method == "POST":
        try:
            voting.close_vote(panel_id, actor=me(), now=now())
        except (Incomplete, Conflict) as error:
            page, problem = decision_page(panel_id, me(), today()), error.message
        else:
            flash("The vote is closed. Nobody can change a vote now.")
            return redirect(url_for(".decide", panel_id=panel_id))
    return render_template("panel/close_vote.html", page=page, case=page.case, problem=problem), 409 if problem else 200


@bp.route("/panels/<int:panel_id>/reopen", methods=["GET", "POST"])
@allow(Action.DECIDE)
def reopen_vote(panel_id: int) -> ResponseReturnValue:
    page, form = decision_page(panel_id, me(), today()), ReopenForm()
    if not form.is_submitted() and not page.case.closed_at:
        return _back(panel_id)
    if form.validate_on_submit():
        try:
            voting.reopen_vote(panel_id, form.reason.data or "", actor=me(), now=now())
        except Invalid as error:
            show_on(form, error)
        else:
            flash("The vote is open again. The other members are told why.")
            return _back(panel_id)
    return render_template("panel/reopen_vote.html", page=page, case=page.case, form=form), 422 if form.errors else 200


@bp.route("/panels/<int:panel_id>/presence", methods=["GET", "POST"])
@allow(Action.DECIDE)
def presence(panel_id: int) -> ResponseReturnValue:
    """Who is there for this case: the quorum is counted from them."""
    page = presence_page(panel_id, me())
    if page.case.decided:
        return _back(panel_id)
    form = PresenceForm(data={"present": list(page.present)})
    form.present.choices = choices((each.user_id, each.words) for each in page.members)
    if form.validate_on_submit():
        voting.record_presence(panel_id, form.present.data or (), actor=me(), now=now())
        flash("It is recorded who is there for this case.")
        return _back(panel_id)
    return render_template("panel/presence.html", page=page, case=page.case, form=form), 422 if form.errors else 200


@bp.post("/panels/<int:panel_id>/dissent")
@allow(Action.VOTE)
def dissent(panel_id: int) -> ResponseReturnValue:
    minuted = request.form.get("minuted") == "yes"
    try:
        voting.ask_for_minutes(panel_id, minuted, actor=me(), now=now())
    except DomainError as error:
        if status_of(error) != 409:
            raise
        flash(error.message, "warning")
    else:
        flash("Your reasons will be in the minutes." if minuted else "Your reasons will not be in the minutes.")
    return _back(panel_id)
