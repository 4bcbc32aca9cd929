"""A person's keys to the open APIs: making one, which is shown once, and revoking it."""

from __future__ import annotations

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField

from app.domain.access import Action
from app.domain.api_keys import LONGEST_NAME
from app.domain.errors import Conflict, Invalid
from app.edge.keys import limits
from app.edge.session import allow, me, now
from app.queries.api_keys import keys_page, own_key
from app.services import api_keys
from app.web.account import bp
from app.web.errors import status_of
from app.web.refusals import show_on


class KeyForm(FlaskForm):
    """What a key is called."""

    name = StringField(
        "Name of the key",
        description="So that you can tell it from others: the program that will use it, for example.",
        render_kw={"maxlength": LONGEST_NAME},
    )


@bp.route("/account/keys", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def keys() -> ResponseReturnValue:
    form = KeyForm()
    if not form.is_submitted():
        return _show(form)
    try:
        key = api_keys.make_key(form.name.data or "", actor=me(), now=now())
    except (Invalid, Conflict) as error:
        show_on(form, error)
        return _show(form, status_of(error))
    answer = Response(render_template("account/new_key.html", key=key, base_url=current_app.config["BASE_URL"]))
    answer.headers["Cache-Control"] = "no-store"  # it is shown this once
    return answer


@bp.route("/account/keys/<int:key_id>/revoke", methods=["GET", "POST"])
@allow(Action.USE_ACCOUNT)
def revoke_key(key_id: int) -> ResponseReturnValue:
    row = own_key(key_id, actor=me())
    if request.method == "GET":
        return render_template("account/revoke_key.html", row=row)
    limits().forget(api_keys.revoke_key(key_id, actor=me(), now=now()))
    flash(f"The key {row.name} is revoked. It works no more.")
    return redirect(url_for(".keys"))


def _show(form: KeyForm, status: int = 200) -> ResponseReturnValue:
    settings = current_app.config["SETTINGS"]
    return render_template("account/keys.html", form=form, page=keys_page(actor=me()), settings=settings), status
