"""Using an answer given elsewhere while one is being typed: both stay, whatever the browser can do."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.domain.lifecycle import ApplicationStatus
from app.models import Answer
from tests import factories as make
from tests.browser import walk
from tests.conftest import NOON

CODE = walk.CODES[0]
REASON = "Why you say so"


@pytest.fixture
def app(site):
    with site.instance.app.app_context():
        yield site.instance.app
        make.db.session.remove()


@pytest.fixture
def again(app):
    """(lead, address) of a criterion that the same organisation answered once before."""
    organisation = make.organisation(facts={"staff": 2})
    lead, edition = make.member(organisation), make.edition()
    before = make.application(organisation, edition, started_by=lead, status=ApplicationStatus.WITHDRAWN)
    words = {"reason": "We meet six times a year.", "updated_at": NOON, "updated_by_id": lead.id}
    make.save(Answer(application_id=before.id, criterion_code=CODE, point=2, **words))
    draft = make.application(organisation, edition, started_by=lead)
    return lead, f"/applications/{draft.id}/criteria/{CODE}"


@pytest.mark.parametrize("script", [True, False])
def test_what_is_being_typed_stays_above_the_words_that_are_taken(again, new_page, script):
    lead, address = again
    page = new_page(user=lead, script=script)
    page.goto(address)
    page.get_by_label(REASON).fill("Typed just now")
    page.get_by_role("button", name="Use it here").click()
    expect(page.get_by_text("Accepted by")).to_be_visible()
    expect(page.get_by_label(REASON)).to_have_value("Typed just now\n\nWe meet six times a year.")
    expect(page.get_by_text("were not saved")).to_have_count(0)


def test_pressing_enter_on_a_level_saves_and_takes_nothing(again, new_page):
    lead, address = again
    page = new_page(user=lead)
    page.goto(address)
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(walk.CODES[1])
    page.goto(address)
    expect(page.get_by_label(REASON)).to_have_value("")
    expect(page.get_by_role("heading", name="You answered something similar")).to_be_visible()
