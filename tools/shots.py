"""Pictures of pages as a person sees them, at the width of a desk and of a phone.

python tools/shots.py --base http://127.0.0.1:8000 --as lead@example.org --out shots / /provider
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = (1280, 390)
HEIGHT = 900


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", help="addresses on the site, each beginning with /")
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="where the product is served")
    parser.add_argument("--as", dest="email", help="e-mail address to sign in with")
    parser.add_argument("--password", default=os.environ.get("DEMO_PASSWORD", ""), help="password (or DEMO_PASSWORD)")
    parser.add_argument("--out", type=Path, default=Path("shots"), help="folder for the pictures")
    parser.add_argument("--no-script", action="store_true", help="without JavaScript")
    parser.add_argument("--fold", action="store_true", help="the first screen only, not the whole page")
    return parser.parse_args(arguments)


def sign_in(page: Page, base: str, email: str, password: str) -> None:
    page.goto(f"{base}/sign-in")
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()
    if "/sign-in" in page.url:
        sys.exit(f"Could not sign in as {email}.")


def take(browser: Browser, width: int, wanted: argparse.Namespace) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, java_script_enabled=not wanted.no_script, locale="en-GB"
    )
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"script error on {page.url}: {error}"))
    page.on("console", lambda said: print(f"{said.type} on {page.url}: {said.text}") if said.type == "error" else None)
    if wanted.email:
        sign_in(page, wanted.base, wanted.email, wanted.password)
    for path in wanted.paths:
        answer = page.goto(wanted.base + path)
        name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"
        file = wanted.out / f"{name}-{width}.png"
        page.screenshot(path=file, full_page=not wanted.fold)
        wide = page.evaluate("document.documentElement.scrollWidth") - width if not wanted.no_script else 0
        print(f"{answer.status if answer else '?'} {path} -> {file}{f', {wide} px too wide' if wide > 0 else ''}")
    context.close()


def main(arguments: list[str]) -> None:
    wanted = parse(arguments)
    wanted.base = wanted.base.rstrip("/")
    wanted.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for width in WIDTHS:
            take(browser, width, wanted)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
