"""Whether anything was committed since one last looked: what was read before may be said again where nothing was."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.extensions import db

Value = TypeVar("Value")
Version = tuple[int, int]

_serial = 0


class _Watch:
    """A connection that only ever asks SQLite for the number that changes when another connection commits.

    https://www.sqlite.org/pragma.html#pragma_data_version: some 5 microseconds, and no row is read. The number means
    something on one connection only, so that each has a serial number. None is carried into a forked process.
    """

    def __init__(self, path: str) -> None:
        global _serial
        _serial += 1
        self._serial = _serial
        self.process = os.getpid()
        self._lock = Lock()
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)

    def version(self) -> Version:
        with self._lock:
            (number,) = self._connection.execute("PRAGMA data_version").fetchone()
        return self._serial, number

    def close(self) -> None:
        with self._lock:
            self._connection.close()


_watches: WeakKeyDictionary[Engine, _Watch] = WeakKeyDictionary()
_opening = Lock()


def commits_seen(engine: Engine) -> Version | None:
    """What changes with every commit to the database, by whatever process; None where nothing quick tells that.

    PostgreSQL has no such number, and a database in memory is seen by one connection alone.
    """
    watch = _watches.get(engine)
    if watch is None or watch.process != os.getpid():
        watch = _open(engine)
    return watch.version() if watch else None


def _open(engine: Engine) -> _Watch | None:
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or not Path(path).exists():
        return None
    with _opening:
        watch = _watches.get(engine)
        if watch is None or watch.process != os.getpid():
            watch = _watches[engine] = _Watch(path)
    return watch


@event.listens_for(Engine, "engine_disposed")
def _close(engine: Engine) -> None:
    watch = _watches.pop(engine, None)
    if watch is not None and watch.process == os.getpid():
        watch.close()


class UntilCommit(Generic[Value]):
    """What `read` gives, read again only after something was committed. `read` must look at what is committed."""

    def __init__(self, read: Callable[[], Value]) -> None:
        self._read = read
        self._last: tuple[Engine | None, Version | None, Value] | None = None

    def __call__(self) -> Value:
        engine = db.engine
        version = commits_seen(engine)  # before reading: what is committed meanwhile is read again at the next call
        last = self._last
        if last is not None and version is not None and last[0] is engine and last[1] == version:
            return last[2]
        value = self._read()
        self._last = (engine, version, value)
        return value
