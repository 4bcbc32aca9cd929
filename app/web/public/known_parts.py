"""Addresses with a part that means nothing to their page: refused, since everything would be taken for the answer."""

from __future__ import annotations

import re
from collections.abc import Collection

from flask import render_template, request
from flask.typing import ResponseReturnValue
from rapidfuzz import process

from app.backends.geography import present_code, present_groups
from app.web.public.register_address import ALIKE, LONGEST_CODE, PASSED_OVER

GSS = re.compile(r"[A-Z]\d{8}")
"""A code of the Office for National Statistics."""


def refuse_unknown(*known: str) -> ResponseReturnValue | None:
    """A page with 400 where the address has a parameter that is none of `known`, with what may have been meant; else None."""
    for name in request.args:
        if name not in known and not name.startswith(PASSED_OVER):
            likest = process.extractOne(name[:LONGEST_CODE].lower(), known, score_cutoff=ALIKE)
            hint = f"Did you mean “{likest[0]}”?" if likest else f"This page knows {', '.join(known)}."
            return _refusal(f"There is no choice called “{name[:LONGEST_CODE]}” here. {hint}")
    return None


def refuse_unknown_codes(**known: Collection[str]) -> ResponseReturnValue | None:
    """The same for the values: a page with 400 where a parameter has a code that is not among those known for it."""
    for name, codes in known.items():
        given = request.args.get(name, "")
        if given and given not in codes:
            return _refusal(
                f"“{given[:LONGEST_CODE]}” is no {name} that we know. {_meant(given[:LONGEST_CODE], codes)}"
            )
    return None


def _meant(given: str, codes: Collection[str]) -> str:
    """What may have been meant. Codes of places that look alike lie far apart: only who took over is named."""
    if GSS.fullmatch(given):
        today = [code for code in (*present_groups(given), present_code(given)) if code in codes]
        return f"It ended, and is {' and '.join(today)} today." if today else "Choose one from the list on the page."
    likest = process.extractOne(given.lower(), list(codes), score_cutoff=ALIKE)
    return f"Did you mean “{likest[0]}”?" if likest else "Choose one from the list on the page."


def _refusal(words: str) -> ResponseReturnValue:
    return render_template("errors/400.html", message=words), 400
