"""A real Chromium against the real product: its own server, database and files, as `make run` makes them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from app.backends.postcodes_build import build as build_places
from app.models import AnswerSheet, User
from config import ROOT, load_settings
from tests.browser import whole_case
from tests.factories import SMALL_FRAMEWORK, db
from tests.integration.everything import Side, build
from tools.serve import WORKERS, Instance
from tools.shots import ARGUMENTS, CHROMIUM

DESK, PHONE = 1280, 390
WIDTHS = (DESK, PHONE)
STOP_SECONDS = 10
START_SECONDS = 120  # a busy machine takes its time; the wait ends with the first answer
SCHEME = "harbour-mark"
# Its own title: tests that make schemes of their own give them the small framework as it is.
WALKED = SMALL_FRAMEWORK.replace("small-mark", SCHEME).replace("Small Mark", "Harbour Mark")
SMALL_SCHEME = """\
scheme: harbour-mark
title: Harbour Mark
awarding_body: Harbour Mark Partnership
contact: mark@harbour-mark.example.org
website: https://harbour-mark.example.org
brand: {colour: "#4b2142", accent: "#e2b04a"}
about: A mark of four criteria, for tests.
invented: true
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@dataclass(frozen=True)
class Site:
    """The served product. `instance` is the same installation in the test's own process, to look into and to fill."""

    url: str
    instance: Instance

    def cookie_of(self, user: User) -> dict[str, str]:
        """The cookie of a session in which `user` is signed in, for a browser's context."""
        app = self.instance.app
        serializer = app.session_interface.get_signing_serializer(app)
        value = serializer.dumps({"_user_id": f"{user.id}:{user.session_key}", "_fresh": True})
        return {"name": app.config["SESSION_COOKIE_NAME"], "value": value, "url": self.url}


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


def _standards(folder: Path) -> Path:
    """The shipped standards, and beside them two schemes of four criteria that are walked through quickly."""
    shutil.copytree(ROOT / "standards", folder)
    small = folder / SCHEME
    small.mkdir()
    (small / "scheme.yaml").write_text(SMALL_SCHEME, "utf-8")
    (small / "2026.yaml").write_text(WALKED, "utf-8")
    whole_case.write_standards(folder)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product as `make run` serves it, on a port of its own, without the demonstration's data."""
    port, folder = _free_port(), tmp_path_factory.mktemp("instance")
    url = f"http://127.0.0.1:{port}"
    settings = {
        "ENV": "demo",
        "SECRET_KEY": "a key for tests alone, which is long enough",
        "INSTANCE_DIR": str(folder),
        "STANDARDS_DIR": str(_standards(folder / "standards")),
        "BASE_URL": url,
        "LIMIT_PER_SECOND": "0",
    }
    instance = Instance(load_settings(settings))
    build_places(Path(instance.app.config["PLACES_FILE"]), letters="L")  # the postcodes of all take longer
    instance.migrate()
    instance.load_standards()
    command = [Path(sys.executable).with_name("granian"), "--interface", "wsgi", "--workers", str(WORKERS)]
    command += ["--port", str(port), "--blocking-threads", "4", "--log-level", "warning", "wsgi:app"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}) as server:
        try:
            _wait_for(f"{url}/healthz", server)
            yield Site(url, instance)
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def side(site) -> Iterator[Side]:
    """Somebody in every role with a case in every state. The rows stay readable while the module runs."""
    with site.instance.app.app_context():
        ours = build()[0]
        sheet = db.session.get_one(AnswerSheet, ours.answer_sheet_id)
        sheet.brought_at = datetime.now(UTC)  # it waits for a day, by the clock of the server
        db.session.commit()
        yield ours


# The browser reports every answer of 400 and above, and every lost connection: those are for the test to judge.
FOR_THE_TEST = (
    "the server responded with a status of",
    "net::ERR_INTERNET_DISCONNECTED",
    "net::ERR_CONNECTION",
    "net::ERR_EMPTY_RESPONSE",
    "net::ERR_FAILED",
)


@dataclass
class Window:
    """What went wrong by script in a window: errors, and whatever the content security policy stopped."""

    context: BrowserContext
    troubles: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in FOR_THE_TEST):
            self.troubles.append(f"{message.page.url if message.page else ''}: {message.text}")


@pytest.fixture
def new_page(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """`new_page(width=DESK, script=True, user=None)`: a page in a window of its own: its own cookies, its own person.

    `user` is signed in already. What goes wrong by script in any of the windows fails the test.
    """
    windows: list[Window] = []

    def open_page(width: int = DESK, script: bool = True, user: User | None = None) -> Page:
        context = chromium.new_context(
            base_url=site.url, viewport={"width": width, "height": 900}, java_script_enabled=script, locale="en-GB"
        )
        window = Window(context)
        windows.append(window)
        context.on("console", window.hear)
        context.on("weberror", lambda problem: window.troubles.append(str(problem.error)))
        context.set_default_timeout(6_000)
        if user is not None:
            context.add_cookies([site.cookie_of(user)])
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
