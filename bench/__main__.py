"""`make bench`: one JSON line a figure. Starts the product as a user would, beside a bare Flask view on the same server.

Every time is told as a ratio to the bare view, asked in turns in the same run: machines differ, and are noisy.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from bench.running import Browser, Product, bare_view, fill_register
from config import ROOT

ROUNDS = 8
REQUESTS = 40  # of each kind in each round
REGISTER_SIZE = 26_000


def say(figure: str, **values: object) -> None:
    print(json.dumps({"figure": figure, **values}), flush=True)


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]


def timed(ask, times: list[float]) -> None:
    for _ in range(REQUESTS):
        start = perf_counter()
        ask()
        times.append(perf_counter() - start)


def compare(kinds: dict, rounds: int = ROUNDS) -> None:
    """Ask each kind in turns with the bare view, and print the ratios of medians and of 99th percentiles."""
    times: dict[str, list[float]] = {name: [] for name in kinds}
    for ask in kinds.values():
        ask()  # what is made at the first call is made now
    for _ in range(rounds):
        for name, ask in kinds.items():
            timed(ask, times[name])
    bare = times["bare"]
    for name, found in times.items():
        say(
            name,
            median_ms=round(statistics.median(found) * 1000, 2),
            p95_ms=round(percentile(found, 0.95) * 1000, 2),
            p99_ms=round(percentile(found, 0.99) * 1000, 2),
            median_ratio=round(statistics.median(found) / statistics.median(bare), 2),
            p95_ratio=round(percentile(found, 0.95) / percentile(bare, 0.95), 2),
            p99_ratio=round(percentile(found, 0.99) / percentile(bare, 0.99), 2),
            requests=len(found),
        )


def searches(browser: Browser):
    """Asks the register a list of questions in turns."""
    questions = [
        "",
        "?q=memory+loss",
        "?q=befriending&near=LA1+4AB",
        "?q=bridge&level=gold",
        "?service=advocacy&page=3",
    ]
    asked = iter(questions * 1_000_000)
    return lambda: browser.get("/register" + next(asked))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        with Product(instance) as cold:
            say("first page, cold (migrate, places, standards, demonstration)", seconds=round(cold.seconds, 2))
        with Product(instance) as warm:
            say("first page, warm", seconds=round(warm.seconds, 2))
            say("memory of all processes after the start", megabytes=warm.memory())
        fill_register(instance, REGISTER_SIZE)
        with Product(instance) as warm, bare_view() as bare:
            say(f"first page, warm, {REGISTER_SIZE:,} providers to index", seconds=round(warm.seconds, 2))
            public, provider, plain = Browser(warm.port), Browser(warm.port), Browser(bare.port)
            entry = public.first_link(r"/register/[a-z0-9-]+", "/register?q=memory")
            provider.sign_in()
            criterion = provider.open_criterion()
            compare(
                {
                    "bare": lambda: plain.get("/"),
                    f"register search, {REGISTER_SIZE:,} providers": searches(public),
                    "provider page": lambda: public.get(entry),
                    "criterion page": lambda: provider.get(criterion.path),
                    "autosave": criterion.autosave,
                }
            )
            say(f"memory of all processes after the work, {REGISTER_SIZE:,} providers", megabytes=warm.memory())


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
