"""The steps of the walk from an account to an entry on the register, each as the person does it in the browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

CODES = ("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2")
PASSWORD = "three quiet herons"
MINUTES = b"Minutes of 3 March 2026.\nThe trustees looked at the accounts and at two safeguarding concerns.\n"
NUMBER = re.compile(r"(?<=Certificate )[A-Z0-9]+(-[A-Z0-9]+)+")


@dataclass(frozen=True)
class File:
    """A file as a person chooses it."""

    name: str
    body: bytes
    kind: str = "application/octet-stream"

    def payload(self) -> dict:
        return {"name": self.name, "mimeType": self.kind, "buffer": self.body}


def press(page: Page, words: str, exact: bool = True) -> None:
    page.get_by_role("button", name=words, exact=exact).click()


def follow(page: Page, words: str) -> None:
    """Follow the first link that says so, whether it looks like a link or like a button."""
    page.get_by_role("link", name=words).or_(page.get_by_role("button", name=words)).first.click()


def heading(page: Page, words: str | re.Pattern) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def said(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


def open_part(page: Page, words: str) -> None:
    """Open what is folded away under `words`, unless it is open."""
    summary = page.locator("summary", has_text=words)
    if page.locator("details[open]").filter(has=summary).count() == 0:
        summary.click()


def fill_day(page: Page, field: str, day: date) -> None:
    for part in ("day", "month", "year"):
        page.fill(f"[name={field}-{part}]", str(getattr(day, part)))


def in_weeks(weeks: int) -> date:
    return datetime.now(UTC).date() + timedelta(weeks=weeks)


# The provider


def sign_up(page: Page, name: str, email: str) -> None:
    page.goto("/sign-up")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Make the account")
    heading(page, "Check your mail")


def confirm_from_outbox(page: Page, email: str) -> None:
    page.goto("/outbox")
    letter = page.locator("article", has_text=f"To {email}").first
    letter.get_by_role("link").first.click()
    heading(page, "Confirm your address")
    press(page, "Confirm this address")


def describe(page: Page, name: str, charity_number: str) -> None:
    """Fill the whole form of a new organisation, and send it."""
    heading(page, "Describe your organisation")
    page.get_by_label("Name of the organisation").fill(name)
    page.get_by_label("What kind of organisation is it?").select_option("registered-charity")
    page.get_by_label("Charity number").fill(charity_number)
    page.get_by_label("What you do, in one sentence").fill("Visits for people who live alone.")
    page.get_by_label("Postcode", exact=True).fill("la1 1ht")
    page.get_by_label("E-mail address for the public").fill("office@example.org")
    page.get_by_label("Befriending", exact=False).first.check()
    page.get_by_label("Older people", exact=False).first.check()
    page.get_by_label("Council area 1").fill("Lancaster")
    page.fill("[name=fact_staff]", "2")
    press(page, "Save and continue")


def start(page: Page, level: str) -> None:
    """From what a framework asks to the application. Leaves the page on the application."""
    page.get_by_label(level, exact=True).check()
    press(page, "Start the application")
    heading(page, "Harbour Mark")


def answer(page: Page, point: str, reason: str) -> None:
    page.get_by_role("radio", name=point).check()
    page.get_by_label("Why you say so").fill(reason)


def saved(page: Page) -> None:
    """Wait until the page says that it saved itself."""
    expect(page.locator("[data-save-state=saved]")).to_contain_text("Saved")


def bring(page: Page, kind: str, title: str, value: str | File) -> None:
    """Add evidence beside a criterion: a file, a link or a statement."""
    fill_evidence(page, kind, title, value)
    press(page, "Add and attach")


def fill_evidence(page: Page, kind: str, title: str, value: str | File) -> None:
    open_part(page, "Add a link, a statement or one file with its dates")
    page.get_by_role("radio", name=kind).check()
    if isinstance(value, File):
        page.get_by_label("File", exact=True).set_input_files(value.payload())
    else:
        page.get_by_label("Address of the page" if "link" in kind else "Statement", exact=True).fill(value)
    page.get_by_label("Title", exact=True).fill(title)


def declare_and_submit(page: Page) -> None:
    for words in ("What we say is true", "The people who govern", "The scheme may show", "We will tell the scheme"):
        page.get_by_label(words).check()
    page.get_by_label("Position in the organisation").fill("Chair of trustees")
    press(page, "Declare and submit")
    heading(page, "Application submitted")


# The scheme's office


def find_case(page: Page, scheme: str, provider: str) -> None:
    """From the pipeline to the provider's case."""
    page.goto(f"/schemes/{scheme}/pipeline?state=all")
    page.get_by_label("Provider's name").fill(provider)
    press(page, "Show")
    said(page, "1 application")
    page.get_by_role("link", name=provider, exact=True).click()
    heading(page, provider)


def assign(page: Page, assessor: str) -> None:
    follow(page, "Assign an assessor")
    page.get_by_role("checkbox", name=assessor, exact=True).check()
    fill_day(page, "due_on", in_weeks(4))
    press(page, "Ask to assess")
    said(page, "The assessor is asked.")


def call_panel(page: Page, members: list[str], chair: str) -> None:
    follow(page, "Call the panel")
    for name in members:
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("radio", name=chair).check()
    fill_day(page, "meets_on", in_weeks(2))
    press(page, "Call the panel")
    said(page, "The panel is called.")


# Assessors and the panel


def declare_no_interest(page: Page) -> None:
    page.get_by_role("radio", name="I have none").check()
    press(page, "Declare")


def score(page: Page, point: str, reason: str) -> None:
    """Score with the keyboard alone: a digit, the reason, Ctrl and Enter."""
    page.wait_for_load_state("domcontentloaded")  # the keys are heard once the page's script has run
    page.locator("[data-scale] input").first.focus()
    page.keyboard.press(point)
    expect(page.locator(f"[data-scale] input[value='{point}']")).to_be_checked()
    page.get_by_label("Why, and what shows it").fill(reason)
    with (
        page.expect_navigation()
    ):  # it may have saved itself before: what it says then is no sign that the page has gone
        page.keyboard.press("Control+Enter")


def score_by_hand(page: Page, point: str, reason: str) -> None:
    page.locator(f"[data-scale] input[value='{point}']").check()
    page.get_by_label("Why, and what shows it").fill(reason)
    page.get_by_role("button", name=re.compile("^Save and ")).click()


def vote(page: Page, outcome: str, level: str) -> None:
    page.get_by_role("button", name="Vote", exact=True).first.click()
    page.get_by_role("radio", name=outcome, exact=True).check()
    page.get_by_role("radio", name=level, exact=True).check()
    page.get_by_label("Why", exact=True).fill("The evidence bears it out.")
    press(page, "Vote")


def record_decision(page: Page, reasons: str) -> None:
    page.get_by_role("button", name="Record the decision").click()
    page.get_by_label("Reasons").fill(reasons)
    press(page, "Check the decision")
    said(page, reasons)
    press(page, "Record the decision")
    said(page, "The decision is recorded.")


def download(page: Page, link: str) -> bytes:
    with page.expect_download() as coming:
        page.get_by_role("link", name=link).click()
    return Path(coming.value.path()).read_bytes()
