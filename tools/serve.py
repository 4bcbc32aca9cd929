"""Bring the instance up to date, then serve it: one process for both, so that starting stays quick.

python -m tools.serve              what `make run` runs
python -m tools.serve --afresh     what `make demo` runs: new demonstration data, without serving
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask.cli import ScriptInfo
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from app import create_app
from app.backends.postcodes_build import is_current
from app.edge.session import today
from app.extensions import db
from app.queries.frameworks import read_editions
from app.queries.register_index import current_index, worth_writing
from config import ROOT, Settings, SettingsError, load_settings

WORKERS = 2
THREADS = 4  # a worker's own: each holds one database connection at most
WORKER_AGAIN_SECONDS = 5  # after a worker has ended unasked, so that one that cannot start does not fill the log
STOP_SECONDS = 5  # a worker that has not finished its last answers by then is stopped
DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", "8000"


class Instance:
    """One installation: its settings, its application, and the small files that remember what was already done."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app: Flask = create_app(settings)
        self.folder = Path(settings.instance_dir)
        self.folder.mkdir(parents=True, exist_ok=True)

    def command(self, *words: str) -> None:
        """Run one of our own `flask ...` commands in this process."""
        self.app.cli.main(list(words), standalone_mode=False, obj=ScriptInfo(create_app=lambda: self.app))

    def migrate(self) -> None:
        with self.app.app_context(), db.engine.connect() as connection:
            wanted = set(ScriptDirectory(str(ROOT / "migrations")).get_heads())
            current = set(MigrationContext.configure(connection).get_current_heads())
        if current != wanted:
            print("Bringing the database up to date", flush=True)
            self.command("db", "upgrade", "--directory", str(ROOT / "migrations"))

    def load_standards(self) -> None:
        state = f"{self.settings.database} {fingerprint(Path(self.settings.standards_dir))}"
        self._once("standards", state, "Loading the standards", "framework", "load", self.settings.standards_dir)

    def build_places(self) -> None:
        if not is_current(Path(self.app.config["PLACES_FILE"])):
            print("Preparing the places of the United Kingdom", flush=True)
            self.command("places", "build")

    def make_demo(self) -> None:
        if self.settings.demo:
            self._once("demo", self.settings.database, "Making the demonstration's data", "demo", "make")

    def _once(self, name: str, state: str, words: str, *command: str) -> None:
        """Run a command unless it was done for this very state. The state may hold a password: only its hash is kept."""
        mark = self.folder / f"{name}.done"
        state = hashlib.sha256(state.encode()).hexdigest()
        if mark.is_file() and mark.read_text() == state:
            return
        print(words, flush=True)
        self.command(*command)
        mark.write_text(state)

    def forget(self) -> None:
        """Remove the demonstration: the database, the files, and the marks of what was done."""
        with self.app.app_context():
            if db.engine.dialect.name == "sqlite":
                db.engine.dispose()
                for ending in ("", "-wal", "-shm"):
                    Path(f"{db.engine.url.database}{ending}").unlink(missing_ok=True)
        if not self.settings.database.startswith("sqlite"):
            self.command("db", "downgrade", "--directory", str(ROOT / "migrations"), "base")
        shutil.rmtree(self.app.config["STORAGE_DIR"], ignore_errors=True)
        for name in ("standards", "demo"):
            (self.folder / f"{name}.done").unlink(missing_ok=True)

    def prepare(self) -> None:
        self.migrate()
        self.build_places()
        self.load_standards()
        self.make_demo()


def fingerprint(folder: Path) -> str:
    """A hash over the names and contents of all files under `folder`."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        total.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return total.hexdigest()


def announce(instance: Instance, host: str, port: str) -> None:
    print(f"\nTouchstone is at http://{host}:{port} (Ctrl-C stops it)\n", flush=True)
    if instance.settings.demo:
        instance.command("demo", "accounts")
    sys.stdout.flush()


def serve(instance: Instance, host: str, port: int) -> None:
    """Serve until Ctrl-C. The workers are forked from this process: the application is imported once for all."""
    with instance.app.app_context():
        write_index(instance)
        current_index().warm(today())  # before the workers are forked: they share what does not change
        read_editions()
        ask_first(instance.app)
        db.session.remove()
        db.engine.dispose()  # no connection is shared across the fork
    server = Granian(
        "wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
        websockets=False,
    )

    def loaded_application() -> Flask:
        # Out of the terminal's group, so that Ctrl-C reaches the parent alone, which then tells each worker once.
        os.setpgid(0, 0)
        return instance.app

    gc.collect()
    gc.freeze()  # what is there now lives on: leave its pages alone, so that all processes share them
    worker = start_worker(instance) if instance.settings.worker == "beside" else None
    try:
        server.serve(target_loader=loaded_application, wrap_loader=False)
    finally:
        if worker:
            os.kill(worker, signal.SIGTERM)
            os.waitpid(worker, 0)


LARGE = 20_000
SUMMED = ("/sitemap.xml", "/open-referral/organizations", "/open-data/catalog.jsonld", "/standards")
"""Pages with sums over the whole register. They are kept, and what changed is added: so none of the workers begins afresh."""


def ask_first(app: Flask) -> None:
    """Ask what most people ask, so that the templates, lists and modules behind it are loaded once for all workers."""
    client = app.test_client()
    found = client.get("/api/v1/register?q=suport&near=Lancaster").get_json()
    slugs = [each["slug"] for each in found.get("results", ())] or [
        each["slug"] for each in client.get("/api/v1/register").get_json()["results"]
    ]
    for path in (
        "/register?q=supportt&near=LA1",
        "/register/suggest?q=sup",
        *(f"/register/{slug}" for slug in slugs[:1]),
        *(SUMMED if len(current_index()) > LARGE else ()),
    ):
        client.get(path)
    app.extensions["kept answers"].forget()


def write_index(instance: Instance) -> None:
    """Write a large register's index, where that is due, in a process of its own: its memory is given back whole."""
    if not worth_writing(db.engine):
        return
    print("Writing the index of the register", flush=True)
    db.session.remove()
    db.engine.dispose()
    writer = os.fork()
    if writer:
        os.waitpid(writer, 0)
        return
    try:
        instance.command("register", "index")
    finally:
        os._exit(0)


def start_worker(instance: Instance) -> int:
    """A process that keeps a worker for mail and regular work running beside the server; its number."""
    keeper = os.fork()
    if keeper:
        return keeper
    try:
        os.setpgid(0, 0)
        keep_working(instance)
    finally:
        os._exit(0)


def keep_working(instance: Instance) -> None:
    """Start the worker again whenever it ends by itself or is killed, until this process is told to stop (SIGTERM)."""
    stop = threading.Event()
    working = 0

    def end(*_: object) -> None:
        stop.set()
        if working:  # in the worker itself, until it listens for itself, there is none
            with suppress(ProcessLookupError):
                os.kill(working, signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    while not stop.is_set():
        working = os.fork()
        if not working:
            try:
                instance.command("mail", "worker")
            finally:
                os._exit(0)
        os.waitpid(working, 0)
        stop.wait(WORKER_AGAIN_SECONDS)


def main(arguments: list[str]) -> None:
    host, port = os.environ.get("HOST") or DEFAULT_HOST, os.environ.get("PORT") or DEFAULT_PORT
    os.environ.setdefault("BASE_URL", f"http://{host}:{port}")
    try:
        instance = Instance(load_settings())
    except SettingsError as error:
        sys.exit(str(error))
    if "--afresh" in arguments:
        if not instance.settings.demo:
            sys.exit("This is not a demonstration (ENV is not demo), so its data stays.")
        print(f"Removing the demonstration's data in {instance.folder} and making it again", flush=True)
        instance.forget()
        instance.prepare()
        return
    instance.prepare()
    announce(instance, host, port)
    serve(instance, host, int(port))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
