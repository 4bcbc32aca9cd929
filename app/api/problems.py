"""Problem details (RFC 9457): how the API says no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, json

TYPE = "application/problem+json"


def problem(status: int, title: str, errors: Mapping[str, Any] | None = None) -> Response:
    """A problem document; `errors` maps parameters to what is wrong with them."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status}
    if errors:
        body["errors"] = errors
    return Response(json.dumps(body), status, content_type=TYPE)
