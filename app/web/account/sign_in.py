"""Signing in and out."""

from __future__ import annotations

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import logout_user

from app.domain.access import Action
from app.domain.errors import Invalid, Throttled
from app.edge.session import allow, me, now
from app.services import sign_in as services
from app.services import sign_up
from app.services.sign_in import Entered
from app.web.account import bp, resume
from app.web.account.entering import let_in
from app.web.account.forms import SignInForm
from app.web.account.second_step import begin, show_sign_in
from app.web.account.tools import local, network_address, onward, passwords, tokens
from app.web.refusals import show_on


@bp.route("/sign-in", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def sign_in() -> ResponseReturnValue:
    if request.method == "GET" and me().signed_in:
        return onward(request.args.get("next"))
    form = SignInForm(data={"next": local(request.args.get("next"))})
    status, headers = 200, {}
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                return _enter(form)
        except Invalid as error:
            show_on(form, error)
        except Throttled as error:
            show_on(form, error)
            status, headers = 429, {"Retry-After": str(error.retry_after)}
    return show_sign_in(form, status, headers)


def _enter(form: SignInForm) -> ResponseReturnValue:
    entered = services.sign_in(
        form.email.data or "",
        form.password.data or "",
        address=network_address(),
        passwords=passwords(),
        tokens=tokens(),
        now=now(),
    )
    if not entered.confirmed:
        return _confirm_first(entered)
    if entered.second_step:
        return begin(entered, form.next.data, form.kept.data)
    return let_in(entered, form.next.data, resume.unpack(form.kept.data))


def _confirm_first(entered: Entered) -> ResponseReturnValue:
    sign_up.send_confirmation(entered.email, address=network_address(), tokens=tokens(), now=now())
    session["signing_up"] = entered.email
    flash("Confirm your e-mail address first. We have sent you the link again.", "warning")
    return redirect(url_for(".check_mail"))


@bp.post("/sign-out")
@allow(Action.USE_PUBLIC_SITE)
def sign_out() -> ResponseReturnValue:
    logout_user()
    session.clear()
    flash("You are signed out.")
    response = redirect(local(request.form.get("next")) or "/")
    # The next person at this computer must not page back to what the last one saw.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
