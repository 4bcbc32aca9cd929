"""A zip file that is written while it is sent: neither the disk nor the memory ever holds the whole of it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from io import RawIOBase
from typing import BinaryIO

CHUNK = 256 * 1024
LONGEST_NAME = 120
UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
PACKED_ALREADY = re.compile(r"\.(docx|xlsx|pptx|odt|ods|odp|png|jpe?g|webp|zip)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in a zip. `open` gives its bytes, and is called when its turn comes; `size` is in bytes."""

    name: str
    changed_at: datetime
    size: int
    open: Callable[[], BinaryIO]


def zipped(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The zip file, piece by piece."""
    out = _Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry.name, entry.changed_at.timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if PACKED_ALREADY.search(entry.name) else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.file_size = entry.size
            with entry.open() as source, archive.open(info, "w") as target:
                while chunk := source.read(CHUNK):
                    target.write(chunk)
                    yield from out.taken()
            yield from out.taken()
    yield from out.taken()


class _Pieces(RawIOBase):
    """Where the zip is written to: what was written waits to be taken, and nothing can be gone back to."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.waiting.append(bytes(data))
        return len(data)

    def taken(self) -> Iterator[bytes]:
        waiting, self.waiting = self.waiting, []
        yield from waiting


@dataclass
class SafeNames:
    """Names for the entries of a zip: any script is kept, no two are alike on any system, none leads out of its folder."""

    given: set[str] = field(default_factory=set)

    def name(self, stem: str, ending: str = "") -> str:
        """A name that was not given before, as near to `stem` as can be; `ending` has its dot."""
        clean = UNSAFE.sub(" ", stem)
        clean = " ".join(clean.split()).strip(" .")[:LONGEST_NAME].rstrip(" .") or "file"
        clean = f"{clean}_" if RESERVED.fullmatch(clean.partition(".")[0]) else clean
        ending, number = UNSAFE.sub("", ending), 1
        found = f"{clean}{ending}"
        while found.casefold() in self.given:
            number += 1
            found = f"{clean} ({number}){ending}"
        self.given.add(found.casefold())
        return found
