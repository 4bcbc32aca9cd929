"""Pages of a panel: declaring, reading the case, voting, recording the decision."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint

bp = Blueprint("panel", __name__)

for module in iter_modules(__path__):  # every noun's routes, in a file of its own
    import_module(f"{__name__}.{module.name}")
