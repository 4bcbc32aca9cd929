"""JSON: one file per resource, on a blueprint `bp`; errors are problem details (app.edge.problems)."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask


def init_app(app: Flask) -> None:
    """Register every blueprint once all files have put their views on it."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    for blueprint in dict.fromkeys(module.bp for module in modules if hasattr(module, "bp")):
        app.register_blueprint(blueprint)
