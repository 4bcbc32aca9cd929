"""From an account to an entry on the register, in the browser, as each of the people whom it takes.

At a desk, on a phone, and at a desk without script.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from itertools import count

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from app.domain.access import Role
from app.models import Scheme, User
from tests import factories as make
from tests.browser import walk
from tests.browser.checks import check_page, check_width
from tests.browser.conftest import DESK, PHONE, SCHEME, Site

_walks = count(1)
REACHED = "([address, words]) => fetch(address).then((answer) => answer.text()).then((page) => page.includes(words))"


@dataclass(frozen=True)
class Office:
    """The people of the scheme. Their names are of one walk alone."""

    manager: User
    assessor: User
    conflicted: User
    chair: User
    member: User


@dataclass(frozen=True)
class Walk:
    """One walk: who walks, at what width, and with script or without."""

    site: Site
    new_page: object
    width: int
    script: bool
    number: int
    office: Office

    @property
    def name(self) -> str:
        return f"Harbour Visitors {self.number}"

    @property
    def email(self) -> str:
        return f"lead{self.number}@example.org"

    def page(self, user: User | None = None) -> Page:
        return self.new_page(self.width, self.script, user)

    def check(self, page: Page, name: str) -> None:
        if self.script:
            check_page(page, f"walk-{name}")
        else:
            check_width(page, f"walk-{name}-no-script")


@pytest.fixture(params=[(DESK, True), (PHONE, True), (DESK, False)], ids=["desk", "phone", "no-script"])
def way(request, site, new_page) -> Walk:
    number = next(_walks)
    with site.instance.app.app_context():
        scheme = make.db.session.query(Scheme).filter_by(code=SCHEME).one()

        def person(what: str, role: Role) -> User:
            return make.officer(scheme, role, name=f"{what} {number}", email=f"{what.lower()}{number}@example.org")

        office = Office(
            manager=person("Manager", Role.MANAGER),
            assessor=person("Assessor", Role.ASSESSOR),
            conflicted=person("Friend", Role.ASSESSOR),
            chair=person("Chair", Role.PANEL_MEMBER),
            member=person("Member", Role.PANEL_MEMBER),
        )
        for user in vars(office).values():
            make.db.session.refresh(user)
        make.db.session.expunge_all()
    return Walk(site, new_page, *request.param, number, office)


def test_a_provider_goes_from_an_account_to_the_register(way):
    provider = way.page()
    provides_account_and_profile(way, provider)
    provider = answers_every_criterion(way, provider)
    brings_evidence(way, provider)
    submits(way, provider)
    manager = way.page(way.office.manager)
    is_assigned(way, manager)
    assessor = way.page(way.office.assessor)
    scores_and_asks(way, assessor)
    replies(way, provider)
    hands_in(way, assessor)
    is_called_to_a_panel(way, manager)
    is_decided(way)
    number = holds_a_certificate(way, provider)
    is_found_on_the_register(way, number)
    is_suspended(way, manager, number)


def provides_account_and_profile(way: Walk, page: Page) -> None:
    walk.sign_up(page, "Ines Marlow", way.email)
    way.check(page, "01-check-mail")
    walk.confirm_from_outbox(page, way.email)
    walk.describe(page, way.name, "12")
    expect(page.get_by_role("alert")).to_contain_text("A charity number has 6 or 7 digits")
    expect(page.get_by_label("Name of the organisation")).to_have_value(way.name)
    expect(page.get_by_label("Council area 1")).to_have_value("Lancaster")
    expect(page.get_by_label("Charity number")).to_have_value("12")
    way.check(page, "02-wrong-charity-number")
    page.get_by_label("Charity number").fill(str(1123456 + way.number))
    walk.press(page, "Save and continue")
    walk.said(page, "You are its lead")
    way.check(page, "03-organisation")


def answers_every_criterion(way: Walk, page: Page) -> Page:
    page.get_by_role("link", name="Harbour Mark").first.click()
    walk.said(page, "Nothing is started yet.")
    walk.open_part(page, "Safety")
    walk.said(page, "There is a safeguarding policy that everybody knows.")
    way.check(page, "04-what-is-asked")
    walk.start(page, "Silver")
    way.check(page, "05-application")
    page.get_by_role("link", name="GOV.1.1").click()
    if way.script:
        page = keeps_what_is_typed_without_saving(way, page)
    for code in walk.CODES:
        walk.heading(page, code)
        walk.answer(page, "2 In place", f"We do this: {code}.")
        if code == "SAFE.1.1":
            way.check(page, "06-answer")
        page.get_by_role("button", name="Save and").click()
    walk.heading(page, "Harbour Mark")
    walk.said(page, "4 of 4")
    return page


def keeps_what_is_typed_without_saving(way: Walk, page: Page) -> Page:
    """Leaves by closing the page, then by going elsewhere at once: both times the words are there afterwards."""
    address = page.url
    walk.answer(page, "1 Started", "We met three times.")
    walk.saved(page)
    other = page.context.new_page()
    page.close()
    other.goto(address)
    expect(other.get_by_label("Why you say so")).to_have_value("We met three times.")
    expect(other.get_by_role("radio", name="1 Started")).to_be_checked()
    other.get_by_label("Why you say so").fill("We met four times.")
    other.goto("/standards")
    other.wait_for_function(REACHED, arg=[address, "We met four times."])
    other.goto(address)
    expect(other.get_by_label("Why you say so")).to_have_value("We met four times.")
    return other


def brings_evidence(way: Walk, page: Page) -> None:
    page.get_by_role("link", name="GOV.1.1").first.click()
    walk.bring(page, "A file", "Minutes of the board", walk.File("minutes.txt", walk.MINUTES))
    walk.said(page, "Minutes of the board")
    walk.bring(page, "A link", "Annual report", "https://www.example.org/annual-report")
    walk.said(page, "Annual report (opens in a new tab)")
    walk.bring(page, "A statement", "How we meet", "The trustees meet on the first Monday of the month.")
    walk.said(page, "How we meet")
    way.check(page, "07-evidence")


def submits(way: Walk, page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Your organisation").dispatch_event("click")
    walk.heading(page, way.name)
    way.check(page, "08-home-of-the-provider")
    page.get_by_role("link", name="Harbour Mark").first.click()
    walk.follow(page, "Check and submit")
    walk.press(page, "Declare and submit")
    expect(page.get_by_role("alert")).to_contain_text("Tick that what you say is true")
    way.check(page, "09-submit-unticked")
    walk.declare_and_submit(page)
    way.check(page, "10-submitted")


def is_assigned(way: Walk, manager: Page) -> None:
    """The first assessor has an interest and says so. From then on they are barred, and the next is asked."""
    walk.find_case(manager, SCHEME, way.name)
    way.check(manager, "11-case")
    walk.assign(manager, way.office.conflicted.name)
    friend = way.page(way.office.conflicted)
    friend.goto("/assessments")
    friend.get_by_role("link", name=way.name, exact=True).click()
    way.check(friend, "12-declare")
    friend.get_by_role("radio", name="I have, or may seem to have").check()
    friend.get_by_label("What is the interest?").fill("My sister is a trustee.")
    walk.press(friend, "Declare")
    walk.said(friend, "The case is closed to you")
    manager.reload()
    walk.follow(manager, "Assign an assessor")
    walk.said(manager, f"{way.office.conflicted.name} Declared a conflict of interest on this case.")
    expect(manager.get_by_role("checkbox", name=way.office.conflicted.name)).to_have_count(0)
    way.check(manager, "13-assign")
    manager.go_back()
    walk.assign(manager, way.office.assessor.name)


def scores_and_asks(way: Walk, page: Page) -> None:
    page.goto("/assessments")
    page.get_by_role("link", name=way.name, exact=True).click()
    walk.declare_no_interest(page)
    walk.said(page, "The case is open to you.")
    way.check(page, "14-case-of-the-assessor")
    walk.follow(page, "Start scoring")
    walk.said(page, "We do this: GOV.1.1.")
    page.get_by_role("link", name="Minutes of the board").click()
    expect(page.frame_locator("iframe.ts-preview").locator("body")).to_contain_text("two safeguarding concerns")
    way.check(page, "15-score")
    walk.open_part(page, "Ask the provider")
    page.get_by_label("What do you need from the provider?").fill("Please send the minutes of May.")
    walk.press(page, "Send the question")
    walk.said(page, "The provider has been asked about GOV.1.1.")
    for code in walk.CODES:
        walk.heading(page, code)
        step = walk.score if way.script else walk.score_by_hand
        step(page, "2", f"The minutes show it: {code}.")
    walk.said(page, "4 of 4 criteria scored")
    way.check(page, "16-scored")


def replies(way: Walk, page: Page) -> None:
    page.goto("/provider")
    page.get_by_role("link", name="GOV.1.1").or_(page.get_by_role("link", name="question")).first.click()
    walk.follow(page, "Reply")
    way.check(page, "17-question")
    page.get_by_label("What you want to tell the assessor").fill("Here are the minutes of May.")
    walk.fill_evidence(page, "A file", "Minutes of May", walk.File("may.txt", b"Minutes of 5 May 2026."))
    walk.press(page, "Send the reply")
    walk.said(page, "Your reply on GOV.1.1 is sent.")


def hands_in(way: Walk, page: Page) -> None:
    page.goto("/assessments")
    walk.said(page, "1 reply")
    page.get_by_role("link", name=way.name, exact=True).click()
    page.get_by_role("link", name="GOV.1.1").click()
    walk.said(page, "Here are the minutes of May.")
    walk.said(page, "Minutes of May")
    way.check(page, "18-reply")
    page.go_back()
    walk.follow(page, "Recommend and hand in")
    page.get_by_role("radio", name="Award", exact=True).check()
    page.get_by_role("radio", name="Bronze", exact=True).check()
    page.get_by_label("Why", exact=True).fill("Well led and safe.")
    way.check(page, "19-hand-in")
    walk.press(page, "Hand in")
    walk.said(page, "Your recommendation is with the scheme.")


def is_called_to_a_panel(way: Walk, manager: Page) -> None:
    walk.find_case(manager, SCHEME, way.name)
    walk.follow(manager, "Call the panel")
    way.check(manager, "20-panel")
    manager.go_back()
    walk.call_panel(manager, [way.office.chair.name, way.office.member.name], chair=way.office.chair.name)


def is_decided(way: Walk) -> None:
    pages = [way.page(way.office.member), way.page(way.office.chair)]
    for page in pages:
        page.goto("/panels")
        walk.follow(page, way.name)
        walk.declare_no_interest(page)
        walk.said(page, "Well led and safe.")
        if page is pages[0]:
            way.check(page, "21-case-of-the-panel")
        walk.vote(page, "Award", "Bronze")
        walk.said(page, "Change your vote")
    chair = pages[1]
    walk.record_decision(chair, "All four criteria are in place.")
    way.check(chair, "22-decided")


def holds_a_certificate(way: Walk, page: Page) -> str:
    """Returns the number that the downloaded certificate bears."""
    page.goto("/provider")
    walk.said(page, "Valid until")
    way.check(page, "23-award")
    body = walk.download(page, "Download the certificate")
    number = walk.NUMBER.search(page.locator("main").inner_text())[0]
    text = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(body)).pages)
    assert number in text and way.name in text
    return number


def is_found_on_the_register(way: Walk, number: str) -> None:
    page = way.page()
    page.goto("/register")
    page.get_by_label("Postcode, town or area").fill("LA1 1HT")
    page.get_by_role("button", name="Search").click()
    way.check(page, "24-register")
    page.get_by_role("link", name=way.name, exact=True).click()
    walk.heading(page, way.name)
    way.check(page, "25-entry")
    page.goto("/verify")
    page.get_by_label("Certificate number").fill(number)
    walk.press(page, "Verify")
    walk.heading(page, "Genuine and valid today")
    way.check(page, "26-verified")


def is_suspended(way: Walk, manager: Page, number: str) -> None:
    walk.find_case(manager, SCHEME, way.name)
    walk.follow(manager, "Suspend")
    manager.get_by_label("Reason").fill("A safeguarding concern is being looked into.")
    manager.get_by_label("What the register says").fill("Suspended while a concern is looked into.")
    way.check(manager, "27-suspend")
    manager.get_by_role("button", name="Suspend").click()
    page = way.page()
    page.goto(f"/verify/{number}")
    walk.heading(page, "Genuine, but suspended")
    way.check(page, "28-suspended")
    page.get_by_role("link", name=way.name, exact=True).click()
    walk.said(page, "Suspended while a concern is looked into.")
    page.goto("/register?near=LA1+1HT")
    expect(page.get_by_role("listitem").filter(has_text=way.name)).to_contain_text("Suspended")
