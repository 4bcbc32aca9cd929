"""Touchstone: accreditation schemes and public registers of approved providers."""

from __future__ import annotations

from flask import Flask

from app import api, cli, web
from app.extensions import csrf, db, login, migrate
from config import Settings, load_settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application: config, extensions, blueprints, errors and commands, in that order."""
    app = Flask(__name__)
    app.config.update((settings or load_settings()).as_flask())
    db.init_app(app)
    migrate.init_app(app, db)
    login.init_app(app)
    csrf.init_app(app)
    web.init_app(app)
    api.init_app(app)
    cli.init_app(app)
    return app
