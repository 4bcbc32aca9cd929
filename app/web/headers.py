"""Headers that every response carries: what a page may load, who may frame it, what the browser must not guess."""

from __future__ import annotations

from functools import lru_cache
from secrets import token_urlsafe

from flask import Flask, Response, g, request

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
TWO_YEARS = 2 * 365 * 24 * 3600


def init_app(app: Flask) -> None:
    app.after_request(add_headers)
    app.jinja_env.globals["style_nonce"] = style_nonce


def style_nonce() -> str:
    """Lets this page's own script add style sheets of its own, as the text editor does. For templates.

    The nonce is of this answer alone, and the policy takes no others.
    """
    if "style_nonce" not in g:
        g.style_nonce = token_urlsafe(16)
    nonce: str = g.style_nonce
    return nonce


def allow_framing_by_own_pages() -> None:
    """Call in a view whose answer our own pages show in a frame: evidence beside a criterion."""
    g.frame_ancestors = "'self'"


def add_headers(response: Response) -> Response:
    """Headers that a view set itself stay as they are: an evidence file has a policy of its own."""
    headers = {**ALWAYS, "Content-Security-Policy": _policy(g.get("frame_ancestors", ""), g.get("style_nonce", ""))}
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    if response.mimetype == "text/html":
        headers["Cache-Control"] = "private, no-cache"  # pages show what stands now, and to whom they were sent
    there = {name.lower() for name, _ in response.headers}  # once, where setdefault would look for each
    for name, value in headers.items():
        if name.lower() not in there:
            response.headers.add(name, value)
    return response


@lru_cache(maxsize=8)
def _usual_policy(frame_ancestors: str) -> str:
    return _written({**POLICY, "frame-ancestors": frame_ancestors or POLICY["frame-ancestors"]})


def _policy(frame_ancestors: str, nonce: str) -> str:
    """The policy of this answer: put together anew only where it has a nonce of its own."""
    if not nonce:
        return _usual_policy(frame_ancestors)
    style = f"{POLICY['style-src']} 'nonce-{nonce}'"
    return _written({**POLICY, "style-src": style, "frame-ancestors": frame_ancestors or POLICY["frame-ancestors"]})


def _written(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in policy.items())
