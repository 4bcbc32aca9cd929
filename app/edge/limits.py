"""Limits of how often one may ask: applied before Flask, its session and the database do anything for a request.

A crawler that is refused costs about 30 microseconds, so that it slows nobody else down. Each server process counts for
itself: with two, a caller whose requests are spread over both has up to twice the allowance.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from flask import Flask, g, render_template

from app.backends.limiting import Allowance, Limiter, Verdict, caller_at
from app.edge.problems import OPEN_TO_SCRIPTS, TYPE, document

LIMITED = (
    "/register",
    "/api/",
    "/open-referral",
    "/reconcile",
    "/open-data",
    "/feeds",
    "/market",
    "/needs",
    "/compare",
    "/shortlist",
    "/snapshots",
    "/verify",
    "/statistics",
)
"""Where addresses begin that anybody may ask, and that search or read much. The first page is one of them."""
KEY_KNOWN_SECONDS = 60.0
MOST_KEYS_KNOWN = 10_000
Environ = dict[str, Any]
Start = Callable[..., Any]


@dataclass
class Limits:
    """What this process counts, and the keys that it has seen in the database less than a minute ago."""

    open: Allowance | None
    with_key: Allowance | None
    base_url: str
    clock: Callable[[], float] = time.monotonic
    limiter: Limiter = field(default_factory=Limiter)
    known_keys: dict[str, tuple[str, float]] = field(default_factory=dict)

    def know(self, digest: str, owner: str) -> None:
        """From now on, for a minute, the key with this hash is counted as `owner`'s."""
        if len(self.known_keys) >= MOST_KEYS_KNOWN:
            self.known_keys.clear()
        self.known_keys[digest] = (owner, self.clock() + KEY_KNOWN_SECONDS)

    def forget(self, digest: str) -> None:
        """The key was revoked; another process hears of it within a minute."""
        self.known_keys.pop(digest, None)

    def owner_of(self, digest: str) -> str | None:
        owner, until = self.known_keys.get(digest, ("", 0.0))
        return owner if until > self.clock() else None

    def owner(self, header: str) -> str | None:
        """Whose key an Authorization header holds, where this process has seen it within the last minute."""
        key = bearer(header)
        return self.owner_of(digest_of(key)) if key else None

    def ask(self, environ: Environ) -> tuple[Verdict, Allowance] | None:
        """What is said to a request; None where there is no limit.

        A key that is not known yet is counted by its address, but apart from those without one: else whoever shares an
        address with a crowd could never show the key that has an allowance of its own.
        """
        header = environ.get("HTTP_AUTHORIZATION", "")
        owner = self.owner(header)
        if owner is not None:
            allowance, caller = self.with_key, f"key {owner}"
        else:
            address = caller_at(environ.get("REMOTE_ADDR", ""))
            allowance, caller = self.open, f"unread {address}" if bearer(header) else address
        return (self.limiter.ask(caller, allowance, self.clock()), allowance) if allowance else None


class LimitedApp:
    """The WSGI application with its limits before it. Where a proxy stands in front, inside of what reads its headers."""

    def __init__(self, app: Flask, limits: Limits) -> None:
        self.inner = app.wsgi_app
        self.app = app
        self.limits = limits
        self._page: bytes | None = None

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if not (path.startswith(LIMITED) or path == "/"):
            return self.inner(environ, start_response)
        answer = self.limits.ask(environ)
        if answer is None:
            return self.inner(environ, start_response)
        verdict, allowance = answer
        headers = _rate_headers(verdict, allowance)
        if not verdict.allowed:
            return self._refuse(environ, start_response, headers, verdict)

        def start(status: str, given: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, given + headers, *rest)

        return self.inner(environ, start)

    def _refuse(
        self, environ: Environ, start_response: Start, headers: list[tuple[str, str]], verdict: Verdict
    ) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        wait = max(1, math.ceil(verdict.wait))
        if path.startswith(OPEN_TO_SCRIPTS):
            detail = f"You asked too often. Wait {wait} {'second' if wait == 1 else 'seconds'}, then go on more slowly."
            instance = path.encode("latin-1", "replace").decode("utf-8", "replace")
            body, kind = document(429, self.limits.base_url, instance, detail).encode(), TYPE
            headers = [*headers, ("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", EXPOSED)]
        else:
            body, kind = self._refusal_page(), "text/html; charset=utf-8"
        headers = [*headers, ("Retry-After", str(wait)), ("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response("429 TOO MANY REQUESTS", [*headers, ("Cache-Control", "no-store"), *SAFE])
        return [b"" if environ.get("REQUEST_METHOD") == "HEAD" else body]

    def _refusal_page(self) -> bytes:
        """The page for people, made once: it says the same to everybody."""
        if self._page is None:
            with self.app.test_request_context("/register"):
                g.plain_page = True
                words = "You opened many pages in a short time. Wait a few seconds, then load this page again."
                self._page = render_template("errors/429.html", message=words).encode()
        return self._page


EXPOSED = "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After"
SAFE = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
]


def _rate_headers(verdict: Verdict, allowance: Allowance) -> list[tuple[str, str]]:
    """RateLimit fields for HTTP (IETF draft of the httpapi group): what is allowed, and what is left of it."""
    return [
        ("RateLimit-Policy", f'"requests";q={allowance.burst};w={allowance.window}'),
        ("RateLimit", f'"requests";r={verdict.left};t={math.ceil(verdict.full_in)}'),
    ]


def bearer(header: str) -> str:
    """The key in an Authorization header; "" where there is none."""
    kind, _, key = header.partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def digest_of(key: str) -> str:
    """What is kept of a key. It is 160 random bits, so that a plain hash cannot be turned back."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def init_app(app: Flask) -> None:
    """Put the limits before the application. Call before whatever reads a proxy's headers is put around it."""
    settings = app.config["SETTINGS"]
    limits = Limits(
        open=_allowance(settings.limit_per_second, settings.limit_burst),
        with_key=_allowance(settings.limit_per_second_with_key, settings.limit_burst_with_key),
        base_url=app.config["BASE_URL"],
    )
    app.extensions["limits"] = limits
    app.wsgi_app = LimitedApp(app, limits)  # type: ignore[method-assign]


def _allowance(per_second: int, burst: int) -> Allowance | None:
    """None for no limit."""
    return Allowance(per_second, max(burst, per_second)) if per_second > 0 else None
