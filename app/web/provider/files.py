"""Evidence as it is downloaded and as it is looked at, for its own people and for those to whom a case is open."""

from __future__ import annotations

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue

from app.backends.preview import Preview, preview
from app.domain.access import Action
from app.domain.errors import NotFound
from app.edge.backends import storage
from app.edge.session import allow, me, now
from app.queries.evidence import SeenVersion, evidence_version_for
from app.services.openings import note_opening
from app.web.headers import allow_framing_by_own_pages
from app.web.provider import bp

SANDBOX = "default-src 'none'; frame-ancestors 'none'; sandbox"
BROWSERS_OWN_VIEWER = "default-src 'none'; frame-ancestors 'self'"
"""For a PDF in a frame: a sandbox would switch some browsers' viewers off. Nothing in it can run all the same."""


@bp.get("/evidence/<int:version_id>/file")
@allow(Action.SEE_EVIDENCE)
def evidence_file(version_id: int) -> ResponseReturnValue:
    version = evidence_version_for(version_id, me())
    note_opening(version_id, actor=me(), now=now())
    return _send(version, inline=False)


def _send(version: SeenVersion, *, inline: bool) -> Response:
    if not version.storage_key:
        raise NotFound("There is no file here: this evidence is a link or a statement.")
    response = send_file(
        storage().open(version.storage_key),
        mimetype=version.media_type,
        as_attachment=not inline,
        download_name=version.filename,
        etag=f"{version.storage_key}-{version.version_id}",
    )
    response.headers["Content-Security-Policy"] = BROWSERS_OWN_VIEWER if inline else SANDBOX
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@bp.get("/evidence/<int:version_id>/view")
@allow(Action.SEE_EVIDENCE)
def evidence_view(version_id: int) -> ResponseReturnValue:
    """The evidence to look at, for a frame in one of our own pages."""
    version = evidence_version_for(version_id, me())
    note_opening(version_id, actor=me(), now=now())
    shown = _shown(version)
    if shown.kind == "pdf":
        return _send(version, inline=True)
    allow_framing_by_own_pages()
    return render_template("provider/evidence_view.html", version=version, shown=shown)


def _shown(version: SeenVersion) -> Preview:
    if not version.storage_key:
        return Preview("text", version.text) if version.text else Preview("link")
    with storage().open(version.storage_key) as stream:
        return preview(stream, version.media_type)
