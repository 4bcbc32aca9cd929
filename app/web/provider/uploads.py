"""Room for a file that is too large: it is read to its end, so that the form can say so and keep what was typed."""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from app.edge.session import me
from app.web.provider import bp

TAKES_FILES = frozenset(
    {
        "provider.add_evidence",
        "provider.add_version",
        "provider.add_evidence_here",
        "provider.reply_to_question",
        "provider.put_right",
        "provider.answer_sheets",
        "provider.add_passport",
        "provider.change_passport",
        "provider.renew_passport",
    }
)
MANY_FILES = frozenset({"provider.add_files", "provider.add_files_here"})
ROOM = 4
"""How many times the limit a signed-in person's upload may be and still get an answer on the form itself."""
ROOM_FOR_MANY = 10
"""The same for a form that brings many files at once, without script."""
MOST_FILES = 2_000
MOST_FIELDS = 20


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Runs before the form is read for its token, which is where a body over the limit would be cut off."""
    if request.method != "POST" or not me().signed_in:
        return
    if endpoint in TAKES_FILES:
        request.max_content_length = ROOM * current_app.config["MAX_CONTENT_LENGTH"]
    elif endpoint in MANY_FILES:
        request.max_content_length = ROOM_FOR_MANY * current_app.config["MAX_CONTENT_LENGTH"]
        request.max_form_parts = MOST_FILES + MOST_FIELDS
