"""Taking up an invitation."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import ORGANISATION_ROLES, Action, Role
from app.domain.errors import Conflict, Invalid, NotFound
from app.edge.session import allow, me, now
from app.queries.invitations import InvitationPage, invitation_page
from app.services import invitations as services
from app.web.account import bp
from app.web.account.forms import NewcomerForm
from app.web.account.sign_up import stale
from app.web.account.tools import address_of, begin_session, home_of, passwords
from app.web.account.words import RIGHT_OFFERS, ROLE_MEANINGS, ROLE_TITLES
from app.web.errors import status_of
from app.web.refusals import show_on

WORKPLACES = {Role.ADVISER: "provider.helping", Role.ASSESSOR: "assessor.home", Role.PANEL_MEMBER: "panel.home"}


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def invitation(token: str) -> ResponseReturnValue:
    try:
        page = invitation_page(token, now=now())
        if page.role is Role.MEMBER and me().signed_in:
            return redirect(url_for("provider.join_consortium", token=token))
        if request.method == "GET":
            return _show(page, NewcomerForm())
        if me().signed_in:
            services.accept_invitation(token, actor=me(), now=now())
            return _welcome(page)
        return _join(token, page)
    except NotFound as error:
        return stale(error)


def _join(token: str, page: InvitationPage) -> ResponseReturnValue:
    form = NewcomerForm()
    if not form.validate():
        return _show(page, form, 422)
    try:
        entered = services.accept_as_newcomer(
            token, form.name.data or "", form.password.data or "", passwords=passwords(), now=now()
        )
    except Conflict as error:
        flash(error.message, "warning")
        return redirect(url_for(".sign_in", next=url_for(".invitation", token=token)))
    except Invalid as error:
        show_on(form, error)
        return _show(page, form, status_of(error))
    begin_session(entered)
    if page.role is Role.MEMBER:
        return redirect(url_for("provider.join_consortium", token=token))
    return _welcome(page)


def _show(page: InvitationPage, form: NewcomerForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "account/invitation.html",
        page=page,
        form=form,
        title=ROLE_TITLES[page.role],
        meaning=ROLE_MEANINGS[page.role],
        rights=RIGHT_OFFERS,
        actor=me(),
    ), status


def _welcome(page: InvitationPage) -> ResponseReturnValue:
    flash(f"Welcome. You now {'help' if page.role is Role.ADVISER else 'work with'} {page.place}.")
    if page.role in ORGANISATION_ROLES:
        return redirect(address_of("provider.home") or home_of(me()))
    return redirect(address_of(WORKPLACES.get(page.role, "")) or url_for(".home"))
