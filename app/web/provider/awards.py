"""The certificate of an award, to download."""

from __future__ import annotations

from flask import send_file
from flask.typing import ResponseReturnValue

from app.domain.access import Action
from app.edge.backends import storage
from app.edge.session import allow, me
from app.queries.applications import certificate_file
from app.web.provider import bp


@bp.get("/awards/<int:award_id>/certificate.pdf")
@allow(Action.SEE_EVIDENCE)
def certificate(award_id: int) -> ResponseReturnValue:
    file = certificate_file(award_id, me())
    return send_file(
        storage().open(file.storage_key), mimetype="application/pdf", as_attachment=True, download_name=file.filename
    )
