"""A PostgreSQL cluster for these tests: the one that all tests run on, or one of their own where PostgreSQL is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=127.0.0.1"


def programs() -> Path | None:
    """Where the newest PostgreSQL's programs are; None where there are none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    return found[-1].parent if found else None


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a database in a cluster, which is stopped and gone afterwards."""
    given = os.environ.get("TEST_DATABASE_URL")
    where = programs()
    if given or where is None:
        yield given or ""
        return
    # A folder of its own below /tmp: PostgreSQL refuses to run as root, and pytest's folders are closed to others.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        folder = Path(made)
        user: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            user = ["runuser", "-u", "postgres", "--"]
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        data, control = str(folder / "data"), [*user, str(where / "pg_ctl"), "-D", str(folder / "data"), "-w"]
        make = [*user, str(where / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        options = f"-p {port} -c unix_socket_directories={folder} {QUICK}"
        subprocess.run([*make, "--locale=C.UTF-8"], check=True, capture_output=True, cwd=folder)
        start = [*control, "-l", str(folder / "log"), "-o", options, "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, cwd=folder)
        try:
            yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder)


def empty_search_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE register_search.entry, register_search.word"))
        connection.execute(text("UPDATE register_search.state SET revision = 0, stamp = ''"))
