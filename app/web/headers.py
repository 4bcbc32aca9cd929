"""Headers that every response carries: what a page may load, who may frame it, what the browser must not guess."""

from __future__ import annotations

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
    policy = POLICY | {"frame-ancestors": g.get("frame_ancestors", POLICY["frame-ancestors"])}
    if "style_nonce" in g:
        policy["style-src"] += f" 'nonce-{g.style_nonce}'"
    headers = {**ALWAYS, "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items())}
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    if response.mimetype == "text/html":
        headers["Cache-Control"] = "private, no-cache"  # pages show what stands now, and to whom they were sent
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response
