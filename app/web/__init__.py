"""Pages: one package per actor, each with a blueprint `bp`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask

from app.web.templates import Templates

__all__ = ["Templates", "init_app"]


def init_app(app: Flask) -> None:
    """Set up what comes in, templates, headers and error pages, then register every actor's blueprint."""
    for name in ("intake", "jinja", "addresses", "assets", "layout", "headers", "errors"):
        import_module(f"{__name__}.{name}").init_app(app)
    for module in iter_modules(__path__):
        blueprint = getattr(import_module(f"{__name__}.{module.name}"), "bp", None) if module.ispkg else None
        if blueprint is not None:
            app.register_blueprint(blueprint)
