"""Built files: their addresses, which change with their content, and how they are sent."""

from __future__ import annotations

import json
import mimetypes
from pathlib import Path

from flask import Flask, Response, has_request_context, request, send_from_directory, url_for

YEAR = 365 * 24 * 3600
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


def init_app(app: Flask) -> None:
    """`asset_url(name)` for templates, and the static view: packed where the browser takes it, kept for a year."""
    folder = Path(app.static_folder or "")
    versions = _versions(folder / "build" / "manifest.json")
    mimetypes.add_type("font/woff2", ".woff2")

    known: dict[tuple[str, str], str] = {}

    def asset_url(name: str) -> str:
        """Address of a built file, with its content's hash, so that a new version is a new address."""
        key = (request.root_path if has_request_context() else "", name)
        if key not in known:
            known[key] = url_for("static", filename=f"build/{name}", v=versions.get(name))
        return known[key]

    def static(filename: str) -> Response:
        return send_asset(folder, filename)

    app.jinja_env.globals["asset_url"] = asset_url
    app.view_functions["static"] = static


def _versions(manifest: Path) -> dict[str, str]:
    """Name of each built file -> hash. Empty before the first build: pages then come without their style."""
    return json.loads(manifest.read_text()) if manifest.is_file() else {}


def send_asset(folder: Path, filename: str) -> Response:
    """A file under `folder`: its packed twin if there is one and the browser takes it. Unknown names are 404."""
    name, encoding = _best_twin(folder, filename)
    response = send_from_directory(folder, name, mimetype=mimetypes.guess_type(filename)[0])
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.vary.add("Accept-Encoding")
    if "v" in request.args:
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    return response


def _best_twin(folder: Path, filename: str) -> tuple[str, str | None]:
    for encoding, ending in ENCODINGS:
        if encoding in request.accept_encodings and (folder / (filename + ending)).is_file():
            return filename + ending, encoding
    return filename, None
