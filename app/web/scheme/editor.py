"""What the editor of a draft asks while one types: the mistakes in the text, and what may be written at the cursor."""

from __future__ import annotations

from functools import lru_cache

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow
from app.frameworks import check_source
from app.frameworks.completion import complete
from app.frameworks.positions import MOST_BYTES
from app.frameworks.schemes import list_names
from app.queries.lists import titles
from app.web.jinja import plural
from app.web.scheme import bp

MOST_PROBLEMS = 200


class TooLarge(Exception):
    """The text is larger than any framework may be."""


@bp.post("/frameworks/check")
@allow(Action.FRAMEWORK_EDIT)
def check_text() -> ResponseReturnValue:
    """The mistakes in the text that is sent as the body: {said, count, problems: [{line, column, message}]}."""
    try:
        problems = check_source(_sent_text(), "draft.yaml")
    except TooLarge:
        return _too_large()
    shown = [{"line": each.line, "column": each.column, "message": each.message} for each in problems[:MOST_PROBLEMS]]
    said = f"The text has {plural(len(problems), 'mistake')}." if problems else "The text has no mistakes."
    if len(problems) > MOST_PROBLEMS:
        said += f" The first {MOST_PROBLEMS} are shown."
    return jsonify({"said": said, "count": len(problems), "problems": shown})


@bp.post("/frameworks/complete")
@allow(Action.FRAMEWORK_EDIT)
def complete_text() -> ResponseReturnValue:
    """What may be written at `line` and `column` (from 1) of the text sent as the body: {column, options}."""
    line, column = (request.args.get(name, 1, type=int) for name in ("line", "column"))
    try:
        found = complete(_sent_text(), line, column, shared_lists())
    except TooLarge:
        return _too_large()
    options = [
        {"label": each.label, "insert": each.insert, "about": each.about, "needed": each.needed}
        for each in found.options
    ]
    return jsonify({"column": found.column, "options": options})


@lru_cache(maxsize=1)
def shared_lists() -> dict[str, dict[str, str]]:
    """The codes, with their titles, of the lists that all schemes share."""
    return {name: titles(name) for name in list_names()}


def _sent_text() -> str:
    """The body as text, its line ends of one kind. Raises TooLarge."""
    data = request.get_data()
    if len(data) > MOST_BYTES:
        raise TooLarge
    return data.decode("utf-8", "replace").replace("\r\n", "\n")


def _too_large() -> tuple[Response, int]:
    sentence = f"The text is over {MOST_BYTES / 1_000_000:g} MB, which no framework needs."
    return jsonify({"title": sentence}), 413
