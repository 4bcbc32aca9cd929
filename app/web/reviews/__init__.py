"""Pages of those who review appeals and look into complaints: declaring, reading, notes, the vote, the outcome."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint

bp = Blueprint("reviews", __name__)

for module in iter_modules(__path__):  # every noun's routes, in a file of its own
    import_module(f"{__name__}.{module.name}")
