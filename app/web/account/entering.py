"""What happens once somebody has shown all that their account asks for, and who must have two steps."""

from __future__ import annotations

from flask import Flask, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.access import Action, Actor
from app.domain.errors import NotAllowed
from app.domain.lead_request import RequestKind, RequestStatus
from app.domain.two_step import SET_UP_WITHIN, Required, is_required_of, may_put_off
from app.edge.session import allow, me, now, person
from app.queries.lead_requests import requests_about
from app.services import two_step
from app.services.sign_in import Entered
from app.web.account import bp, resume
from app.web.account.resume import Kept
from app.web.account.tools import begin_session, local, onward

SET_UP_FIRST = "Set up two-step sign-in first. This site requires it of your account."
OPEN_WITHOUT = frozenset(
    f"account.{name}"
    for name in "set_up_first security set_up_app recovery_codes add_passkey prove prove_with_passkey sign_out".split()
)


def init_app(app: Flask) -> None:
    app.before_request(hold_up)


def let_in(entered: Entered, wanted: str | None, kept: Kept | None) -> ResponseReturnValue:
    """Begin the session, and go to what was wanted: what was kept first, then what is still to be set up."""
    _say_who_asks(begin_session(entered, proved=True))
    if kept:
        return resume.carry_on(kept)
    if is_lacking():
        two_step.ask_of(entered.user_id, now())
        return redirect(url_for("account.set_up_first", next=local(wanted)))
    return onward(wanted)


def _say_who_asks(actor: Actor) -> None:
    """Whoever comes in learns that somebody asks to lead their organisation: they may know how to reach a lead."""
    for row in requests_about(sorted(actor.organisations), now=now()):
        if (
            row.person_id != actor.user_id
            and row.kind is not RequestKind.HAND_OVER
            and row.status is RequestStatus.OPEN
        ):
            flash(f"{row.person} asks to lead {row.organisation}. A lead can answer on its People page.", "warning")


def is_lacking() -> bool:
    """Whether who is signed in must have two-step sign-in and has none."""
    found = person()
    required = Required(current_app.config["SETTINGS"].require_two_step)
    return found is not None and found.two_step_at is None and is_required_of(found.actor, required)


def hold_up() -> ResponseReturnValue | None:
    """Once the week is over, nothing that is somebody's opens without the second step."""
    if required_of_nobody() or not _is_protected() or not is_lacking():
        return None
    found = person()
    if found is None or may_put_off(found.two_step_asked_at, now()):
        return None
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("account.set_up_first", next=request.path))
    raise NotAllowed(SET_UP_FIRST)


def required_of_nobody() -> bool:
    """Whether this installation leaves it to everyone."""
    return current_app.config["SETTINGS"].require_two_step == Required.NONE.value


@bp.get("/account/two-step/required")
@allow(Action.USE_ACCOUNT)
def set_up_first() -> ResponseReturnValue:
    """That it is required, and until when it can be put off."""
    found = person()
    asked_at = found.two_step_asked_at if found else None
    wanted = local(request.args.get("next"))
    if not is_lacking():
        return onward(wanted) if wanted else redirect(url_for("account.security"))
    return render_template(
        "account/set_up_first.html",
        until=(asked_at or now()) + SET_UP_WITHIN,
        later=may_put_off(asked_at, now()),
        wanted=wanted or url_for("account.home"),
        name=me().name,
    )


def _is_protected() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    action = getattr(view, "__allows__", None)
    return action not in {None, Action.USE_PUBLIC_SITE} and request.endpoint not in OPEN_WITHOUT
