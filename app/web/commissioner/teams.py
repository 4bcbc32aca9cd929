"""Teams of commissioners: making one, who is in it, inviting others, joining and leaving."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Throttled
from app.edge.session import allow, me, now
from app.queries.shortlists import own_lists
from app.queries.teams import TeamOffer, own_teams, team_offer, team_page
from app.services import teams as services
from app.web.account.forms import NewcomerForm
from app.web.account.sign_up import stale
from app.web.account.tools import begin_session, passwords
from app.web.commissioner import bp
from app.web.commissioner.forms import InviteForm, TeamForm
from app.web.errors import status_of
from app.web.refusals import show_on


@bp.route("/teams", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def teams() -> ResponseReturnValue:
    form, status = TeamForm(), 200
    if form.is_submitted():
        try:
            team_id = services.make_team(form.name.data or "", form.organisation.data or "", actor=me(), now=now())
            flash("The team is made. Invite the others.")
            return redirect(url_for(".team", team_id=team_id))
        except Invalid as error:
            show_on(form, error)
            status = status_of(error)
    return render_template("commissioner/teams.html", rows=own_teams(me()), form=form), status


@bp.get("/teams/<int:team_id>")
@allow(Action.USE_LISTS)
def team(team_id: int) -> ResponseReturnValue:
    return _team(team_id, InviteForm(None))


def _team(team_id: int, form: InviteForm, status: int = 200) -> ResponseReturnValue:
    page = team_page(team_id, me(), now())
    rows = [row for row in own_lists(me()) if row.team_id == team_id]
    return render_template("commissioner/team.html", page=page, form=form, lists=rows, my_email=me().email), status


@bp.route("/teams/<int:team_id>/name", methods=["GET", "POST"])
@allow(Action.USE_LISTS)
def rename_team(team_id: int) -> ResponseReturnValue:
    page = team_page(team_id, me(), now())
    form = TeamForm(data={"name": page.name, "organisation": page.organisation, "version": page.version})
    if not form.is_submitted():
        return render_template("commissioner/rename_team.html", page=page, form=form)
    version = int(form.version.data) if str(form.version.data or "").isdecimal() else 0
    try:
        services.describe_team(
            team_id, form.name.data or "", form.organisation.data or "", version, actor=me(), now=now()
        )
    except (Invalid, Conflict) as error:
        show_on(form, error)
        form.version.raw_data, form.version.data = None, str(team_page(team_id, me(), now()).version)
        return render_template("commissioner/rename_team.html", page=page, form=form), status_of(error)
    flash("Saved.")
    return redirect(url_for(".team", team_id=team_id))


@bp.post("/teams/<int:team_id>/invite")
@allow(Action.USE_LISTS)
def invite_to_team(team_id: int) -> ResponseReturnValue:
    form = InviteForm()
    try:
        services.invite_to_team(team_id, form.email.data or "", actor=me(), now=now())
    except (Invalid, Throttled) as error:
        show_on(form, error)
        return _team(team_id, form, status_of(error))
    flash(f"An invitation is on its way to {(form.email.data or '').strip()}.")
    return redirect(url_for(".team", team_id=team_id))


@bp.post("/teams/<int:team_id>/invitations/<int:invitation_id>/cancel")
@allow(Action.USE_LISTS)
def cancel_team_invitation(team_id: int, invitation_id: int) -> ResponseReturnValue:
    services.cancel_team_invitation(team_id, invitation_id, actor=me(), now=now())
    flash("The invitation is cancelled. Its link works no more.")
    return redirect(url_for(".team", team_id=team_id))


@bp.post("/teams/<int:team_id>/leave")
@allow(Action.USE_LISTS)
def leave_team(team_id: int) -> ResponseReturnValue:
    try:
        services.leave_team(team_id, actor=me(), now=now())
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for(".team", team_id=team_id))
    flash("You have left the team. Its lists stay with it.")
    return redirect(url_for(".teams"))


@bp.route("/team-invitations/<token>", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def team_invitation(token: str) -> ResponseReturnValue:
    form = NewcomerForm()
    try:
        page = team_offer(token, now())
        if not form.is_submitted():
            return _offer(page, form)
        if me().signed_in:
            team_id = services.join_team(token, actor=me(), now=now())
            flash(f"Welcome to {page.team}.")
            return redirect(url_for(".team", team_id=team_id))
        return _join(token, page, form)
    except NotFound as error:
        return stale(error)
    except NotAllowed as error:
        flash(error.message, "warning")
        return _offer(page, form, 403)


def _join(token: str, page: TeamOffer, form: NewcomerForm) -> ResponseReturnValue:
    if not form.validate():
        return _offer(page, form, 422)
    try:
        entered = services.join_team_as_newcomer(
            token, form.name.data or "", form.password.data or "", passwords=passwords(), now=now()
        )
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for("account.sign_in", next=url_for(".team_invitation", token=token)))
    except Invalid as error:
        show_on(form, error)
        return _offer(page, form, status_of(error))
    begin_session(entered)
    flash(f"Welcome to {page.team}.")
    return redirect(url_for(".lists"))


def _offer(page: TeamOffer, form: NewcomerForm, status: int = 200) -> ResponseReturnValue:
    return render_template("commissioner/team_invitation.html", page=page, form=form, actor=me()), status
