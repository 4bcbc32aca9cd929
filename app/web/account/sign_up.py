"""Making an account and confirming its address."""

from __future__ import annotations

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import DomainError, NotFound
from app.edge.session import allow, me, now
from app.services import accounts
from app.services import sign_up as services
from app.services.sign_in import Entered
from app.web.account import bp
from app.web.account.forms import EmailForm, SignUpForm
from app.web.account.tools import begin_session, first_step, home_of, network_address, passwords, tokens
from app.web.errors import status_of
from app.web.refusals import show_on


@bp.route("/sign-up", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def sign_up() -> ResponseReturnValue:
    form = SignUpForm()
    if not form.is_submitted():
        return render_template("account/sign_up.html", form=form)
    if not form.validate():
        return render_template("account/sign_up.html", form=form), 422
    try:
        services.sign_up(
            form.name.data or "",
            form.email.data or "",
            form.password.data or "",
            address=network_address(),
            passwords=passwords(),
            tokens=tokens(),
            now=now(),
        )
    except DomainError as error:
        show_on(form, error)
        return render_template("account/sign_up.html", form=form), status_of(error)
    session["signing_up"] = (form.email.data or "").strip().lower()
    return redirect(url_for(".check_mail"))


@bp.route("/sign-up/sent", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def check_mail() -> ResponseReturnValue:
    """What to do now, and the link once more for whom it has not reached."""
    email = session.get("signing_up", "")
    form = EmailForm(data={"email": email})
    if not form.is_submitted():
        return render_template("account/check_mail.html", form=form, email=email)
    try:
        services.send_confirmation(form.email.data or "", address=network_address(), tokens=tokens(), now=now())
    except DomainError as error:
        show_on(form, error)
        return render_template("account/check_mail.html", form=form, email=email), status_of(error)
    session["signing_up"] = (form.email.data or "").strip().lower()
    flash("We have sent the mail again.")
    return redirect(url_for(".check_mail"))


@bp.get("/confirm/<token>")
@allow(Action.USE_PUBLIC_SITE)
def confirm(token: str) -> ResponseReturnValue:
    """A button: programs that look through mail follow links, but press nothing."""
    try:
        about = services.confirmation(token, tokens=tokens(), now=now())
    except NotFound as error:
        return stale(error)
    return render_template("account/confirm.html", about=about)


@bp.post("/confirm/<token>")
@allow(Action.USE_PUBLIC_SITE)
def confirmed(token: str) -> ResponseReturnValue:
    try:
        if services.confirmation(token, tokens=tokens(), now=now()).changes:
            own = me().user_id
            entered = accounts.change_address(token, tokens=tokens(), now=now())
            if own == entered.user_id:
                begin_session(entered)
            flash("Your new e-mail address is confirmed. Sign in with it from now on.")
            return redirect(url_for(".home"))
        entered = services.confirm(token, tokens=tokens(), now=now())
    except NotFound as error:
        return stale(error)
    return _welcome(entered)


def _welcome(entered: Entered) -> ResponseReturnValue:
    """Only the browser that signed up is let in at once. A link alone, in another's hands, opens nothing."""
    flash("Your e-mail address is confirmed.")
    here = session.get("signing_up") == entered.email and not entered.second_step
    if not here and me().user_id != entered.user_id:
        return redirect(url_for(".sign_in", next=first_step()))
    actor = begin_session(entered)
    flash("Your e-mail address is confirmed. Welcome.")
    return redirect(home_of(actor) if actor.roles else first_step())


def stale(error: NotFound) -> ResponseReturnValue:
    """A link that opens nothing any more, and what to do about it."""
    return render_template("account/stale_link.html", message=error.message), 404
