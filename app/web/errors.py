"""How a refusal or a failure becomes a page: what happened, what to do, and nothing lost."""

from __future__ import annotations

from flask import Flask, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app.domain.errors import (
    Conflict,
    DomainError,
    IllegalMove,
    NotAllowed,
    NotFound,
    Throttled,
)
from app.edge.problems import goes_to_a_script, problem

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
    return goes_to_a_script() or request.headers.get("X-Requested-With") == "autosave"


def _page(status: int, message: str) -> ResponseReturnValue:
    if goes_to_a_script():
        return problem(status, message, headers={"Access-Control-Allow-Origin": "*"})
    if wants_json():
        body = {"title": message, "status": status}
        return body, status, {"Content-Type": "application/problem+json"}
    name = status if status in PAGES else 400
    g.plain_page = status >= 500  # the frame then asks the database for nothing: it may be what failed
    return render_template(f"errors/{name}.html", message=message), status


def _refused(error: DomainError) -> ResponseReturnValue:
    answer = _page(status_of(error), error.message)
    if isinstance(error, Throttled) and error.retry_after:
        answer = make_response(answer)
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400 or error.response is not None:
        return error  # a redirect, or a response that was made on purpose
    answer = make_response(_page(error.code, ""))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _cannot_save(error: OperationalError) -> ResponseReturnValue:
    """The database is full, locked or away. The page gives back what was sent, to be sent again."""
    current_app.logger.error("The database failed: %s %s: %s", request.method, request.path, error.orig)
    return _page(503, "")


def _failed(error: Exception) -> ResponseReturnValue:
    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.exception("A page failed: %s %s", request.method, request.path)
    return _page(500, "")
