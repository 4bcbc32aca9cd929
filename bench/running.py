"""The product and a bare view, running as they would for a user, and a browser's requests to them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from http.client import HTTPConnection, HTTPException, RemoteDisconnected
from pathlib import Path
from secrets import token_hex
from time import perf_counter, sleep
from urllib.parse import urlencode, urlsplit

from config import load_settings

PATIENCE = 1_800  # seconds: the first start with a million providers writes their index
ACCOUNT = ("lead@bay-memory.example.org", "touchstone demo")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class Running:
    """A server in a process group of its own. `seconds` is how long its first answer took from the command on."""

    def __init__(self, command: list[str], environment: dict[str, str], port: int, path: str) -> None:
        self.port = port
        start = perf_counter()
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
        )
        self._wait_for(path, start)
        self.seconds = perf_counter() - start

    def _wait_for(self, path: str, start: float) -> None:
        while perf_counter() - start < PATIENCE:
            if self.process.poll() is not None:
                raise RuntimeError(self.process.stderr.read().decode()[-2000:] if self.process.stderr else "it ended")
            try:
                Browser(self.port).get(path)
                return
            except (OSError, HTTPException):
                sleep(0.02)
        raise RuntimeError(f"Nothing answered on port {self.port} within {PATIENCE} seconds.")

    def memory(self) -> float:
        """Megabytes of all its processes, what they share counted once (PSS)."""
        return round(sum(map(_pss, [self.process.pid, *_children(self.process.pid)])) / 1024, 1)

    def processor_seconds(self) -> float:
        """What all its processes have spent so far, in steps of 10 ms."""
        ticks = sum(map(_ticks, [self.process.pid, *_children(self.process.pid)]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_children(int(child))]
    return found


def _ticks(pid: int) -> int:
    """Of the processor's time, in user and in system mode."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(after_name[11]) + int(after_name[12])


def _pss(pid: int) -> int:
    """Kilobytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


class Product(Running):
    """The product on its default settings, but for a folder and a port of its own."""

    def __init__(self, instance: Path) -> None:
        port = free_port()
        environment = {
            **os.environ,
            "INSTANCE_DIR": str(instance),
            "PORT": str(port),
            "HOST": "127.0.0.1",
            "ENV": "demo",
            "LIMIT_PER_SECOND": "0",  # one machine asks in the place of many
        }
        super().__init__([sys.executable, "-m", "tools.serve"], environment, port, "/register")

    def __enter__(self) -> Product:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@contextmanager
def bare_view() -> Iterator[Running]:
    """A Flask view that says hello, behind the same server with the same workers and threads."""
    port = free_port()
    running = Running([sys.executable, "-m", "bench.bare", str(port)], dict(os.environ), port, "/")
    try:
        yield running
    finally:
        running.stop()


def fill_register(instance: Path, size: int) -> None:
    """Bring the register of a stopped instance to about `size` entries."""
    from app import create_app
    from app.demo.register_data import make

    app = create_app(load_settings({"INSTANCE_DIR": str(instance)}))
    with app.app_context():
        make(size, 1, Path(app.config["PLACES_FILE"]), datetime.now(UTC))


@dataclass
class Criterion:
    """A criterion's page, open in a browser, and its autosave."""

    browser: Browser
    path: str
    autosave_path: str
    fields: dict[str, str]
    saves: int = 0

    def autosave(self) -> None:
        self.saves += 1
        fields = {**self.fields, "reason": f"We meet six times a year and keep minutes. Draft {self.saves}."}
        answer = self.browser.post(self.autosave_path, fields, {"X-Requested-With": "autosave"})
        found = re.search(r'"version":\s*(\d+)', answer)
        if found is None:
            raise RuntimeError(f"The answer was not saved: {answer[:300]}")
        self.fields["version"] = found[1]


class Browser:
    """One connection that stays open, with cookies. It follows where it is sent. Raises RuntimeError for any other answer but 200."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies: dict[str, str] = {}
        self.last_path = ""

    def get(self, path: str) -> str:
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> str:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(fields), {**kind, **(headers or {})})

    def upload(self, path: str, fields: dict[str, str], file: Path) -> str:
        """Send a form with `file` as its field of that name."""
        border = token_hex(16)
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        parts.append(
            f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = "".join(parts).encode() + file.read_bytes() + f"\r\n--{border}--\r\n".encode()
        return self._ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={border}"})

    def _ask(self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]) -> str:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie, **headers} if cookie else headers
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (RemoteDisconnected, BrokenPipeError):  # the server hangs up on who has been silent for long
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.last_path = path
        if answer.status == 302:
            return self.get(urlsplit(answer.headers["Location"]).path)
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}: {text[:300]}")
        return text

    def first_link(self, pattern: str, path: str) -> str:
        found = re.search(f'href="({pattern})"', self.get(path))
        if found is None:
            raise RuntimeError(f"{path} has no link to {pattern}.")
        return found[1]

    def sign_in(self, email: str = ACCOUNT[0]) -> Browser:
        form = hidden_fields(self.get("/sign-in"))
        self.post("/sign-in", {**form, "email": email, "password": ACCOUNT[1]})
        return self

    def open_criterion(self) -> Criterion:
        """The first criterion of the first draft that this person sees."""
        applications = dict.fromkeys(re.findall(r'href="(/applications/\d+)"', self.get("/provider")))
        for application in applications:
            for path in dict.fromkeys(re.findall(rf'href="({application}/criteria/[^"#?]+)"', self.get(application))):
                criterion = self.criterion(path, "2")
                if criterion:
                    return criterion
        raise RuntimeError("This person has no draft to answer.")

    def criterion(self, path: str, point: str) -> Criterion | None:
        """The criterion at that address, to be given `point` with every save; None where it cannot be changed."""
        page = self.get(path)
        form = re.search(r'data-autosave="([^"]+)"', page)
        return Criterion(self, path, unescape(form[1]), {**hidden_fields(page), "point": point}) if form else None


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    found = {}
    for tag in re.findall(r"<input[^>]+>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if 'type="hidden"' in tag and name:
            found.setdefault(name[1], unescape(value[1]) if value else "")
    return found
