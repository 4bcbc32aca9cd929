"""Many clients at once: wrk where it is installed, else threads of our own in a process of their own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter

CLIENTS = 8  # as many as the product has threads
SCRIPT = """
local paths = {%s}
local place = 0
request = function()
  place = place %% #paths + 1
  return wrk.format("GET", paths[place])
end
done = function(summary, latency)
  local errors = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("FOUND %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors))
end
"""


@dataclass(frozen=True)
class Load:
    """What came of it: answers a second, milliseconds, and how many were not answered well."""

    rate: float
    median_ms: float
    p99_ms: float
    errors: int
    by: str


def load(port: int, paths: list[str], seconds: int) -> Load:
    """Ask `paths` in turns with CLIENTS clients, each going on as soon as it is answered."""
    return _wrk(port, paths, seconds) if shutil.which("wrk") else _own(port, paths, seconds)


def _wrk(port: int, paths: list[str], seconds: int) -> Load:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT % ", ".join(json.dumps(path) for path in paths))
        script.flush()
        command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--timeout", "60s", "-s", script.name]
        told = subprocess.run([*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"FOUND (\d+) (\d+) (\d+) (\d+) (\d+)", told)
    if found is None:
        raise RuntimeError(f"wrk said nothing that we understand: {told[-500:]}")
    requests, micros, median, late, errors = map(int, found.groups())
    return Load(requests / micros * 1e6, median / 1000, late / 1000, errors, "wrk")


def _own(port: int, paths: list[str], seconds: int) -> Load:
    command = [sys.executable, "-m", "bench.load", str(port), str(seconds), *paths]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]).stdout
    return Load(**json.loads(told), by="threads")


def main(port: int, seconds: float, paths: list[str]) -> None:
    times: list[float] = []
    errors: list[int] = []
    end = perf_counter() + seconds

    def work(first: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        place = first
        while perf_counter() < end:
            start = perf_counter()
            connection.request("GET", paths[place % len(paths)])
            answer = connection.getresponse()
            answer.read()
            times.append(perf_counter() - start)
            if answer.status != 200:
                errors.append(answer.status)
            place += 1

    clients = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    times.sort()
    middle, late = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
    print(json.dumps({"rate": len(times) / seconds, "median_ms": middle, "p99_ms": late, "errors": len(errors)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
