"""Pages that everybody sees: the register, verification, the standards, and what the service says about itself."""

from flask import Blueprint

bp = Blueprint("public", __name__)

from app.web.public import about, changes, crosswalk, exports, handbooks, health, register, standards, try_scores, verify  # noqa: E402, F401
