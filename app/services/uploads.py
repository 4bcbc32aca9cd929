"""A file on its way into the store: looked at first, then kept, before anything is written about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO

from app.backends.scanner import LIMIT, Refused, inspect_upload
from app.backends.storage import Storage
from app.backends.viruses import Infected, NoScanner, NotScanned, VirusScanner
from app.domain.errors import Invalid
from app.domain.evidence import check_room


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name that the person's computer gave it, its bytes, and the most bytes it may have.

    `library` is the most bytes that the whole library may have, 0 for no bound; `viruses` is asked before it is kept.
    """

    filename: str
    stream: BinaryIO
    limit: int = LIMIT
    library: int = 0
    viruses: VirusScanner = field(default_factory=NoScanner)


@dataclass(frozen=True)
class KeptFile:
    """A file in the store. `size` is in bytes, `sha256` in hex; `library` is as in Upload."""

    filename: str
    media_type: str
    size: int
    sha256: str
    storage_key: str
    library: int = 0


def keep_upload(upload: Upload | None, storage: Storage, used: int = 0) -> KeptFile | None:
    """Inspect a file and keep it; None where there is none.

    `used` is how many bytes its library holds already. Raises Invalid on `file` where it cannot be taken, which NotScanned
    causes where it could not be checked for viruses, and StorageFull. The store knows files by their contents, so one that is kept and then
    not written about is kept once at most.
    """
    if upload is None:
        return None
    try:
        seen = inspect_upload(upload.stream, upload.filename, limit=upload.limit)
        check_room(used, seen.size, upload.library)
        upload.viruses.scan(upload.stream, seen.filename)
    except (Refused, Infected, NotScanned) as refusal:
        raise Invalid({"file": refusal.message}) from refusal
    stored = storage.put(upload.stream)
    return KeptFile(seen.filename[-200:], seen.media_type, seen.size, seen.sha256, stored.key, library=upload.library)
