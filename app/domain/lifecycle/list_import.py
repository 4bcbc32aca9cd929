"""The life of a list that a scheme brings into the register: read, looked at, applied, and perhaps undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum


class ImportState(StrEnum):
    """Where a list stands."""

    READING = "reading"
    READY = "ready"
    APPLYING = "applying"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"
    DISCARDED = "discarded"


class ImportMove(StrEnum):
    """What can happen to it."""

    HAVE_READ = "finish reading"
    FAIL = "give up"
    READ_AGAIN = "read again"
    CONFIRM = "bring in"
    FINISH = "finish"
    STOP = "stop"
    UNDO = "undo"
    HAVE_UNDONE = "finish undoing"
    DISCARD = "discard"


_S, _M = ImportState, ImportMove

IMPORT_MOVES: Mapping[tuple[ImportState, ImportMove], ImportState] = {
    (_S.READING, _M.HAVE_READ): _S.READY,
    (_S.READING, _M.FAIL): _S.FAILED,
    (_S.READING, _M.DISCARD): _S.DISCARDED,
    (_S.READY, _M.READ_AGAIN): _S.READING,
    (_S.READY, _M.CONFIRM): _S.APPLYING,
    (_S.READY, _M.DISCARD): _S.DISCARDED,
    (_S.APPLYING, _M.FINISH): _S.DONE,
    (_S.APPLYING, _M.STOP): _S.DONE,
    (_S.DONE, _M.UNDO): _S.UNDOING,
    (_S.UNDOING, _M.HAVE_UNDONE): _S.UNDONE,
    (_S.FAILED, _M.READ_AGAIN): _S.READING,
    (_S.FAILED, _M.DISCARD): _S.DISCARDED,
}

AT_WORK = frozenset({_S.READING, _S.APPLYING, _S.UNDOING})
"""The states in which a worker has something to do."""

UNDO_WITHIN = timedelta(days=30)
"""For how long after it was confirmed a list can be undone. What happened to an award since stays."""
