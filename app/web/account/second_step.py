"""The second step of signing in, and signing in with a passkey alone."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import Invalid, NotFound, Throttled
from app.domain.two_step import SECOND_STEP_WITHIN
from app.edge.session import allow, me, now
from app.queries.two_step import steps_of
from app.services import second_step as services
from app.services.sign_in import Entered
from app.web.account import bp, resume
from app.web.account.entering import let_in
from app.web.account.forms import SignInForm
from app.web.account.proof import ask_for_passkey
from app.web.account.tools import browser_key, local, network_address, onward, passkeys, tokens, vault
from app.web.account.two_step_forms import RecoveryCodeForm, SecondStepForm
from app.web.errors import status_of
from app.web.refusals import show_on

AT_THE_DOOR, AS_SECOND = "sign-in", "second-step"
FEW = 3


def begin(entered: Entered, wanted: str | None, kept: str | None) -> ResponseReturnValue:
    """Note that the password is proved, and ask for the second step. Nobody is signed in yet."""
    session.pop("signing_up", None)
    session["half_in"] = {
        "user": entered.user_id,
        "key": entered.session_key,
        "email": entered.email,
        "until": (now() + SECOND_STEP_WITHIN).timestamp(),
    }
    if kept:  # words that were kept are too many for an address
        return _show(entered, SecondStepForm(formdata=None, data={"next": local(wanted), "kept": kept}))
    return redirect(url_for("account.second_step", next=local(wanted)))


@bp.route("/sign-in/second-step", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def second_step() -> ResponseReturnValue:
    begun = _begun()
    if begun is None:
        return _begin_again()
    form = SecondStepForm(data={"next": local(request.args.get("next"))})
    if not form.is_submitted():
        return _show(begun, form)
    try:
        if not form.validate():
            return _show(begun, form, 422)
        values: dict[str, Any] = {"address": network_address(), "vault": vault(), "tokens": tokens(), "now": now()}
        entered = services.finish_with_code(begun, form.code.data or "", **values)
    except NotFound:
        return _begin_again()
    except (Invalid, Throttled) as error:
        show_on(form, error)
        return _show(begun, form, status_of(error))
    return let_in(entered, form.next.data, resume.unpack(form.kept.data))


@bp.route("/sign-in/recovery-code", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
def recovery_code() -> ResponseReturnValue:
    begun = _begun()
    if begun is None:
        return _begin_again()
    form, status = RecoveryCodeForm(data={"next": local(request.args.get("next"))}), 200
    if form.is_submitted() and "open" not in request.form:
        status = 422
        try:
            if form.validate():
                return _with_recovery_code(begun, form)
        except NotFound:
            return _begin_again()
        except (Invalid, Throttled) as error:
            show_on(form, error)
            status = status_of(error)
    return render_template("account/recovery_code.html", form=form, email=begun.email), status


def _with_recovery_code(begun: Entered, form: RecoveryCodeForm) -> ResponseReturnValue:
    values: dict[str, Any] = {"address": network_address(), "tokens": tokens(), "now": now()}
    entered, left = services.finish_with_recovery_code(begun, form.code.data or "", **values)
    answer = let_in(entered, form.next.data, resume.unpack(form.kept.data))
    if left <= FEW:
        words = f"You have {left} recovery code{'s' if left != 1 else ''} left." if left else "This was your last code."
        flash(f"{words} Make new ones: Your account, then Sign-in and security.", "warning")
    return answer


@bp.post("/sign-in/second-step/passkey")
@allow(Action.USE_PUBLIC_SITE)
def second_step_passkey() -> ResponseReturnValue:
    begun = _begun()
    if begun is None:
        return _begin_again()
    form = SecondStepForm()
    try:
        challenge = _asked(AS_SECOND, begun.user_id)
        answer = request.form.get("answer", "")
        entered = services.finish_with_passkey(begun, answer, challenge, passkeys=passkeys(), now=now())
    except NotFound:
        return _begin_again()
    except Invalid as error:
        show_on(form, error)
        return _show(begun, form, status_of(error))
    return let_in(entered, form.next.data, resume.unpack(form.kept.data))


@bp.post("/sign-in/passkey")
@allow(Action.USE_PUBLIC_SITE)
def sign_in_passkey() -> ResponseReturnValue:
    form = SignInForm()
    try:
        answer, challenge = request.form.get("answer", ""), _asked(AT_THE_DOOR, 0)
        entered = services.sign_in_with_passkey(answer, challenge, passkeys=passkeys(), now=now())
    except Invalid as error:
        show_on(form, error)
        return show_sign_in(form, status_of(error))
    return let_in(entered, form.next.data, resume.unpack(form.kept.data))


def show_sign_in(form: SignInForm, status: int = 200, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    """The page of the first step, with a passkey as the other way in."""
    asked = ask_for_passkey(AT_THE_DOOR, 0)
    signed_out = bool(form.kept.data)
    page = render_template("account/sign_in.html", form=form, signed_out=signed_out, asked=asked)
    return page, status, headers or {}


def _show(begun: Entered, form: SecondStepForm, status: int = 200) -> ResponseReturnValue:
    steps = steps_of(begun.user_id)
    asked = ask_for_passkey(AS_SECOND, begun.user_id, steps.passkeys) if steps.passkeys else None
    page = render_template("account/second_step.html", form=form, email=begun.email, steps=steps, asked=asked)
    return page, status


def _asked(why: str, user_id: int) -> str:
    signed = request.form.get("challenge", "")
    return services.asked(signed, why, user_id, browser_key(), tokens=tokens(), now=now())


def _begun() -> Entered | None:
    """Whose password was proved in this browser a moment ago."""
    half = session.get("half_in")
    if half is None or half["until"] < now().timestamp():
        return None
    return Entered(half["user"], half["key"], half["email"], confirmed=True, second_step=True)


def _begin_again() -> ResponseReturnValue:
    """The first step once more, with why; or onward, for who is in already and came back to this page."""
    session.pop("half_in", None)
    wanted = local(request.args.get("next"))
    if me().signed_in:
        return onward(wanted)
    form = SignInForm(formdata=None, data={"next": wanted, "kept": request.form.get("kept", "")})
    form.form_errors.append(services.BEGIN_AGAIN)
    return show_sign_in(form, 200 if request.method == "GET" else 422)
