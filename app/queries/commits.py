"""Whether anything was committed since one last looked: what was read before may be said again where nothing was."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.extensions import db

Value = TypeVar("Value")
Version = tuple[int, int | str]

_serials = count(1)


class _Watch:
    """A connection that only ever asks what changes when another connection commits.

    SQLite has a number for that, which takes some 5 microseconds and reads no row, and means something on one connection
    only: https://www.sqlite.org/pragma.html#pragma_data_version. PostgreSQL tells which transactions one sees, and where
    they are the same ones, so is everything else: https://www.postgresql.org/docs/current/functions-info.html. No watch is
    carried into a forked process.
    """

    def __init__(self, connection: Any, question: str) -> None:
        self._serial = next(_serials)
        self.process = os.getpid()
        self._lock = Lock()
        self._connection = connection
        self._question = question

    def version(self) -> Version:
        with self._lock:
            (answer,) = self._connection.execute(self._question).fetchone()
        return self._serial, answer

    def close(self) -> None:
        with self._lock:
            self._connection.close()


_watches: WeakKeyDictionary[Engine, _Watch] = WeakKeyDictionary()
_opening = Lock()


def commits_seen(engine: Engine) -> Version | None:
    """What changes with every commit to the database, by whatever process; None where nothing quick tells that.

    A database in memory is seen by one connection alone. A server that does not answer is left to whoever asks it next.
    """
    watch = _watches.get(engine)
    if watch is None or watch.process != os.getpid():
        watch = _open(engine)
    if watch is None:
        return None
    try:
        return watch.version()
    except engine.dialect.dbapi.Error:  # type: ignore[union-attr]
        _close(engine)
        return None


def _open(engine: Engine) -> _Watch | None:
    with _opening:
        watch = _watches.get(engine)
        if watch is None or watch.process != os.getpid():
            watch = _watch(engine)
            if watch is not None:
                _watches[engine] = watch
    return watch


def _watch(engine: Engine) -> _Watch | None:
    path = engine.url.database
    if engine.dialect.name == "sqlite":
        if not path or not Path(path).exists():
            return None
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)
        return _Watch(connection, "PRAGMA data_version")
    words, values = engine.dialect.create_connect_args(engine.url)
    return _Watch(engine.dialect.connect(*words, autocommit=True, **values), "SELECT pg_current_snapshot()::text")


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
