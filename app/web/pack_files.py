"""A pack as files: on paper, and as an archive. For its own people and for those who have a code."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Response, current_app, send_file

from app.backends.bundle import Member, bundle
from app.backends.storage import StorageFull
from app.certificates.pack import pack_pdf, pack_text
from app.certificates.typesetting import Unprintable
from app.domain.file_names import safe_name
from app.edge.backends import storage
from app.queries.pack_contents import Contents, PieceRow
from app.queries.pack_document import document, filed, members

NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'; sandbox"
PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
"""What every answer about a pack says: keep it nowhere, list it nowhere."""


def on_paper(contents: Contents) -> Member:
    """The pack as a PDF; as plain text where the typefaces lack its letters."""
    facts = document(contents, current_app.config["BASE_URL"])
    try:
        data = pack_pdf(facts, Path(current_app.config["FONT_DIR"]))
        return Member("pack.pdf", data, media_type="application/pdf")
    except Unprintable:
        return Member("pack.txt", pack_text(facts), media_type="text/plain; charset=utf-8")


def send_paper(contents: Contents) -> Response:
    """The pack on paper, to keep."""
    paper = on_paper(contents)
    file = tempfile.SpooledTemporaryFile()  # noqa: SIM115 - the server closes it once it is sent
    file.write(paper.data)
    file.seek(0)
    ending = paper.name.rpartition(".")[2]
    return _sent(send_file(file, paper.media_type, as_attachment=True, download_name=_name(contents, ending)))


def send_archive(contents: Contents) -> Response:
    """Everything in one archive. Raises StorageFull where there is no room to make it."""
    files = filed(contents, storage())
    try:
        archive = bundle(members(contents, files, on_paper(contents)), storage(), contents.today)
    except OSError as error:
        raise StorageFull("There is no room to make the archive just now. Fetch the files one by one.") from error
    return _sent(send_file(archive, "application/zip", as_attachment=True, download_name=_name(contents, "zip")))


def send_piece(piece: PieceRow) -> Response:
    """One file of a pack. Raises NotFound."""
    return _sent(
        send_file(storage().open(piece.storage_key), piece.media_type, as_attachment=True, download_name=piece.filename)
    )


def _name(contents: Contents, ending: str) -> str:
    return safe_name(f"{contents.about.name} - {contents.name} {contents.today.isoformat()}.{ending}")


def _sent(response: Response) -> Response:
    response.headers.update(PRIVATE)
    response.headers["Content-Security-Policy"] = NOTHING_RUNS
    return response
