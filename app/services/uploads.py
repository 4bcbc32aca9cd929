"""A file on its way into the store: looked at first, then kept, before anything is written about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from app.backends.scanner import LIMIT, Refused, inspect_upload
from app.backends.storage import Storage
from app.domain.errors import Invalid


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name that the person's computer gave it, its bytes, and the most bytes it may have."""

    filename: str
    stream: BinaryIO
    limit: int = LIMIT


@dataclass(frozen=True)
class KeptFile:
    """A file in the store. `size` is in bytes, `sha256` in hex."""

    filename: str
    media_type: str
    size: int
    sha256: str
    storage_key: str


def keep_upload(upload: Upload | None, storage: Storage) -> KeptFile | None:
    """Inspect a file and keep it; None where there is none. Raises Invalid on `file` where it cannot be taken, StorageFull.

    The store knows files by their contents, so one that is kept and then not written about is kept once at most.
    """
    if upload is None:
        return None
    try:
        seen = inspect_upload(upload.stream, upload.filename, limit=upload.limit)
    except Refused as refusal:
        raise Invalid({"file": refusal.message}) from refusal
    stored = storage.put(upload.stream)
    return KeptFile(seen.filename[-200:], seen.media_type, seen.size, seen.sha256, stored.key)
