"""The mail that a demonstration would have sent."""

from __future__ import annotations

from functools import partial

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import NotFound
from app.edge.session import allow, now
from app.queries import outbox as queries
from app.services.turning_off import turn_off_token
from app.web.account import bp
from app.web.account.tools import tokens
from config import Settings


@bp.get("/outbox")
@allow(Action.USE_PUBLIC_SITE)
def outbox() -> ResponseReturnValue:
    if not is_open(current_app.config["SETTINGS"]):
        raise NotFound("There is no such page, or it is not open to you.")
    messages = queries.outbox(current_app.config["BASE_URL"], partial(turn_off_token, tokens=tokens(), now=now()))
    return render_template("account/outbox.html", messages=messages)


def is_open(settings: Settings) -> bool:
    """Anybody may read other people's mail here, so: in a demonstration, or where no mail can go out; never in earnest."""
    return settings.env != "production" and (settings.demo or not settings.smtp_host)
