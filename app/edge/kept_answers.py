"""Answers that are the same for everybody, given again from memory: before Flask, its session and its routes do anything.

A view that answers all who come without a cookie alike says so with `same_for_all`. Its answer is then kept for its
address until what it hangs on has changed, which is looked at with every request: nothing here is ever out of date. As
long as nothing was committed to the database, that look costs some microseconds; after a commit, the state is read once.
"""

from __future__ import annotations

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import Any

from flask import Flask, request
from sqlalchemy import Engine
from werkzeug.http import is_resource_modified

from app.domain.errors import NotFound
from app.edge.limits import Environ, Limits, Start
from app.edge.session import now
from app.extensions import db
from app.queries.commits import Version, commits_seen

MOST_BYTES = 16_000_000
"""Of answers that each process keeps. What was not asked for longest goes."""
LONGEST_ADDRESS = 2_000
ASKED = "touchstone.may_be_kept"
SAID = "touchstone.same_for_all"
WORTH_PACKING = 1_000  # bytes, from which on packing them is worth it
LEVEL = 5  # of gzip: the next levels take twice as long for a hundredth less
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
PACKED_TOO = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?(,|$))")
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class _Said:
    """What a view said of its answer: what it hangs on, as it was read before the answer was made, and until when."""

    read: Callable[[], Hashable]
    state: Hashable
    until: datetime


@dataclass
class _Kept:
    """An answer. `version` is the last at which its state was seen to stand."""

    said: _Said
    version: Version
    headers: Headers
    body: bytes
    etag: str
    changed: str | None

    @cached_property
    def packed(self) -> bytes:
        """The body as most browsers take it: a fifth of a page."""
        return gzip.compress(self.body, LEVEL, mtime=0)

    @property
    def size(self) -> int:
        """Bytes, with room for the packed body and what Python needs around them."""
        return len(self.body) + len(self.body) // 4 + 2_000


def same_for_all(read: Callable[[], Hashable], minutes: int = 60) -> None:
    """Call in a view, before it reads anything, whose answer is the same for all who send no cookie.

    The answer is kept for its whole address, until `read` says anything else than it does now, and no longer than the
    present hour, or the present `minutes` of it. `read` looks at what is committed, past the session, and may raise NotFound.
    """
    if request.environ.get(ASKED):
        moment = now()
        begun = moment.replace(minute=moment.minute - moment.minute % minutes, second=0, microsecond=0)
        request.environ[SAID] = _Said(read, read(), begun + timedelta(minutes=minutes))


def kept_for_all() -> bool:
    """Whether this request's answer is one that `same_for_all` spoke of, and will be kept."""
    return SAID in request.environ


class KeptAnswers:
    """The WSGI application with what it said before in front of it. Inside of the limits, and of what reads a proxy's headers."""

    def __init__(self, app: Flask, most_bytes: int = MOST_BYTES) -> None:
        self.app = app
        self.inner = app.wsgi_app
        self.most_bytes = most_bytes
        self._engine: Engine | None = None
        self.bytes_kept = 0
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        key = self._key(environ)
        version = self._version() if key else None
        if version is None:
            return self.inner(environ, start_response)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        if kept is not None and self._stands(kept, version):
            return _send(kept, environ, start_response)
        return self._make(key, version, environ, start_response)

    def forget(self) -> None:
        """Make every answer anew: for when the tables were emptied or brought back from elsewhere."""
        with self._lock:
            self._kept.clear()
            self.bytes_kept = 0

    def _key(self, environ: Environ) -> Hashable:
        """What the answer may hang on; None for whoever may be somebody, and for all but plain reading."""
        if environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_COOKIE") or not self._key_is_known(environ):
            return None
        get, query = environ.get, environ.get("QUERY_STRING", "")
        path = environ.get("PATH_INFO", "")
        if len(path) + len(query) > LONGEST_ADDRESS:
            return None
        host = get("HTTP_HOST") or (get("SERVER_NAME"), get("SERVER_PORT"))
        accept = get("HTTP_ACCEPT", "")[:LONGEST_ADDRESS]
        return (
            environ["wsgi.url_scheme"],
            host,
            get("SCRIPT_NAME", ""),
            path,
            query,
            accept,
        )

    def _key_is_known(self, environ: Environ) -> bool:
        """Whether no key came with the request, or one that was looked up less than a minute ago."""
        header = environ.get("HTTP_AUTHORIZATION")
        limits: Limits = self.app.extensions["limits"]
        return header is None or limits.owner(header) is not None

    def _version(self) -> Version | None:
        if self._engine is None:
            with self.app.app_context():
                self._engine = db.engine
        return commits_seen(self._engine)

    def _stands(self, kept: _Kept, version: Version) -> bool:
        said = kept.said
        if self.app.extensions["clock"]() >= said.until:
            return False
        if kept.version == version:
            return True
        try:
            with self.app.app_context():
                same = said.read() == said.state
        except NotFound:
            return False
        if same:
            kept.version = version
        return same

    def _make(self, key: Hashable, version: Version, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Ask the application, and keep what it says where it is the same for all."""
        started: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, *rest: Any) -> Any:
            if SAID in environ:
                started[:] = [(status, headers)]
                return None
            return start_response(status, headers, *rest)

        environ[ASKED] = True
        answer = self.inner(environ, start)
        if not started:
            return answer
        body = b"".join(answer)
        getattr(answer, "close", lambda: None)()
        (status, headers), said = started[0], environ[SAID]
        if not status.startswith("200") or any(name.lower() == "set-cookie" for name, _ in headers):
            start_response(status, headers)
            return [body]
        kept = _kept_of(said, version, headers, body)
        self._keep(key, kept)
        return _send(kept, environ, start_response)

    def _keep(self, key: Hashable, kept: _Kept) -> None:
        with self._lock:
            old = self._kept.pop(key, None)
            self.bytes_kept -= old.size if old else 0
            self._kept[key] = kept
            self.bytes_kept += kept.size
            while self.bytes_kept > self.most_bytes:
                self.bytes_kept -= self._kept.popitem(last=False)[1].size


def _kept_of(said: _Said, version: Version, headers: Headers, body: bytes) -> _Kept:
    """The answer with a tag, by which whoever has it already is spared it. A weak one: packed or not, it says the same."""
    there = {name.lower(): value for name, value in headers}
    etag = there.get("etag", "").removeprefix("W/") or f'"{sha256(body).hexdigest()[:32]}"'
    vary = ", ".join(filter(None, (there.get("vary"), "Accept-Encoding")))
    rest = [(name, value) for name, value in headers if name.lower() not in {"etag", "vary", "content-length", "date"}]
    return _Kept(said, version, [*rest, ("ETag", f"W/{etag}"), ("Vary", vary)], body, etag, there.get("last-modified"))


def _send(kept: _Kept, environ: Environ, start_response: Start) -> Iterable[bytes]:
    """The answer as this request takes it: packed, or that nothing has changed since it was sent before."""
    if any(name in environ for name in CONDITIONS) and not is_resource_modified(
        environ, etag=kept.etag.strip('"'), last_modified=kept.changed
    ):
        start_response("304 NOT MODIFIED", [each for each in kept.headers if each[0].lower() != "content-type"])
        return []
    body, headers = kept.body, kept.headers
    if len(body) >= WORTH_PACKING and PACKED_TOO.search(environ.get("HTTP_ACCEPT_ENCODING", "")):
        body, headers = kept.packed, [*headers, ("Content-Encoding", "gzip")]
    start_response("200 OK", [*headers, ("Content-Length", str(len(body)))])
    return [body]


def init_app(app: Flask) -> None:
    """Put what was answered before in front of the application. Call before the limits are put in front of both."""
    kept = KeptAnswers(app)
    app.extensions["kept answers"] = kept
    app.wsgi_app = kept  # type: ignore[method-assign]
