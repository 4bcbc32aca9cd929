"""What commissioners do with the register: compare, keep lists, work in teams, and take what they chose with them."""

from flask import Blueprint

bp = Blueprint("commissioner", __name__)

from app.web.commissioner import (  # noqa: E402, F401
    compare,
    files,
    home,
    keeping,
    lists,
    locking,
    needs,
    searches,
    sharing,
    shortlist,
    teams,
    watching,
)
