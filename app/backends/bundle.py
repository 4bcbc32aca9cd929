"""Several files as one zip archive: written to a temporary file piece by piece, so that none has to fit into memory."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, cast

from app.backends.storage import CHUNK, Storage

PACKED_ALREADY = ("zip", "openxmlformats", "opendocument", "image/", "pdf")
"""Kinds of file that grow no smaller."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive: `data`, or what the store keeps under `key`. `name` may hold folders, parted by slashes."""

    name: str
    data: bytes = b""
    key: str = ""
    media_type: str = ""


def bundle(members: Iterable[Member], storage: Storage, day: date) -> BinaryIO:
    """The archive, open at its beginning; it vanishes when it is closed. The same members and day give the same bytes.

    Raises NotFound where the store lacks a file, and OSError where there is no room: then nothing stays behind.
    """
    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115 - it is handed on open
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for member in members:
                _add(archive, member, storage, day)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file


def _add(archive: zipfile.ZipFile, member: Member, storage: Storage, day: date) -> None:
    info = zipfile.ZipInfo(member.name, (day.year, day.month, day.day, 0, 0, 0))
    packed = any(kind in member.media_type for kind in PACKED_ALREADY)
    info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    if not member.key:
        archive.writestr(info, member.data)
        return
    with storage.open(member.key) as source, archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            target.write(chunk)
