"""Touchstone: accreditation schemes and public registers of approved providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import api, cli, web
from app.edge import backends, kept_answers, limits, session
from app.edge.sessions import Sessions
from app.extensions import csrf, db, login, migrate
from config import Settings, load_settings


class Touchstone(Flask):
    """Flask, without asking nine times in each request whether a function is a coroutine: none of ours is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The application: config, extensions, blueprints, errors and commands, in that order."""
    app = Touchstone(__name__)
    app.session_interface = Sessions()
    app.jinja_environment = web.Templates
    settings = settings or load_settings()
    app.config.update(settings.as_flask())
    kept_answers.init_app(app)
    limits.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    db.init_app(app)
    migrate.init_app(app, db)
    login.init_app(app, add_context_processor=False)  # templates ask `me`; nobody is looked up for a page's frame
    csrf.init_app(app)
    session.init_app(app)
    backends.init_app(app)
    web.init_app(app)
    api.init_app(app)
    cli.init_app(app)
    app.extensions["like this"] = create_app  # for a command that needs another one, on a copy
    return app
