"""For whoever runs the service: does the process live, and is everything in order that it stands on?"""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.backends import places, storage, viruses
from app.edge.session import allow
from app.queries.readiness import database_answers, migrations_current
from app.web.public import bp


@bp.get("/healthz")
@allow(Action.USE_PUBLIC_SITE)
def healthz() -> ResponseReturnValue:
    return {"status": "alive"}


@bp.get("/readyz")
@allow(Action.USE_PUBLIC_SITE)
def readyz() -> ResponseReturnValue:
    checks: dict[str, Callable[[], None]] = {
        "database": database_answers,
        "migrations": migrations_current,
        "storage": lambda: storage().check(),
        "places": lambda: places().check(),
    }
    if any(current_app.config["CLAMD"][::2]):
        checks["viruses"] = lambda: viruses().check()
    found = {name: _tried(name, check) for name, check in checks.items()}
    ready = all(state == "in order" for state in found.values())
    return {"status": "ready" if ready else "not ready", **found}, 200 if ready else 503


def _tried(name: str, check: Callable[[], None]) -> str:
    """In order, or what kind of thing is wrong. The whole of it goes to the log: it may name hosts and folders."""
    try:
        check()
    except Exception as error:
        current_app.logger.warning("%s is not ready: %s", name, error)
        return f"not in order ({type(error).__name__})"
    return "in order"
