"""Scoring with the keyboard alone: a practised assessor takes three keys for a criterion, and can turn the keys off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.models import Assessment, AssessorPhrase, Score
from tests import factories as make
from tests.browser.checks import check_page
from tests.browser.walk import CODES
from tests.conftest import NOON

PHRASE = "Seen in the minutes, and two people told me the same."


class Keyboard:
    """The keys that were pressed, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.count += 1


@pytest.fixture
def assessment(site):
    with site.instance.app.app_context():
        edition = make.edition()
        provider = make.organisation(facts={"staff": 2})
        application = make.application(
            provider, edition, status=ApplicationStatus.IN_ASSESSMENT, facts={"staff": 2}, submitted_at=NOON
        )
        assessor = make.officer(edition.scheme, Role.ASSESSOR)
        make.save(AssessorPhrase(user_id=assessor.id, point="2", text=PHRASE, created_at=NOON))
        yield make.save(
            Assessment(
                application_id=application.id,
                assessor_id=assessor.id,
                status=AssessmentStatus.OPEN,
                assigned_at=NOON,
                assigned_by_id=assessor.id,
                declared_at=NOON,
            )
        )
        make.db.session.remove()


def at(new_page, assessment: Assessment, code: str = CODES[0]) -> Page:
    page = new_page(user=assessment.assessor)
    page.goto(f"/assessments/{assessment.id}/criteria/{code}")
    return page


def test_every_criterion_of_a_case_is_scored_in_three_keys(new_page, assessment):
    page = at(new_page, assessment)
    keys = Keyboard(page)
    for number, code in enumerate(CODES, 1):
        expect(page).to_have_url(re.compile(rf"/criteria/{re.escape(code)}$"))
        expect(page.locator(".js-enabled [data-keys]")).to_be_visible()
        keys.press("2")
        keys.press("a")
        keys.press("Enter")
        if number < len(CODES):
            expect(page).to_have_url(re.compile(rf"/criteria/{re.escape(CODES[number])}$"))
    expect(page).to_have_url(re.compile(rf"/assessments/{assessment.id}$"))
    assert keys.count == 3 * len(CODES)
    make.db.session.rollback()
    scores = make.db.session.query(Score).filter_by(assessment_id=assessment.id).all()
    assert {(score.criterion_code, score.point, score.reason) for score in scores} == {
        (code, 2, PHRASE) for code in CODES
    }


def test_a_phrase_goes_with_its_score_and_below_what_is_written(new_page, assessment):
    page = at(new_page, assessment)
    expect(page.get_by_role("button", name=PHRASE)).to_be_hidden()
    page.get_by_label("Why, and what shows it").fill("I asked the chair.")
    page.locator("[data-scale] input[value='2']").focus()
    page.keyboard.press("2")
    page.keyboard.press("a")
    page.keyboard.press("a")  # a second time adds nothing
    expect(page.get_by_label("Why, and what shows it")).to_have_value(f"I asked the chair.\n{PHRASE}")


def test_letters_typed_into_a_field_are_letters(new_page, assessment):
    page = at(new_page, assessment)
    page.locator("[data-scale] input[value='2']").check()
    page.get_by_label("Why, and what shows it").press_sequentially("a 2?")
    expect(page.get_by_label("Why, and what shows it")).to_have_value("a 2?")
    expect(page.locator("[data-scale] input[value='2']")).to_be_checked()


def test_the_keys_are_listed_with_a_question_mark_and_can_be_turned_off(new_page, assessment):
    page = at(new_page, assessment)
    page.keyboard.press("?")
    expect(page.get_by_text("take one of your phrases as the reason")).to_be_visible()
    check_page(page)
    page.get_by_label("Single keys do something on this device").uncheck()
    page.reload()
    page.keyboard.press("2")
    page.keyboard.press("?")
    expect(page.locator("[data-scale] input:checked")).to_have_count(0)
    expect(page.get_by_text("take one of your phrases as the reason")).to_be_hidden()
    page.locator("#keys summary").click()
    page.get_by_label("Single keys do something on this device").check()
    page.locator("#keys summary").focus()
    page.keyboard.press("2")
    expect(page.locator("[data-scale] input[value='2']")).to_be_checked()
