"""A new password for who forgot theirs."""

from __future__ import annotations

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import DomainError, NotFound
from app.edge.session import allow, now
from app.services import accounts
from app.web.account import bp
from app.web.account.forms import EmailForm, NewPasswordForm
from app.web.account.sign_up import stale
from app.web.account.tools import network_address, passwords, tokens
from app.web.errors import status_of
from app.web.refusals import show_on


@bp.route("/forgot-password", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def forgot_password() -> ResponseReturnValue:
    form = EmailForm()
    if not form.is_submitted():
        return render_template("account/forgot_password.html", form=form)
    try:
        accounts.ask_for_reset(form.email.data or "", address=network_address(), tokens=tokens(), now=now())
    except DomainError as error:
        show_on(form, error)
        return render_template("account/forgot_password.html", form=form), status_of(error)
    return render_template("account/forgot_password_sent.html", email=(form.email.data or "").strip())


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def reset_password(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    try:
        about = accounts.check_reset(token, tokens=tokens(), now=now())
        if not form.is_submitted():
            return render_template("account/reset_password.html", form=form, about=about)
        accounts.reset_password(token, form.password.data or "", passwords=passwords(), tokens=tokens(), now=now())
    except NotFound as error:
        return stale(error)
    except DomainError as error:
        show_on(form, error)
        return render_template("account/reset_password.html", form=form, about=about), status_of(error)
    session.clear()
    flash("Your password is changed. Sign in with the new one.")
    return redirect(url_for(".sign_in"))
