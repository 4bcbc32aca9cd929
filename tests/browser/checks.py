"""What every page in a browser must hold, whoever looks at it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPEN_ALL_DETAILS = "document.querySelectorAll('details').forEach((details) => { details.open = true; })"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def check_page(page: Page) -> None:
    """Fail with the list if axe finds anything, or if the page is wider than the screen.

    Closed details are opened first: axe does not look into what is closed.
    """
    problems = []
    wide = page.evaluate(TOO_WIDE)
    if wide > 0:
        problems.append(f"the page is {wide} px wider than the screen")
    page.evaluate(OPEN_ALL_DETAILS)
    problems += [_told(violation) for violation in Axe().run(page).response["violations"]]
    assert not problems, f"{page.url} at {page.viewport_size}:\n" + "\n".join(problems)


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
