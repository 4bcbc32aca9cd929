"""Pages of assessment reports for those who make them, and versions of them for everybody who may read one."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Blueprint

bp = Blueprint("reports", __name__)

for module in iter_modules(__path__):  # every noun's routes, in a file of its own
    import_module(f"{__name__}.{module.name}")
