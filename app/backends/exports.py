"""The folder of exports: one folder for each, under its day, whole or not there at all. The newest is the latest."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

DESCRIPTOR = "datapackage.json"
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d+)")
_FILE = re.compile(r"[a-z0-9_]+(\.[a-z]+(-metadata)?)+|csv-metadata\.json")
_UNFINISHED = ".new-"
_WANTED = "wanted"


@dataclass(frozen=True)
class Export:
    """One export: its folder, its day, and its descriptor (a Data Package)."""

    folder: Path
    day: date
    package: Mapping[str, Any]

    def path(self, name: str) -> Path | None:
        """Where a file of the export is; None where it has none of that name."""
        path = self.folder / name
        return path if _FILE.fullmatch(name.removesuffix(".gz")) and path.is_file() else None


class Exports:
    """The exports that are kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def latest(self) -> Export | None:
        """The newest export, if there is one."""
        return next(self._newest_first(), None)

    def of(self, day: date) -> Export | None:
        """The newest export of a day."""
        return next((each for each in self._newest_first() if each.day == day), None)

    def days(self) -> list[date]:
        """The days of which there is one, the newest first."""
        return list(dict.fromkeys(day for day, _, _ in self._names()))

    @contextmanager
    def making(self) -> Iterator[None]:
        """Hold the folder: only one export is made at a time, whichever process makes it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def unfinished(self, day: date) -> Iterator[Path]:
        """A folder to write an export of `day` into. It is put into its place when the block ends, and goes when it raises."""
        for left in self.folder.glob(f"{_UNFINISHED}*"):  # by a process that was killed: we hold the lock
            shutil.rmtree(left, ignore_errors=True)
        new = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.folder))
        try:
            yield new
            for path in new.iterdir():
                _to_disk(path)
            new.chmod(0o755)
            number = max((number for of, number, _ in self._names() if of == day), default=0) + 1
            new.rename(self.folder / f"{day.isoformat()}.{number}")
            _to_disk(self.folder)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise

    def forget(self, today: date, keep_days: int) -> int:
        """Remove exports older than `keep_days`, and all but the newest of each day. Returns how many went."""
        seen: set[date] = set()
        gone = 0
        for day, _, path in list(self._names()):
            if day in seen or (seen and day <= today - timedelta(days=keep_days)):
                shutil.rmtree(path, ignore_errors=True)
                gone += 1
            seen.add(day)
        return gone

    def withdraw(self, revision: int) -> int:
        """Remove every export of the register before a revision. Returns how many went."""
        stale = [each.folder for each in self._newest_first() if each.package["revision"] < revision]
        for folder in stale:
            shutil.rmtree(folder, ignore_errors=True)
        return len(stale)

    def ask(self) -> None:
        """Note that an export is wanted soon: the worker looks here."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / _WANTED).touch()

    @property
    def wanted(self) -> bool:
        return (self.folder / _WANTED).exists()

    def answered(self) -> None:
        """Take the note away."""
        (self.folder / _WANTED).unlink(missing_ok=True)

    def _newest_first(self) -> Iterator[Export]:
        for day, _, path in self._names():
            try:
                stamp = (path / DESCRIPTOR).stat().st_mtime_ns
                yield Export(path, day, _read(path / DESCRIPTOR, stamp))
            except (OSError, ValueError):  # it has just gone, or somebody put a folder of theirs here
                continue

    def _names(self) -> list[tuple[date, int, Path]]:
        """(day, number within the day, folder), the newest first."""
        found = []
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            name = _NAME.fullmatch(path.name)
            if name:
                found.append((date.fromisoformat(name[1]), int(name[2]), path))
        return sorted(found, reverse=True)


@lru_cache(maxsize=64)
def _read(path: Path, _stamp: int) -> Mapping[str, Any]:
    package: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    return package


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
