"""Problem details (RFC 9457): how the APIs say no. Each kind has an address, under which a page explains it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request

TYPE = "application/problem+json"
OPEN_TO_SCRIPTS = ("/api/", "/open-referral", "/reconcile")
"""Where the addresses of the APIs begin: whatever goes wrong there is told as a problem document."""


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the end of its address, the words that never change, and what to do about it."""

    slug: str
    status: int
    title: str
    advice: str


KINDS = (
    Kind(
        "bad-request",
        400,
        "The request cannot be understood",
        "Look at “detail”, which says why. Change it and ask again.",
    ),
    Kind(
        "wrong-parameter",
        400,
        "A parameter cannot be understood",
        "“errors” names each parameter that is wrong and says what it may be. Nothing is searched until all are right, "
        "so that a slip is never taken for an answer.",
    ),
    Kind(
        "wrong-key",
        401,
        "The key is not known",
        "The key was mistyped, or it was revoked. Make a new one on your account’s page of keys, or leave the "
        "Authorization header out: nothing here needs a key.",
    ),
    Kind("not-open", 403, "This is not open to you", "The API only reads what is public. Nothing else is served here."),
    Kind(
        "not-found",
        404,
        "There is no such thing",
        "Nothing is published at this address or under this id. Addresses of providers stay for ever, so it may be mistyped.",
    ),
    Kind("wrong-method", 405, "This method is not used here", "The header “Allow” names the methods that are."),
    Kind(
        "not-acceptable",
        406,
        "There is no such form of this answer",
        "Answers are JSON. Send “Accept: application/json”, or no such header.",
    ),
    Kind("conflict", 409, "This was changed meanwhile", "Read it again, then try again."),
    Kind(
        "too-large",
        413,
        "The request is too large",
        "Ask in smaller batches. The documentation says how many fit into one.",
    ),
    Kind("wrong-media-type", 415, "This form of request is not read", "Send a form, as the documentation says."),
    Kind(
        "too-many-requests",
        429,
        "Too many requests",
        "Wait as many seconds as the header “Retry-After” says. With a key, which costs nothing, you may ask more often; "
        "and the whole register is one file under open data.",
    ),
    Kind(
        "failed",
        500,
        "Something went wrong here",
        "It is our mistake, and it was noted. Try again in a few minutes.",
    ),
    Kind("away", 503, "The service cannot answer now", "Try again in a few minutes."),
)
BY_SLUG = {kind.slug: kind for kind in KINDS}
PARAMETER = BY_SLUG["wrong-parameter"]
_BY_STATUS = {kind.status: kind for kind in KINDS if kind is not PARAMETER}


def kind_of(status: int) -> Kind:
    """The kind of a status; where there is none of its own, the general one of its class."""
    return _BY_STATUS.get(status) or _BY_STATUS[400 if status < 500 else 500]


def document(
    status: int, base_url: str, instance: str, detail: str = "", errors: Mapping[str, Any] | None = None
) -> str:
    """The text of a problem document. `errors` maps parameters to the sentences about what is wrong with them."""
    kind = PARAMETER if errors and status == PARAMETER.status else kind_of(status)
    body: dict[str, Any] = {
        "type": f"{base_url}/api/problems/{kind.slug}",
        "title": kind.title,
        "status": status,
        "detail": detail or kind.advice,
        "instance": instance,
    }
    if errors:
        body["errors"] = errors
    return json.dumps(body, ensure_ascii=False)


def problem(
    status: int,
    detail: str = "",
    errors: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document about this request."""
    text = document(status, current_app.config["BASE_URL"], request.path, detail, errors)
    return Response(text, status, headers=dict(headers or {}), content_type=TYPE)


def goes_to_a_script() -> bool:
    """Whether what went wrong is told as a problem document."""
    return request.path.startswith(OPEN_TO_SCRIPTS) and not request.path.startswith("/api/problems")
