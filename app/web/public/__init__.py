"""Pages that everybody sees: the register, verification, the standards, and what the service says about itself."""

from flask import Blueprint

bp = Blueprint("public", __name__)

from app.web.public import (  # noqa: E402, F401
    about,
    changes,
    complaints,
    crawlers,
    crosswalk,
    entries,
    exports,
    feeds,
    guides,
    handbooks,
    health,
    market,
    needs,
    open_data,
    open_data_files,
    packs,
    register,
    register_map,
    say,
    standards,
    statistics,
    try_scores,
    verify,
    words,
)
