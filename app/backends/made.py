"""Files that are made from what never changes, kept so that they are made once: a folder of a bounded size.

Nothing is lost with it: what is not there is made again. The oldest goes first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

MOST_BYTES = 200 * 1024 * 1024
ONE_AT_A_TIME = Lock()
"""Only one file is made at a time in a process: whoever asks for many keeps one core busy and no more."""


class MadeFiles:
    """Files by key. `most` is the number of bytes that all of them together may take."""

    def __init__(self, folder: Path, most: int = MOST_BYTES) -> None:
        self._folder, self._most = folder, most

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The file of that key; made, and kept where there is room for it, if it is not there."""
        found = self._read(key)
        if found is not None:
            return found
        with ONE_AT_A_TIME:
            found = self._read(key)
            if found is None:
                found = make()
                self._keep(key, found)
            return found

    def _path(self, key: str) -> Path:
        return self._folder / sha256(key.encode()).hexdigest()

    def _read(self, key: str) -> bytes | None:
        try:
            return self._path(key).read_bytes()
        except OSError:
            return None

    def _keep(self, key: str, data: bytes) -> None:
        """Write it whole or not at all. A full or read-only disk costs the next one their time, nothing else."""
        if len(data) > self._most:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix="new-", delete=False) as file:
                file.write(data)
            Path(file.name).replace(self._path(key))
            self._trim()
        except OSError:
            return

    def _trim(self) -> None:
        files = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        room = self._most
        for path in files:
            room -= path.stat().st_size
            if room < 0:
                path.unlink(missing_ok=True)


@lru_cache(maxsize=4)
def makers(*folders: Path) -> str:
    """What tells one version of the code in `folders` from another, so that a new version makes its files anew."""
    digest = sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
