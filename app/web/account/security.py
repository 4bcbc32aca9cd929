"""How one signs in: two steps by app or passkey, recovery codes, where one was, and signing out everywhere."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.backends.one_time_codes import new_secret, setup_address, setup_picture
from app.domain.access import Action
from app.domain.errors import Conflict, Invalid
from app.edge.session import allow, me, now, today
from app.queries.two_step import passkey_row, security_page
from app.services import second_step, two_step
from app.services import sign_in as sign_ins
from app.web.account import bp
from app.web.account.proof import elsewhere, has_second_step, proof_first
from app.web.account.tools import begin_session, browser_key, passkeys, tokens, vault
from app.web.account.two_step_forms import PasskeyNameForm, SetUpAppForm
from app.web.account.words import MEANS
from app.web.errors import status_of
from app.web.refusals import show_on

SETTING_UP, TO_ADD = "set-up-app", "add-passkey"
SITE_NAME = "Touchstone"


@bp.get("/account/security")
@allow(Action.USE_ACCOUNT)
def security() -> ResponseReturnValue:
    page = security_page(actor=me())
    return render_template("account/security.html", page=page, means=MEANS, possible=passkeys().available)


@bp.route("/account/security/app", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def set_up_app() -> ResponseReturnValue:
    first = proof_first()
    if first:
        return first
    form = SetUpAppForm()
    secret = _secret_being_set_up()
    if not form.is_submitted():
        return _show_app(form, secret)
    try:
        if not form.validate():
            return _show_app(form, secret, 422)
        values: dict[str, Any] = {"vault": vault(), "tokens": tokens(), "now": now()}
        codes = two_step.set_up_app(secret, form.code.data or "", actor=me(), **values)
    except Invalid as error:
        show_on(form, error)
        return _show_app(form, secret, status_of(error))
    session.pop("setting_up", None)
    flash("Your authenticator app is set up. From now on you need it to sign in.")
    return _show_codes(codes) if codes else redirect(url_for(".security"))


@bp.route("/account/security/app/remove", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def remove_app() -> ResponseReturnValue:
    first = proof_first(anew=True)
    if first:
        return first
    page = security_page(actor=me())
    if page.app_since is None:
        return redirect(url_for(".security"))
    if request.method == "GET":
        return render_template("account/remove_app.html", page=page)
    try:
        _say_what_stays("The authenticator app is taken off your account.", two_step.remove_app(actor=me(), now=now()))
    except Conflict as error:
        flash(error.message, "warning")
    return redirect(url_for(".security"))


@bp.route("/account/security/recovery-codes", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def recovery_codes() -> ResponseReturnValue:
    first = proof_first()
    if first:
        return first
    if not has_second_step():
        return redirect(url_for(".security"))
    if request.method == "GET":
        return render_template("account/new_recovery_codes.html", page=security_page(actor=me()))
    return _show_codes(two_step.make_recovery_codes(actor=me(), tokens=tokens(), now=now()))


@bp.post("/account/security/recovery-codes/file")
@allow(Action.USE_ACCOUNT)
def recovery_codes_file() -> ResponseReturnValue:
    """The codes of the page that is open, as a text file. They come from that page: nothing here knows them any more."""
    codes = [code for code in request.form.getlist("shown")[:20] if len(code) <= 20 and code.isprintable()]
    text = render_template("account/recovery_codes.txt", codes=codes, email=me().email, on=today())
    name = "touchstone-recovery-codes.txt"
    return Response(text, mimetype="text/plain", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.route("/account/security/passkeys/add", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def add_passkey() -> ResponseReturnValue:
    first = proof_first()
    if first:
        return first
    form = PasskeyNameForm()
    if not form.is_submitted():
        return _show_add(form)
    try:
        signed, answer = request.form.get("challenge", ""), request.form.get("answer", "")
        values: dict[str, Any] = {"tokens": tokens(), "now": now()}
        challenge = second_step.asked(signed, TO_ADD, me().user_id or 0, browser_key(), **values)
        name = form.passkey_name.data or ""
        codes = two_step.add_passkey(answer, challenge, name, actor=me(), passkeys=passkeys(), **values)
    except Invalid as error:
        show_on(form, error)
        return _show_add(form, status_of(error))
    flash("The passkey is added. You can sign in with it from now on.")
    return _show_codes(codes) if codes else redirect(url_for(".security"))


@bp.route("/account/security/passkeys/<int:passkey_id>", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def rename_passkey(passkey_id: int) -> ResponseReturnValue:
    row = passkey_row(passkey_id, actor=me())
    form = PasskeyNameForm(data={"passkey_name": row.name})
    if not form.is_submitted():
        return render_template("account/rename_passkey.html", form=form, row=row)
    try:
        two_step.rename_passkey(passkey_id, form.passkey_name.data or "", actor=me(), now=now())
    except Invalid as error:
        show_on(form, error)
        return render_template("account/rename_passkey.html", form=form, row=row), status_of(error)
    flash("The passkey has its new name.")
    return redirect(url_for(".security"))


@bp.route("/account/security/passkeys/<int:passkey_id>/remove", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    row = passkey_row(passkey_id, actor=me())
    first = proof_first(anew=True)
    if first:
        return first
    if request.method == "GET":
        return render_template("account/remove_passkey.html", page=security_page(actor=me()), row=row)
    stays = two_step.remove_passkey(passkey_id, actor=me(), now=now())
    _say_what_stays(f"The passkey {row.name} is taken off your account.", stays)
    return redirect(url_for(".security"))


@bp.post("/account/security/sign-out-everywhere")
@allow(Action.USE_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    begin_session(sign_ins.sign_out_everywhere(actor=me(), now=now()))
    flash("Every other device is signed out. You are still signed in here.")
    return redirect(url_for(".security"))


def _secret_being_set_up() -> str:
    """The key of the app that is being set up in this browser, sealed in its session, so that a second look shows the same."""
    sealed = session.get("setting_up")
    found = vault().open(SETTING_UP, sealed) if sealed else None
    user, _, secret = (found or "").partition(":")
    if user != str(me().user_id):
        secret = new_secret()
        session["setting_up"] = vault().seal(SETTING_UP, f"{me().user_id}:{secret}")
    return secret


def _show_app(form: SetUpAppForm, secret: str, status: int = 200) -> ResponseReturnValue:
    address = setup_address(secret, me().email, SITE_NAME)
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    picture = Markup(setup_picture(address))  # noqa: S704  drawn by us from our own key
    return render_template("account/set_up_app.html", form=form, picture=picture, key=groups, address=address), status


def _show_codes(codes: tuple[str, ...]) -> ResponseReturnValue:
    answer = Response(render_template("account/recovery_codes.html", codes=codes))
    answer.headers["Cache-Control"] = "no-store"  # they are shown this once
    return answer


def _show_add(form: PasskeyNameForm, status: int = 200) -> ResponseReturnValue:
    if not passkeys().available:
        return redirect(url_for(".security"))
    actor, page = me(), security_page(actor=me())
    user_id = actor.user_id or 0
    challenge, signed = second_step.ask(TO_ADD, user_id, browser_key(), tokens=tokens(), now=now())
    handle = tokens().fingerprint("passkey-user", str(user_id))
    known = [row.credential_id for row in page.passkeys]
    options = passkeys().ask_to_add(challenge, handle, actor.email, actor.name, known)
    asked = {"options": options, "challenge": signed, "elsewhere": elsewhere()}
    return render_template("account/add_passkey.html", form=form, page=page, asked=asked), status


def _say_what_stays(words: str, stays: bool) -> None:
    if stays:
        flash(words)
    else:
        flash(f"{words} Two-step sign-in is off: your password alone opens your account.", "warning")
