"""The files of the exports, for downloads that can be broken off and taken up again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask import Response, request, send_file
from flask.typing import ResponseReturnValue

from app.backends.exports import Export
from app.domain.access import Action
from app.domain.errors import NotFound
from app.domain.open_data import files_of
from app.edge.open_data import kept_exports, latest_export
from app.edge.session import allow, now
from app.web.public import bp
from app.web.public.open_data import open_to_all

LATEST = "latest"
TYPES = {
    ".csv": "text/csv",
    ".jsonl": "application/x-ndjson",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".txt": "text/plain",
    ".gz": "application/gzip",
}
SHOWN = frozenset({".json", ".txt"})
"""Files that a browser shows; it keeps the others."""


@bp.get("/open-data/<edition>/<name>")
@allow(Action.USE_PUBLIC_SITE)
def open_data_file(edition: str, name: str) -> ResponseReturnValue:
    """One file of an export: of a day, or of the latest. Parts of it, and only if it changed, where that is asked for."""
    export = _export(edition)
    path = export.path(name) if export else None
    if export is None or path is None:
        if edition == LATEST and export is None:
            return _not_made_yet()
        raise NotFound("There is no such file of open data. The page about open data lists those that are kept.")
    twin = path.with_name(path.name + ".gz")
    packed = twin.is_file() and "gzip" in request.accept_encodings and "Range" not in request.headers
    response = _sent(twin if packed else path, path, export)
    if twin.is_file():
        response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _export(edition: str) -> Export | None:
    if edition == LATEST:
        return latest_export(now())
    try:
        return kept_exports().of(date.fromisoformat(edition))
    except ValueError:
        return None


def _sent(path: Path, asked: Path, export: Export) -> Response:
    """The bytes of `path` under the name of the file that was asked for."""
    known = {file.name: file.sha256 for file in files_of(export.package)}
    made = export.package["created"]
    tag = f"{known.get(asked.name) or f'{made}-{asked.name}'}{'' if path == asked else '-gzip'}"
    response = send_file(
        path,
        TYPES.get(asked.suffix, "application/octet-stream"),
        as_attachment=asked.suffix not in SHOWN,
        download_name=f"{export.day.isoformat()}-{asked.name}",
        conditional=True,
        etag=tag,
    )
    return open_to_all(response)


def _not_made_yet() -> Response:
    response = Response("The export is being made. Try again in a few minutes.\n", 503, mimetype="text/plain")
    response.headers["Retry-After"] = "300"
    return open_to_all(response)
