"""Commands, one file per group. Each has `register(app)`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask


def init_app(app: Flask) -> None:
    """Register every command group of this package."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}").register(app)
