"""Asking once more who sits at the keyboard, before what is sensitive."""

from __future__ import annotations

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import DomainError, Invalid
from app.domain.two_step import PROVED_FOR, PROVED_FOR_SENDING
from app.edge.session import allow, me, now, person
from app.queries.two_step import steps_of
from app.services import proving, second_step
from app.web.account import bp
from app.web.account.tools import browser_key, local, passkeys, passwords, tokens, vault
from app.web.account.two_step_forms import ProveForm
from app.web.errors import status_of
from app.web.refusals import show_on

WHY = "prove"
IN_SESSION = ("proved_at", "proved_anew_at")


def proof_first(anew: bool = False) -> ResponseReturnValue | None:
    """Where to go first to prove who one is; None for who has lately. Call at the beginning of a sensitive view.

    Signing in counts as a proof, except with `anew`: then they have to have been asked since.
    """
    names = IN_SESSION[1:] if anew else IN_SESSION
    limit = PROVED_FOR if request.method == "GET" else PROVED_FOR_SENDING
    if any(now().timestamp() - session.get(name, 0) < limit.total_seconds() for name in names):
        return None
    here = request.path if request.method == "GET" else local(request.form.get("back")) or request.path
    return redirect(url_for("account.prove", next=here))


def has_second_step() -> bool:
    """Whether a password alone is not enough for who is signed in."""
    found = person()
    return found is not None and found.two_step_at is not None


@bp.route("/account/prove", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def prove() -> ResponseReturnValue:
    form = ProveForm()
    if not form.is_submitted():
        return _show(form)
    try:
        if not form.validate():
            return _show(form, 422)
        values = {"passwords": passwords(), "vault": vault(), "tokens": tokens()}
        proving.prove(form.password.data or "", form.code.data or "", actor=me(), now=now(), **values)
    except DomainError as error:
        show_on(form, error)
        return _show(form, status_of(error))
    return _proved()


@bp.post("/account/prove/passkey")
@allow(Action.USE_ACCOUNT)
def prove_with_passkey() -> ResponseReturnValue:
    form = ProveForm(formdata=None)
    try:
        signed = request.form.get("challenge", "")
        values = {"tokens": tokens(), "now": now()}
        challenge = second_step.asked(signed, WHY, me().user_id or 0, browser_key(), **values)
        answer = request.form.get("answer", "")
        proving.prove_with_passkey(answer, challenge, actor=me(), passkeys=passkeys(), now=now())
    except Invalid as error:
        show_on(form, error)
        return _show(form, 422)
    return _proved()


def _proved() -> ResponseReturnValue:
    for name in IN_SESSION:
        session[name] = now().timestamp()
    return redirect(local(request.args.get("next")) or url_for("account.security"))


def _show(form: ProveForm, status: int = 200) -> ResponseReturnValue:
    steps = steps_of(me().user_id or 0)
    asked = ask_for_passkey(WHY, me().user_id or 0, steps.passkeys) if steps.passkeys else None
    return render_template(
        "account/prove.html",
        form=form,
        second_step=has_second_step(),
        steps=steps,
        asked=asked,
        next=local(request.args.get("next")),
    ), status


def ask_for_passkey(why: str, user_id: int, known: tuple[str, ...] = ()) -> dict[str, str] | None:
    """What the form of a passkey needs (templates/account/_passkey.html); None where this site cannot have any."""
    if not passkeys().available:
        return None
    challenge, signed = second_step.ask(why, user_id, browser_key(), tokens=tokens(), now=now())
    return {"options": passkeys().ask_for_one(challenge, list(known)), "challenge": signed, "elsewhere": elsewhere()}


def elsewhere() -> str:
    """This page's address at the site's own name, where the browser is at another one: passkeys work only there."""
    origin = passkeys().origin
    return "" if request.host_url.rstrip("/") == origin else origin + request.path
