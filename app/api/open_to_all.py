"""What every API of ours has in common: open to scripts of other sites, kept fresh, and asked again for little."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.edge.kept_answers import kept_for_all
from app.edge.keys import refuse_wrong_key
from app.edge.limits import EXPOSED
from app.edge.problems import TYPE, problem

FRESH = "public, max-age=1"
"""A cache may keep an answer for a second, since the register must be right today."""
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
JSON_ENOUGH = ("*/*", "application/json", "application/*")


def open_to_all(bp: Blueprint) -> None:
    """Give a blueprint the manners of our APIs. `bp` may serve pages too: only JSON is looked at."""
    bp.before_request(_check_asker)
    bp.after_request(_finish)


def _check_asker() -> ResponseReturnValue | None:
    if request.method == "OPTIONS":
        return None
    accepted = request.headers.get("Accept", "")
    if accepted and not any(kind in accepted for kind in JSON_ENOUGH) and not _takes_json():
        return problem(406)
    return refuse_wrong_key()


def _takes_json() -> bool:
    taken = request.accept_mimetypes
    return any(kind in taken for kind in ("application/json", TYPE, "text/html"))


def _finish(response: Response) -> Response:
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = EXPOSED
    if request.method == "OPTIONS":
        headers.update(PREFLIGHT)
        return response
    headers["Vary"] = "Authorization"
    if response.status_code == 200 and request.method in {"GET", "HEAD"}:
        headers["Cache-Control"] = FRESH
        if not kept_for_all():  # else it is tagged and compared where it is kept
            response.add_etag()
            response.make_conditional(request)
    return response
