"""The least that keeps an answer: one Flask view, one SQLite transaction with its audit row, flushed to the disk.

What autosave is compared with. It asks for no session, no permission and no rule.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading

from flask import Flask, request
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from tools.serve import THREADS, WORKERS

FILE = "BARE_AUTOSAVE_FILE"
TABLES = """
CREATE TABLE IF NOT EXISTS answer (id INTEGER PRIMARY KEY, reason TEXT NOT NULL, version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS audit (id INTEGER PRIMARY KEY, answer_id INTEGER NOT NULL, before TEXT, after TEXT);
"""
app = Flask(__name__)
own = threading.local()


def connection() -> sqlite3.Connection:
    """One for each thread."""
    if not hasattr(own, "connection"):
        own.connection = sqlite3.connect(os.environ[FILE], timeout=15, isolation_level=None)
        own.connection.execute("PRAGMA journal_mode = WAL")
        own.connection.execute("PRAGMA synchronous = FULL")
        own.connection.executescript(TABLES)
    return own.connection


@app.get("/")
def hello() -> str:
    return "Hello"


@app.post("/<int:answer_id>")
def save(answer_id: int) -> dict[str, int]:
    reason, version = request.form["reason"], int(request.form["version"])
    held = connection()
    held.execute("BEGIN IMMEDIATE")
    row = held.execute("SELECT reason, version FROM answer WHERE id = ?", (answer_id,)).fetchone()
    before = row[0] if row else None
    held.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", (answer_id, reason, version + 1))
    held.execute("INSERT INTO audit (answer_id, before, after) VALUES (?, ?, ?)", (answer_id, before, reason))
    held.execute("COMMIT")
    return {"version": version + 1}


if __name__ == "__main__":

    def loaded() -> Flask:
        os.setpgid(0, 0)
        return app

    Granian(
        "bench.bare_autosave:app",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        log_level=LogLevels.warning,
        websockets=False,
    ).serve(target_loader=loaded, wrap_loader=False)
