"""A session that ends in mid-form: what was typed is carried along through signing in, and loses nothing.

The words travel in the page itself, signed, because nobody is signed in whose they could be. Passwords and files do
not travel: the one must not, the other cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from app.domain.access import NOBODY, may_somewhere
from app.edge.session import me, now
from app.extensions import login
from app.web.account.forms import SignInForm
from app.web.account.tools import local, tokens
from app.web.errors import wants_json

KEPT_FOR = timedelta(days=7)
LEFT_BEHIND = frozenset({"csrf_token", "kept"})
SIGN_IN_FIRST = "Sign in first. You were signed out, or you have not signed in yet."
OUT_OF_DATE = "This page is out of date. Load it again."


@dataclass(frozen=True)
class Kept:
    """What somebody had sent when their session ended: the fields, and the address (`to`) that they were sent to."""

    to: str
    fields: tuple[tuple[str, str], ...]
    had_files: bool

    @property
    def words(self) -> tuple[str, ...]:
        """What the person wrote, without the codes and numbers that travel with it."""
        return tuple(value for _, value in self.fields if " " in value.strip() or "\n" in value.strip())


def init_app(app: Flask) -> None:
    login.unauthorized_handler(ask_to_sign_in)
    app.register_error_handler(CSRFError, token_refused)


def ask_to_sign_in() -> ResponseReturnValue:
    """The answer to nobody who asks for what is somebody's."""
    if wants_json():
        return _problem(401, SIGN_IN_FIRST)
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("account.sign_in", next=_here()))
    return _signed_out()


def token_refused(error: CSRFError) -> ResponseReturnValue:
    """The answer to a form whose token is none of this session: an old page, another session's, or a forgery."""
    if wants_json():
        return _problem(400, OUT_OF_DATE) if me().signed_in else _problem(401, SIGN_IN_FIRST)
    if not _from_here():
        return render_template("errors/400.html", message="This form was sent from another site."), 400
    if me().signed_in:
        return carry_on(_kept(), 400)
    if request.endpoint == "account.sign_out":
        return redirect("/")
    return _signed_out() if _is_protected() else carry_on(_kept(), 400)


def carry_on(kept: Kept, status: int = 200) -> ResponseReturnValue:
    """A page that shows what was kept, with a button that sends it again with the token of this session."""
    return render_template("account/carry_on.html", kept=kept), status


def unpack(text: str | None) -> Kept | None:
    """What a sign-in form carried along, if it was packed here."""
    values = tokens().read("kept", text, now()) if text else None
    if values is None or not local(values["to"]):
        return None
    return Kept(values["to"], tuple((name, value) for name, value in values["fields"]), values["files"])


def _signed_out() -> ResponseReturnValue:
    if not _from_here():
        return render_template("errors/400.html", message="This form was sent from another site."), 400
    kept = _kept()
    packed = {"to": kept.to, "fields": kept.fields, "files": kept.had_files}
    form = SignInForm(formdata=None, data={"kept": tokens().sign("kept", packed, now(), KEPT_FOR)})
    return render_template("account/sign_in.html", form=form, signed_out=True), 401


def _kept() -> Kept:
    fields = tuple((name, value) for name, value in request.form.items(multi=True) if not _stays_behind(name))
    return Kept(_here(), fields, any(file.filename for file in request.files.values()))


def _stays_behind(name: str) -> bool:
    return name in LEFT_BEHIND or "password" in name


def _here() -> str:
    return request.full_path.rstrip("?")


def _from_here() -> bool:
    """Whether the browser says that a page of ours sent the form. It cannot be made to leave that out elsewhere."""
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is None or urlsplit(origin).netloc == request.host


def _is_protected() -> bool:
    action = getattr(current_app.view_functions.get(request.endpoint or ""), "__allows__", None)
    return action is not None and not may_somewhere(NOBODY, action)


def _problem(status: int, title: str) -> ResponseReturnValue:
    return {"title": title, "status": status}, status, {"Content-Type": "application/problem+json"}
