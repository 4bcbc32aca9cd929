"""JSON: one file per resource, with a blueprint `bp`; errors are problem details."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the blueprint of every resource."""
    for module in iter_modules(__path__):
        blueprint = getattr(import_module(f"{__name__}.{module.name}"), "bp", None)
        if blueprint is not None:
            app.register_blueprint(blueprint)
