"""A scheme's office compares two editions, or a draft with what is published."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.session import allow, me
from app.queries import compare
from app.web.intake import row_id
from app.web.scheme import bp


@bp.get("/frameworks/drafts/<int:draft_id>/compare")
@allow(Action.FRAMEWORKS_SEE)
def compare_draft(draft_id: int) -> ResponseReturnValue:
    """What a draft changes in the published edition, in words."""
    page = compare.compare_draft(draft_id, _since(), me())
    return render_template("scheme/compare.html", page=page)


@bp.get("/frameworks/editions/<int:edition_id>/compare")
@allow(Action.FRAMEWORKS_SEE)
def compare_editions(edition_id: int) -> ResponseReturnValue:
    """What a published edition changed in another one, in words."""
    page = compare.compare_editions(edition_id, _since(), me())
    return render_template("scheme/compare.html", page=page)


def _since() -> int | None:
    return request.args.get("since", type=row_id)
