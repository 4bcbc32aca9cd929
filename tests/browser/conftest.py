"""A real Chromium against the real product: its own server, database and demonstration, as `make run` makes them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from config import ROOT, load_settings
from tools.serve import Instance
from tools.shots import ARGUMENTS, CHROMIUM

DESK, PHONE = 1280, 390
WIDTHS = (DESK, PHONE)
START_SECONDS = 20


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass(frozen=True)
class Site:
    """A served demonstration. `instance` is the same installation in the test's own process, to look into."""

    url: str
    instance: Instance


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers. The wait ends at once when it does, or when the server dies."""
    for _ in range(START_SECONDS * 20):
        if server.poll() is not None:
            raise RuntimeError(f"The server ended with {server.returncode} before it answered.")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"The server did not answer within {START_SECONDS} seconds.")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product with its demonstration's data, served by its own server on a port of its own."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {
        "ENV": "demo",
        "SECRET_KEY": "a key for tests alone, which is long enough",
        "INSTANCE_DIR": str(tmp_path_factory.mktemp("instance")),
        "BASE_URL": url,
    }
    instance = Instance(load_settings(settings))
    instance.prepare()
    command = [Path(sys.executable).with_name("granian"), "--interface", "wsgi", "--workers", "1", "--port", str(port)]
    command += ["--blocking-threads", "4", "--log-level", "warning", "wsgi:app"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}) as server:
        try:
            _wait_for(url, server)
            yield Site(url, instance)
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Window:
    """What went wrong by script in a window: errors, and whatever the content security policy stopped."""

    context: BrowserContext
    troubles: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        # The browser reports every answer of 400 and above as an error too: those are for the test to judge.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            self.troubles.append(message.text)


@pytest.fixture
def new_page(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """`new_page(width=DESK, script=True)`: a page in a window of its own: its own cookies, its own person."""
    windows: list[Window] = []

    def open_page(width: int = DESK, script: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site.url, viewport={"width": width, "height": 900}, java_script_enabled=script, locale="en-GB"
        )
        window = Window(context)
        windows.append(window)
        context.on("console", window.hear)
        context.on("weberror", lambda problem: window.troubles.append(str(problem.error)))
        context.set_default_timeout(10_000)
        return context.new_page()

    yield open_page
    for window in windows:
        window.context.close()
    troubles = [trouble for window in windows for trouble in window.troubles]
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page on a desk, nobody signed in."""
    return new_page()
