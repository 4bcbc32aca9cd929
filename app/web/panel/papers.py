"""Papers to download: the letter of a decision, and its signed minutes."""

from __future__ import annotations

from flask import send_file
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.backends import storage
from app.edge.session import allow, me, today
from app.queries.decision_files import PaperFile, letter_file, minutes_file
from app.web.panel import bp


@bp.get("/decisions/<int:decision_id>/letter.pdf")
@allow(Action.SEE_EVIDENCE)
def letter(decision_id: int) -> ResponseReturnValue:
    return _download(letter_file(decision_id, me(), today()))


@bp.get("/decisions/<int:decision_id>/minutes.pdf")
@allow(Action.SEE_EVIDENCE)
def signed_minutes(decision_id: int) -> ResponseReturnValue:
    return _download(minutes_file(decision_id, me(), today()))


def _download(file: PaperFile) -> ResponseReturnValue:
    return send_file(
        storage().open(file.storage_key), mimetype="application/pdf", as_attachment=True, download_name=file.filename
    )
