"""Service users' voice from end to end: a round is opened, people answer on a phone, the provider sees numbers, and only
the scheme what is said of harm."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.domain.access import Role
from app.models import VoiceRound
from tests import factories as make
from tests.browser import walk
from tests.browser.checks import check_page
from tests.browser.conftest import PHONE
from tests.conftest import NOON
from tests.integration import voices

HARM = "Mae rhywun yn fy nharo yn y bws mini."


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


def opens_a_round(page: Page, organisation_id: int) -> str:
    """Returns the address that the poster shows."""
    page.goto(f"/organisations/{organisation_id}/feedback")
    check_page(page, "voice-01-nothing-yet")
    walk.follow(page, "Ask people what they think")
    page.get_by_label("Name of this round").fill("What visitors think")
    walk.press(page, "Open the round")
    expect(page.get_by_role("alert")).to_contain_text("Say until when people can answer.")
    expect(page.get_by_label("Name of this round")).to_have_value("What visitors think")
    walk.fill_day(page, "closes_on", walk.in_weeks(3))
    check_page(page, "voice-02-new-round")
    walk.press(page, "Open the round")
    walk.said(page, "You see results when the round closes")
    check_page(page, "voice-03-round-without-answers")
    assert walk.download(page, "Poster to print, English").startswith(b"%PDF")
    return page.locator(".ts-voice__link").inner_text().strip()


def answers_in_welsh_and_tells_of_harm(page: Page, address: str) -> None:
    """On a phone, without script, with a first try that lacks everything."""
    page.goto(address)
    check = page.get_by_role("heading", level=1)
    expect(check).to_contain_text("What do you think of")
    walk.press(page, "Cymraeg")
    expect(check).to_contain_text("Beth yw eich barn am")
    walk.press(page, "Anfon")
    expect(page.get_by_role("alert")).to_contain_text("Dewiswch ateb")
    page.locator("[name=respect][value=always]").check()
    page.locator("[name=safe][value=never]").check()
    page.get_by_label("Beth sy'n dda yma?").fill("Mae'r bwyd yn dda.")
    page.locator("[name=harmed][value=yes]").check()
    page.get_by_label("Beth sy'n digwydd?").fill(HARM)
    walk.press(page, "Anfon")
    expect(check).to_have_text("Diolch")
    walk.said(page, "ac nid at y darparwr")
    expect(page.locator("html")).to_have_attribute("lang", "cy")


def test_people_are_asked_and_heard_and_harm_reaches_the_scheme_alone(app, new_page):
    organisation = make.organisation(name="Wharf Visitors")
    lead, scheme = make.member(organisation), make.scheme(title="Wharf Mark")
    manager = make.officer(scheme, Role.MANAGER)
    edition = make.edition(scheme)
    make.application(organisation, edition, started_by=lead, submitted_at=NOON, status="withdrawn")
    draft = make.application(organisation, edition, started_by=lead)
    provider = new_page(user=lead)
    address = opens_a_round(provider, organisation.id)
    phone = new_page(width=PHONE)
    phone.goto(address)
    check_page(phone, "voice-04-form")
    answers_in_welsh_and_tells_of_harm(new_page(width=PHONE, script=False), address)
    make.db.session.rollback()
    found = make.db.session.query(VoiceRound).filter_by(link=address.rpartition("/")[2]).one()
    for number in range(9):
        voices.an_answer(found, comments={"better": f"Warmer rooms, says number {number}."})
    provider.reload()
    walk.said(provider, "Mae'r bwyd yn dda.")
    walk.said(provider, "Warmer rooms, says number 3.")
    expect(provider.locator("body")).not_to_contain_text("nharo")
    check_page(provider, "voice-05-results")
    becomes_evidence(provider, draft.id)
    is_passed_on(new_page(user=manager), scheme.code)


def becomes_evidence(page: Page, application_id: int) -> None:
    walk.press(page, "Make it evidence now")
    walk.heading(page, "What people said: What visitors think")
    walk.said(page, "collected here")
    check_page(page, "voice-06-evidence")
    page.goto(f"/applications/{application_id}/criteria/GOV.1.1")
    attach = page.locator("form[action$='/attach']").first
    attach.locator("xpath=ancestor-or-self::details[1]").evaluate_all("all => all.forEach(each => each.open = true)")
    attach.get_by_role("button").first.click()
    walk.said(page, "The evidence is attached.")
    walk.said(page, "User feedback, collected here")


def is_passed_on(page: Page, code: str) -> None:
    page.goto(f"/schemes/{code}/pipeline")
    walk.follow(page, "Safeguarding concerns")
    walk.said(page, "Not read yet")
    check_page(page, "voice-07-concerns")
    page.get_by_role("link", name=re.compile(r"\d{4} at")).first.click()
    walk.said(page, HARM)
    check_page(page, "voice-08-concern")
    page.get_by_role("radio", name="I have passed it on").check()
    page.get_by_label("To whom").fill("The council's safeguarding team, by telephone")
    page.get_by_label("What was done or found").fill("They will visit today.")
    walk.press(page, "Write it down")
    walk.said(page, "Passed on to The council's safeguarding team, by telephone")
