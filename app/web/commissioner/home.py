"""Where commissioners begin: everything that the register offers to those who buy services or keep an eye on them."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow
from app.web.account.tools import address_of
from app.web.commissioner import bp


@bp.get("/commissioners")
@allow(Action.USE_PUBLIC_SITE)
def home() -> ResponseReturnValue:
    return render_template("commissioner/home.html", address_of=address_of)
