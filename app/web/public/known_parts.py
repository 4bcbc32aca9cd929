"""Addresses with a part that means nothing to their page: refused, since everything would be taken for the answer."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from rapidfuzz import process

from app.web.public.register_address import ALIKE, LONGEST_CODE, PASSED_OVER


def refuse_unknown(*known: str) -> ResponseReturnValue | None:
    """A page with 400 where the address has a parameter that is none of `known`, with what may have been meant; else None."""
    for name in request.args:
        if name not in known and not name.startswith(PASSED_OVER):
            likest = process.extractOne(name[:LONGEST_CODE].lower(), known, score_cutoff=ALIKE)
            hint = f"Did you mean “{likest[0]}”?" if likest else f"This page knows {', '.join(known)}."
            words = f"There is no choice called “{name[:LONGEST_CODE]}” here. {hint}"
            return render_template("errors/400.html", message=words), 400
    return None
