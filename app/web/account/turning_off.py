"""The page behind the link in a message that ends messages of its kind, and the one click of mail programs (RFC 8058)."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.domain.errors import NotFound
from app.domain.topics import Language
from app.edge.session import allow, now
from app.extensions import csrf
from app.queries.wishes import TurnedOffPage, turned_off_page
from app.services import turning_off as services
from app.services.letters import TOPIC_TITLES
from app.web.account import bp
from app.web.account.tools import tokens


@bp.route("/turn-off/<token>", methods=["GET", "POST"])
@allow(Action.USE_PUBLIC_SITE)
@csrf.exempt  # a mail program posts here by itself, without a page before it; the signed link is the proof
def turn_off(token: str) -> ResponseReturnValue:
    """Opening the link asks, so that a program that looks at links turns nothing off. Posting to it turns off."""
    try:
        if request.method == "POST":
            services.turn_off(token, tokens=tokens(), now=now())
        return _show(token, _page(token))
    except NotFound as error:
        return _stale(error)


@bp.post("/turn-off/<token>/undo")
@allow(Action.USE_PUBLIC_SITE)
def turn_on_again(token: str) -> ResponseReturnValue:
    try:
        services.turn_on_again(token, tokens=tokens(), now=now())
        return _show(token, _page(token), undone=True)
    except NotFound as error:
        return _stale(error)


def _page(token: str) -> TurnedOffPage:
    user_id, topic = services.whose_link(token, tokens=tokens(), now=now())
    page = turned_off_page(user_id, topic)
    if page is None:
        raise NotFound(services.STALE)
    return page


def _show(token: str, page: TurnedOffPage, undone: bool = False) -> ResponseReturnValue:
    title = TOPIC_TITLES[Language.ENGLISH][page.topic] if page.topic else ""
    return render_template("account/turn_off.html", token=token, page=page, title=title, undone=undone)


def _stale(error: NotFound) -> ResponseReturnValue:
    """Whoever wants fewer messages is led on, also where the link is old or was cut off on its way."""
    return render_template("account/turn_off_stale.html", message=error.message), 404
