"""How long it takes to bring a list in, on the running product: `python -m bench.bringing_in [--rows N] [--kind csv]`.

A manager sends the file, the worker reads it, another manager confirms it, the worker brings it in, and in the end it is
undone: by the product's own pages, with its own worker. Meanwhile somebody else saves answers and searches the register.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from time import perf_counter, sleep

from bench.__main__ import say
from bench.lists_to_bring import WRITERS, Rows, known_providers
from bench.running import Browser, Product, fill_register, hidden_fields

SCHEME = "community-care-mark"
MANAGERS = ("manager@demo.example.org", "deputy.manager@demo.example.org")
BASIS = "Decided by the board of the scheme between 2023 and 2026 under its rules of 2022."
EVERY = 0.2  # seconds between two looks at how far it is, and between two saves of somebody else
PATIENCE = 1_200


@dataclass
class Worker:
    """`flask mail worker`, the process that reads and brings in."""

    process: subprocess.Popen[bytes]

    def spent(self) -> float:
        """Seconds of the processor so far."""
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")

    def peak(self) -> float:
        """The most megabytes that it held since `forget`."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return round(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024, 1)

    def settle(self) -> None:
        """Wait until it has done the day's regular work, with which it begins."""
        quiet, spent = 0, self.spent()
        while quiet < 3:
            sleep(1)
            quiet, spent = (quiet + 1 if self.spent() - spent < 0.1 else 0), self.spent()

    def forget(self) -> None:
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


@contextmanager
def working(instance: Path) -> Iterator[Worker]:
    environment = {**os.environ, "INSTANCE_DIR": str(instance), "ENV": "demo", "FLASK_APP": "wsgi"}
    process = subprocess.Popen([sys.executable, "-m", "flask", "mail", "worker"], env=environment)
    try:
        yield Worker(process)
    finally:
        process.terminate()
        process.wait(60)


def disturb(port: int, stop, waits) -> None:
    """What somebody else meets: an answer saved and the register searched, again and again."""
    person = Browser(port).sign_in()
    criterion = person.open_criterion()
    while not stop.is_set():
        for what, ask in (
            ("autosave of somebody else", criterion.autosave),
            ("search of somebody else", lambda: person.get("/register?q=befriending")),
        ):
            start = perf_counter()
            ask()
            waits.append((what, start, perf_counter() - start))
        sleep(EVERY)


@contextmanager
def others(port: int) -> Iterator[list[tuple[str, float, float]]]:
    """Their waits as (what, when it began, seconds)."""
    with multiprocessing.Manager() as shared:
        stop, waits = shared.Event(), shared.list()
        process = multiprocessing.get_context("spawn").Process(target=disturb, args=(port, stop, waits))
        process.start()
        try:
            yield waits
        finally:
            stop.set()
            process.join(60)


class Bench:
    """One list on its way through the product."""

    def __init__(self, product: Product, worker: Worker, waits, kind: str, rows: int) -> None:
        self.first, self.second = (Browser(product.port).sign_in(email) for email in MANAGERS)
        self.worker, self.waits, self.kind, self.rows = worker, waits, kind, rows
        self.path = ""

    def send(self, file: Path) -> None:
        """Choose the file, and say on what its awards rest."""
        where = f"/schemes/{SCHEME}/brought-in/new"
        page = self.first.get(where)
        edition = re.search(r'<option[^>]*value="(\d+)"', page)
        fields = {**hidden_fields(page), "edition": edition[1] if edition else "", "basis": BASIS, "level": "silver"}
        fields |= {"granted_on-day": "1", "granted_on-month": "6", "granted_on-year": "2026"}
        start = perf_counter()
        self.first.upload(where, fields, file)
        self.path = self.first.last_path
        say(
            f"{self.kind}: sent",
            seconds=round(perf_counter() - start, 2),
            megabytes=round(file.stat().st_size / 1e6, 1),
        )

    def confirm(self) -> None:
        self.second.post(f"{self.path}/confirm", self._fields(self.second))

    def undo(self) -> None:
        self.first.post(f"{self.path}/undo", {**self._fields(self.first), "reason": "It was last year’s list."})

    def _fields(self, browser: Browser) -> dict[str, str]:
        return hidden_fields(browser.get(self.path))

    def wait_for(self, step: str, begun, state: str) -> None:
        """Print what it took from `begun()` until the page says that the list is in `state`."""
        self.worker.forget()
        start, spent, said = perf_counter(), self.worker.spent(), set()
        begun()
        while (progress := json.loads(self.first.get(f"{self.path}/progress.json")))["state"] != state:
            said.add(progress["done"])
            if progress["state"] == "failed" or perf_counter() - start > PATIENCE:
                raise RuntimeError(f"It came no further than {progress}.")
            sleep(EVERY)
        seconds, spent = perf_counter() - start, self.worker.spent() - spent
        say(
            f"{self.kind}: {step}",
            rows=self.rows,
            seconds=round(seconds, 1),
            processor_seconds=round(spent, 1),
            rows_a_second=round(self.rows / seconds),
            peak_mb=self.worker.peak(),
            steps_of_progress=len(said),
        )
        self._tell_waits(step, start)

    def _tell_waits(self, step: str, since: float) -> None:
        for what in dict.fromkeys(name for name, _, _ in self.waits):
            took = [seconds * 1000 for name, at, seconds in list(self.waits) if name == what and at >= since]
            if took:
                say(
                    f"{self.kind}: {what}, while it is {step}",
                    median_ms=round(statistics.median(took), 1),
                    longest_ms=round(max(took), 1),
                    times=len(took),
                )

    def pages(self) -> None:
        """The pages of a list with as many rows, and what is left out of it."""
        for name, path in (
            ("page of the list", self.path),
            ("last page of its rows", f"{self.path}?page=100000"),
            ("rows that cannot be brought in", f"{self.path}?outcome=wrong"),
            ("rows left out as CSV", f"{self.path}/left-out.csv"),
        ):
            times = []
            for _ in range(3):
                start = perf_counter()
                answer = self.first.get(path)
                times.append((perf_counter() - start) * 1000)
            say(f"{self.kind}: {name}", median_ms=round(statistics.median(times), 1), kilobytes=len(answer) // 1000)


def measure(instance: Path, folder: Path, kind: str, rows: int, seed: int) -> None:
    name, write = WRITERS[kind]
    file = folder / name
    write(file, Rows(instance / "places.sqlite", known_providers(instance / "touchstone.sqlite"), seed)(rows))
    with Product(instance) as product, working(instance) as worker, others(product.port) as waits:
        worker.settle()
        bench = Bench(product, worker, waits, kind, rows)
        bench.send(file)
        bench.wait_for("read", lambda: None, "ready")
        bench.pages()
        bench.wait_for("brought in", bench.confirm, "done")
        bench.wait_for("undone", bench.undo, "undone")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kind", choices=[*WRITERS], default="csv")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--here", type=int, default=5_000, help="Providers on the register before")
    parser.add_argument("--instance", type=Path, help="A stopped instance; without it, a fresh one is made")
    asked = parser.parse_args()
    os.environ["WORKER"] = "none"
    with tempfile.TemporaryDirectory() as folder:
        instance = asked.instance or Path(folder) / f"instance-{token_hex(4)}"
        if not asked.instance:
            with Product(instance):
                pass
            fill_register(instance, asked.here)
        measure(instance, Path(folder), asked.kind, asked.rows, asked.seed)


if __name__ == "__main__":
    main()
