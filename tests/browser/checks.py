"""What every page in a browser must hold, whoever looks at it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPEN_ALL_DETAILS = "document.querySelectorAll('details').forEach((details) => { details.open = true; })"
AXE = Axe()
RUN_AXE = "axe.run(document, {resultTypes: ['violations'], iframes: false}).then((found) => found.violations)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(page: Page, name: str = "") -> None:
    """Keep a picture of the whole page where SHOTS names a folder, for a person to look at. Without it, nothing."""
    folder = os.environ.get("SHOTS")
    if folder:
        name = name or re.sub(r"[^a-z0-9]+", "-", page.url.split("/", 3)[3].lower()).strip("-") or "home"
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name[:100]}-{width}.png", full_page=True)


def check_width(page: Page, name: str = "") -> None:
    """Fail if the page is wider than the screen. For a page without script, in which axe would wait for ever."""
    page.wait_for_load_state()
    look(page, name)
    wide = page.evaluate(TOO_WIDE)
    assert wide <= 0, f"{page.url} is {wide} px wider than the screen"


def check_page(page: Page, name: str = "") -> None:
    """Fail with the list if axe finds anything, or if the page is wider than the screen. `name` is that of the picture.

    Closed details are opened first: axe does not look into what is closed.
    """
    problems = problems_of(page, name)
    assert not problems, f"{page.url} at {page.viewport_size}:\n" + "\n".join(problems)


def problems_of(page: Page, name: str = "") -> list[str]:
    """What `check_page` fails with."""
    page.wait_for_load_state()  # a page on its way has nothing to measure yet
    look(page, name)
    problems = []
    wide = page.evaluate(TOO_WIDE)
    if wide > 0:
        problems.append(f"the page is {wide} px wider than the screen")
    page.evaluate(OPEN_ALL_DETAILS)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    return problems + [_told(violation) for violation in page.evaluate(RUN_AXE)]


def _told(violation: dict[str, Any]) -> str:
    places = "; ".join(f"{node['target'][0]} {node.get('failureSummary', '')}" for node in violation["nodes"][:3])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {' '.join(places.split())}"


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in through the form, as a person does."""
    page.goto("/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
