"""The steps of the life of one award, each as the person does it in the browser: see test_whole_case."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from tests import factories as make
from tests.browser import walk

SCHEME = "twin-mark"
TITLE = "Twin Mark"
CODES = walk.CODES
SCHEME_FILE = """\
scheme: twin-mark
title: Twin Mark
awarding_body: Twin Mark Partnership
contact: mark@twin-mark.example.org
website: https://twin-mark.example.org
brand: {colour: "#1f4d3a", accent: "#e2b04a"}
about: A mark of four criteria that two assess without seeing each other's scores.
invented: true
"""
FIRST = (
    make.SMALL_FRAMEWORK.replace("small-mark", SCHEME)
    .replace("Small Mark", TITLE)
    .replace("assessors: 1,", "assessors: 2, blind: true, reconciliation: always,")
)
CHANGED = "Before they begin, new trustees are told their duties in writing."
SECOND = FIRST.replace('edition: "2026"', 'edition: "2027"').replace("New trustees are told their duties.", CHANGED)


def write_standards(folder: Path) -> None:
    """The scheme and the two editions of its framework, of which the later one changes a criterion."""
    mark = folder / SCHEME
    mark.mkdir()
    (mark / "scheme.yaml").write_text(SCHEME_FILE, "utf-8")
    (mark / "2026.yaml").write_text(FIRST, "utf-8")
    (mark / "2027.yaml").write_text(SECOND, "utf-8")


def today() -> date:
    return datetime.now(UTC).date()


def press_and_go(page: Page, words: str) -> None:
    """Press a button that brings another page, and wait for that page."""
    with page.expect_navigation():
        walk.press(page, words)


# Assessing


def ask_both(page: Page, first: str, second: str) -> None:
    """Ask two to assess, the first of them to lead."""
    walk.follow(page, "Assign an assessor")
    for name in (first, second):
        page.get_by_role("checkbox", name=name, exact=True).check()
    page.get_by_label("Who leads?").select_option(label=first)
    press_and_go(page, "Ask to assess")
    walk.said(page, "The assessors are asked.")


def open_assessment(page: Page, provider: str) -> None:
    page.goto("/assessments")
    page.get_by_role("link", name=provider, exact=True).click()
    walk.declare_no_interest(page)
    walk.said(page, "The case is open to you.")


def score_all(page: Page, points: dict[str, str]) -> None:
    walk.follow(page, "Start scoring")
    for code in CODES:
        walk.heading(page, code)
        walk.score(page, points[code], f"The papers show {points[code]} for {code}.")
    walk.said(page, "4 of 4 criteria scored")


def hand_in(page: Page, level: str) -> None:
    walk.follow(page, "Recommend and hand in")
    page.get_by_role("radio", name="Award", exact=True).check()
    page.get_by_role("radio", name=level, exact=True).check()
    page.get_by_label("Why", exact=True).fill("Well led and safe.")
    press_and_go(page, "Hand in")
    walk.said(page, "Your recommendation is with the scheme.")


def agree(page: Page, point: str, reason: str) -> None:
    page.get_by_role("group", name="Agreed score").locator(f"input[value='{point}']").check()
    page.get_by_label("Why this score").fill(reason)
    with page.expect_navigation():
        page.get_by_role("button", name="Save and ").click()


def note_meeting(page: Page, words: str) -> None:
    walk.fill_day(page, "met_on", today())
    page.get_by_label("How did you meet").fill(words)
    press_and_go(page, "Note the meeting")
    walk.said(page, words)


# The panel


def join_panel(page: Page, provider: str) -> None:
    page.goto("/panels")
    walk.follow(page, provider)
    walk.declare_no_interest(page)
    walk.heading(page, provider)


def vote(page: Page, outcome: str, level: str) -> None:
    page.get_by_role("button", name="Vote", exact=True).first.click()
    page.get_by_role("radio", name=outcome, exact=True).check()
    page.get_by_role("radio", name=level, exact=True).check()
    page.get_by_label("Why", exact=True).fill("The evidence bears it out.")
    press_and_go(page, "Vote")
    walk.said(page, "Your vote is recorded.")


def close_vote(page: Page) -> None:
    walk.follow(page, "Close the vote")
    press_and_go(page, "Close the vote")
    walk.said(page, "The vote is closed.")


def decide(page: Page, reasons: str, condition: str, due_on: date) -> None:
    page.get_by_label("Reasons").fill(reasons)
    page.get_by_label("What the provider has to do").fill(condition)
    walk.fill_day(page, "conditions-0-due_on", due_on)
    press_and_go(page, "Check the decision")
    walk.said(page, condition)
    press_and_go(page, "Record the decision")
    walk.said(page, "The decision is recorded.")


# Appeals


def declare_for_review(page: Page, number: str) -> None:
    page.goto("/reviews")
    page.get_by_role("row", name=number).get_by_role("link").click()
    with page.expect_navigation():
        walk.declare_no_interest(page)
    walk.said(page, "Read the appeal, why the award was changed and the case.")


def vote_on_appeal(page: Page, outcome: str, reason: str) -> None:
    page.get_by_role("group", name="How do you vote?").get_by_role("radio", name=outcome).check()
    page.get_by_label("Why", exact=True).fill(reason)
    press_and_go(page, "Vote")
    expect(page.get_by_role("heading", name="Change your vote")).to_be_visible()
