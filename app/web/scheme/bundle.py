"""A whole case as a zip file that can be checked without this service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from urllib.parse import quote

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app.backends.storage import Storage
from app.backends.zips import Entry, SafeNames, zipped
from app.domain.access import Action
from app.domain.errors import NotFound
from app.edge.backends import storage
from app.edge.session import allow, me, now, today
from app.queries.case_bundle import BundleFile, CaseBundle, case_bundle
from app.queries.cases import case_head
from app.services.exporting import note_export
from app.web.scheme import bp


@bp.route("/schemes/<code>/cases/<int:application_id>/bundle", methods=["GET", "POST"])
@allow(Action.EXPORT_CASE)
def bundle(code: str, application_id: int) -> ResponseReturnValue:
    """What a bundle is, and with a press of the button the bundle itself. That somebody took it is on the trail."""
    head = case_head(code, application_id, me(), today(), Action.EXPORT_CASE)
    if request.method == "GET":
        return render_template("scheme/bundle.html", head=head)
    note_export(application_id, actor=me(), now=now(), today=today())
    return _sent(case_bundle(application_id, actor=me(), now=now(), today=today()))


def _sent(made: CaseBundle) -> Response:
    name = SafeNames().name(f"Case of {made.called}, {now().date().isoformat()}", ".zip")
    response = Response(zipped(_entries(made, storage(), now())), mimetype="application/zip")
    response.headers["Content-Disposition"] = f"attachment; filename=case.zip; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _entries(made: CaseBundle, store: Storage, at: datetime) -> Iterator[Entry]:
    for each in made.files:
        content = each.content
        if content is not None:
            yield Entry(each.name, at, len(content), lambda content=content: BytesIO(content))  # type: ignore[misc]
        elif file := _opened(each, store):
            with file:
                size = file.seek(0, 2)
            yield Entry(each.name, at, size, lambda key=each.sha256: store.open(key))  # type: ignore[misc]


def _opened(each: BundleFile, store: Storage) -> BinaryIO | None:
    """The file; nothing where it is gone, which whoever checks the bundle is told by the manifest."""
    try:
        return store.open(each.sha256)
    except NotFound:
        current_app.logger.error("The file %s of a case is not in the store", each.sha256)
        return None
