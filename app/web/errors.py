"""How a refusal or a failure becomes a page: what happened, what to do, and nothing lost."""

from __future__ import annotations

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.domain.errors import (
    Conflict,
    DomainError,
    IllegalMove,
    NotAllowed,
    NotFound,
    Throttled,
)

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Conflict: 409,
    IllegalMove: 409,
    Throttled: 429,
}
PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503})


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal; 422 where no kind of it has another."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)


def init_app(app: Flask) -> None:
    """Register the handlers. Those of the API live beside it, and are asked first under /api/."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _cannot_save)
    app.register_error_handler(Exception, _failed)


def wants_json() -> bool:
    """Whether the answer goes to a script: the API, or a page's own autosave."""
    return request.path.startswith("/api/") or request.headers.get("X-Requested-With") == "autosave"


def _page(status: int, message: str) -> ResponseReturnValue:
    if wants_json():
        body = {"title": message, "status": status}
        return body, status, {"Content-Type": "application/problem+json"}
    name = status if status in PAGES else 400
    g.plain_page = status >= 500  # the frame then asks the database for nothing: it may be what failed
    return render_template(f"errors/{name}.html", message=message), status


def _refused(error: DomainError) -> ResponseReturnValue:
    answer = _page(status_of(error), error.message)
    if isinstance(error, Throttled) and error.retry_after:
        body, status, *rest = answer  # type: ignore[misc]
        headers = dict(rest[0]) if rest else {}
        return body, status, {**headers, "Retry-After": str(error.retry_after)}
    return answer


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:
        return error  # a redirect, or a response that was made on purpose
    return _page(error.code, "")


def _cannot_save(error: OperationalError) -> ResponseReturnValue:
    """The database is full, locked or away. The page gives back what was sent, to be sent again."""
    current_app.logger.error("The database failed: %s %s: %s", request.method, request.path, error.orig)
    return _page(503, "")


def _failed(error: Exception) -> ResponseReturnValue:
    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.exception("A page failed: %s %s", request.method, request.path)
    return _page(500, "")
