"""All of a library, or all that stands behind one application, as one zip file with an index."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import PurePath
from urllib.parse import quote

from flask import Response, current_app
from flask.typing import ResponseReturnValue

from app.backends.storage import Storage
from app.backends.zips import Entry, SafeNames, zipped
from app.domain.access import Action
from app.domain.errors import NotFound
from app.domain.evidence_details import in_words
from app.edge.backends import storage
from app.edge.session import allow, me, now
from app.queries.evidence_files import Bundle, Piece, application_files, library_files
from app.web.provider import bp
from app.web.provider.evidence_words import kind_words

INDEX = "index.csv"
COLUMNS = (
    "File in this zip",
    "Title",
    "Kind",
    "Version",
    "Added",
    "Issued",
    "Runs out",
    "SHA-256",
    "Address",
    "More about it",
    "Stands behind",
    "Archived",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.get("/organisations/<int:organisation_id>/evidence/all.zip")
@allow(Action.SEE_LIBRARY)
def library_zip(organisation_id: int) -> ResponseReturnValue:
    return _sent(library_files(organisation_id, me()))


@bp.get("/applications/<int:application_id>/evidence.zip")
@allow(Action.SEE_LIBRARY)
def application_zip(application_id: int) -> ResponseReturnValue:
    return _sent(application_files(application_id, me()))


def _sent(bundle: Bundle) -> Response:
    """The zip as it is written. All that the database has to say is in `bundle` by now."""
    name = SafeNames().name(f"Evidence of {bundle.called}, {now().date().isoformat()}", ".zip")
    response = Response(zipped(_entries(bundle, storage(), now())), mimetype="application/zip")
    response.headers["Content-Disposition"] = f"attachment; filename=evidence.zip; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _entries(bundle: Bundle, store: Storage, at: datetime) -> Iterator[Entry]:
    """The index first: it helps even where the sending breaks off."""
    names = SafeNames({INDEX})
    named = [(names.name(*_stem_and_ending(piece)), piece) for piece in bundle.pieces]
    index = _index(named)
    yield Entry(INDEX, at, len(index), lambda: BytesIO(index))
    for name, piece in named:
        yield _entry(name, piece, store)


def _stem_and_ending(piece: Piece) -> tuple[str, str]:
    """Called after its title, with the ending of its file."""
    return piece.title, PurePath(piece.filename).suffix if piece.storage_key else ".txt"


def _entry(name: str, piece: Piece, store: Storage) -> Entry:
    if not piece.storage_key:
        words = _as_text(piece).encode()
        return Entry(name, piece.added_at, len(words), lambda: BytesIO(words))

    def opened() -> BytesIO:
        try:
            return store.open(piece.storage_key)  # type: ignore[return-value]
        except NotFound:  # one file that is gone must not cost all the others
            current_app.logger.error("The file of evidence version %s is not in the store", piece.version_id)
            return BytesIO(b"")

    return Entry(name, piece.added_at, piece.size, opened)


def _as_text(piece: Piece) -> str:
    """A link, a statement, or a measure without a file, as a small text file."""
    lines = [piece.title, kind_words(piece.kind, piece.collected), ""]
    lines += [f"{title}: {words}" for title, words in in_words(piece.kind, piece.details)]
    lines += [each for each in (piece.url, piece.text) if each]
    return "\r\n".join(lines) + "\r\n"


def _index(named: list[tuple[str, Piece]]) -> bytes:
    """One line for each piece, in UTF-8 with a mark at its beginning, by which spreadsheets know it."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for name, piece in named:
        writer.writerow([_plain(str(cell)) for cell in _row(name, piece)])
    return out.getvalue().encode("utf-8-sig")


def _row(name: str, piece: Piece) -> tuple[object, ...]:
    return (
        name,
        piece.title,
        kind_words(piece.kind, piece.collected),
        piece.number,
        piece.added_at.date().isoformat(),
        piece.issued_on or "",
        piece.expires_on or "",
        piece.sha256,
        piece.url,
        "; ".join(f"{title}: {words}" for title, words in in_words(piece.kind, piece.details)),
        "; ".join(piece.used),
        "yes" if piece.archived else "",
    )


def _plain(cell: str) -> str:
    """The text, with a mark before what a spreadsheet would calculate."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
