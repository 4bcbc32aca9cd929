"""One's own account: name, address, password, and what roles one holds."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import SCHEME_ROLES, Action, Role
from app.domain.errors import DomainError
from app.edge.session import allow, me, now
from app.queries.accounts import account_page
from app.queries.lead_requests import own_requests
from app.services import accounts
from app.web.account import bp
from app.web.account.forms import ChangeEmailForm, ChangePasswordForm, NameForm
from app.web.account.proof import has_second_step, proof_first
from app.web.account.tools import address_of, begin_session, network_address, passwords, tokens
from app.web.account.words import ROLE_TITLES
from app.web.errors import status_of
from app.web.refusals import show_on


@bp.get("/account")
@allow(Action.USE_ACCOUNT)
def home() -> ResponseReturnValue:
    new = address_of("provider.new_organisation")
    page = account_page(actor=me())
    return render_template(
        "account/home.html",
        page=page,
        titles=ROLE_TITLES,
        new_organisation_url=new,
        two_step=has_second_step(),
        helps=Role.ADVISER in me().roles,
        keeps_interests=bool(SCHEME_ROLES & me().roles),
        requests=own_requests(actor=me(), now=now()),
    )


@bp.route("/account/name", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def change_name() -> ResponseReturnValue:
    form = NameForm(data={"name": me().name})
    if form.is_submitted():
        try:
            accounts.rename(form.name.data or "", actor=me(), now=now())
        except DomainError as error:
            show_on(form, error)
            return render_template("account/change_name.html", form=form), status_of(error)
        flash("Your name is changed.")
        return redirect(url_for(".home"))
    return render_template("account/change_name.html", form=form)


@bp.route("/account/password", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def change_password() -> ResponseReturnValue:
    first = proof_first() if has_second_step() else None
    if first:
        return first
    form, status = ChangePasswordForm(), 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                return _change_password(form)
        except DomainError as error:
            show_on(form, error)
            status = status_of(error)
    return render_template("account/change_password.html", form=form), status


def _change_password(form: ChangePasswordForm) -> ResponseReturnValue:
    entered = accounts.change_password(
        form.current_password.data or "",
        form.new_password.data or "",
        actor=me(),
        passwords=passwords(),
        tokens=tokens(),
        now=now(),
    )
    begin_session(entered, proved=True)
    flash("Your password is changed. Other devices that were signed in are signed out.")
    return redirect(url_for(".home"))


@bp.route("/account/email", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def change_email() -> ResponseReturnValue:
    first = proof_first() if has_second_step() else None
    if first:
        return first
    form, status = ChangeEmailForm(), 200
    if form.is_submitted():
        status = 422
        try:
            if form.validate():
                return _ask_for_new_address(form)
        except DomainError as error:
            show_on(form, error)
            status = status_of(error)
    return render_template("account/change_email.html", form=form, email=me().email), status


def _ask_for_new_address(form: ChangeEmailForm) -> ResponseReturnValue:
    accounts.ask_for_new_address(
        form.email.data or "",
        form.password.data or "",
        address=network_address(),
        actor=me(),
        passwords=passwords(),
        tokens=tokens(),
        now=now(),
    )
    flash("We have sent a link to the new address. Open it to confirm the address. Until then the old one stays.")
    return redirect(url_for(".home"))
