"""Addresses of pages without parameters, worked out once: a page names a score of them, and each takes url_for a while."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, has_request_context, request, url_for


def init_app(app: Flask) -> None:
    """Templates get `address_of` under the name that they know."""
    app.jinja_env.globals["url_for"] = address_of


def address_of(endpoint: str, **values: Any) -> str:
    """What url_for says, from memory where there are no values."""
    if values or not has_request_context():
        return url_for(endpoint, **values)
    return fixed_address(f"{request.blueprint or ''}{endpoint}".lstrip(".") if endpoint[:1] == "." else endpoint)


def fixed_address(endpoint: str) -> str:
    """The address of a page without parameters, for this request: beneath where a proxy says that the site lies."""
    known: dict[tuple[str, str], str] = current_app.extensions.setdefault("addresses", {})
    key = (request.root_path, endpoint)
    if key not in known:
        known[key] = url_for(endpoint)
    return known[key]
