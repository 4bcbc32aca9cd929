"""Where files are kept: on disk, or in memory for tests. A file's key is its content's hash, so it never changes."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from app.domain.errors import DomainError, NotFound

CHUNK = 1024 * 1024
_KEY = re.compile(r"[0-9a-f]{64}")


class StorageFull(DomainError):
    """There is no room for the file. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored file: its key, its size in bytes, and its SHA-256 in hex (which is the key)."""

    key: str
    size: int
    sha256: str


class Storage(Protocol):
    """Keeps files under the hash of what is in them."""

    def put(self, stream: BinaryIO) -> Stored:
        """Keep what the stream holds from here to its end. The same content twice is kept once. Raises StorageFull."""

    def open(self, key: str) -> BinaryIO:
        """The file's bytes, to be closed by the caller. Raises NotFound."""

    def exists(self, key: str) -> bool:
        """Whether there is a file of that key."""

    def delete(self, key: str) -> None:
        """Remove the file; nothing happens where there is none."""

    def check(self) -> None:
        """Prove that a file can be written. Raises OSError or StorageFull."""


class DiskStorage:
    """Files in a folder, spread over 256 folders by the first two characters of their keys.

    A file is written beside its place, flushed to the disk and then renamed, so that no half of a file is ever read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, stream: BinaryIO) -> Stored:
        digest, size = sha256(), 0
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".new-", delete=False) as file:
                try:
                    while chunk := stream.read(CHUNK):
                        digest.update(chunk)
                        size += len(chunk)
                        file.write(chunk)
                    file.flush()
                    os.fsync(file.fileno())
                    place = self._path(digest.hexdigest())
                    place.parent.mkdir(exist_ok=True)
                    Path(file.name).replace(place)
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            raise _full(error) from error
        return Stored(digest.hexdigest(), size, digest.hexdigest())

    def open(self, key: str) -> BinaryIO:
        try:
            return self._path(key).open("rb")
        except FileNotFoundError:
            raise NotFound("The file is not in the store.") from None

    def exists(self, key: str) -> bool:
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def check(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=self.folder) as file:
            file.write(b"ready")
            file.flush()

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise NotFound("The file is not in the store.")
        return self.folder / key[:2] / key


def _full(error: OSError) -> Exception:
    """A full disk, in words for the person who waits; any other failure as it is."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return StorageFull(
            "There is no room to store the file just now. Nothing else you entered is lost. "
            "Save without the file, and add it later."
        )
    return error


class MemoryStorage:
    """Files in memory. `before_put` may raise, to show what happens when the disk is full."""

    def __init__(self, before_put: Callable[[], None] = lambda: None) -> None:
        self.files: dict[str, bytes] = {}
        self.before_put = before_put

    def put(self, stream: BinaryIO) -> Stored:
        try:
            self.before_put()
        except OSError as error:
            raise _full(error) from error
        data = stream.read()
        key = sha256(data).hexdigest()
        self.files[key] = data
        return Stored(key, len(data), key)

    def open(self, key: str) -> BinaryIO:
        if key not in self.files:
            raise NotFound("The file is not in the store.")
        return BytesIO(self.files[key])

    def exists(self, key: str) -> bool:
        return key in self.files

    def delete(self, key: str) -> None:
        self.files.pop(key, None)

    def check(self) -> None:
        self.before_put()
