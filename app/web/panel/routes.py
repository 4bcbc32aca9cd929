"""Pages of a panel: the list, the declaration, the case, the vote, the decision."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.edge.session import allow, me, now, today
from app.queries.deciding import vote_page
from app.queries.panels import own_panel, panel_area, panel_home, panel_page
from app.services import panels, voting
from app.web.panel import bp
from app.web.panel.forms import DeclarationForm, VoteForm
from app.web.refusals import show_on


@bp.get("/panels")
@allow(Action.SEE_PANELS)
def home() -> ResponseReturnValue:
    return render_template("panel/home.html", rows=panel_home(me(), today()))


@bp.get("/panels/<int:panel_id>")
@allow(Action.SEE_PANELS)
def case(panel_id: int) -> ResponseReturnValue:
    """The case, once its reader has declared that nothing ties them to the provider."""
    own = own_panel(panel_id, me())
    if own.conflicted or not own.declared:
        return redirect(url_for(".declare", panel_id=panel_id))
    page = panel_page(panel_id, me(), today())
    return render_template("panel/case.html", page=page, case=page.case)


@bp.route("/panels/<int:panel_id>/declare", methods=["GET", "POST"])
@allow(Action.DECLARE_FOR_PANEL)
def declare(panel_id: int) -> ResponseReturnValue:
    case, form = own_panel(panel_id, me()), DeclarationForm()
    if case.declared:
        if case.conflicted:
            return render_template("panel/aside.html", case=case)
        return redirect(url_for(".case", panel_id=panel_id))
    if form.validate_on_submit():
        conflict = form.conflict.data != "no"
        try:
            panels.declare_for_panel(panel_id, conflict=conflict, words=form.words.data or "", actor=me(), now=now())
        except Invalid as error:
            show_on(form, error)
        else:
            return redirect(url_for(".case", panel_id=panel_id))
    return render_template("panel/declare.html", case=case, form=form), 422 if form.errors else 200


@bp.get("/panels/<int:panel_id>/areas/<code>")
@allow(Action.SEE_PANEL_CASE)
def area(panel_id: int, code: str) -> ResponseReturnValue:
    """One area, criterion by criterion: claim, evidence, scores and reasons."""
    case, reading = panel_area(panel_id, code, me(), today())
    return render_template("panel/area.html", case=case, area=reading)


@bp.route("/panels/<int:panel_id>/vote", methods=["GET", "POST"])
@allow(Action.VOTE)
def vote(panel_id: int) -> ResponseReturnValue:
    page = vote_page(panel_id, me(), today())
    form = VoteForm(
        data={"outcome": page.vote or None, "level": page.level, "reason": page.reason, "minuted": page.minuted}
    )
    form.offer(page.outcomes, page.levels)
    if form.validate_on_submit():
        try:
            _cast(panel_id, form)
        except (Invalid, Conflict) as error:
            show_on(form, error)
        else:
            flash("Your vote is recorded. You can change it until the chair closes the vote.")
            return redirect(url_for(".case", panel_id=panel_id))
        page = vote_page(panel_id, me(), today())
    return render_template("panel/vote.html", page=page, case=page.case, form=form), 422 if form.errors else 200


def _cast(panel_id: int, form: VoteForm) -> None:
    ballot = form.ballot()
    if ballot is None:
        raise Invalid({"outcome": "Choose how you vote."})
    minuted = bool(form.minuted.data)
    voting.vote(panel_id, ballot, form.reason.data or "", actor=me(), now=now(), today=today(), minuted=minuted)
