"""Everything on one page: what is asked before the start, and the whole self-assessment to read and print."""

from __future__ import annotations

import re
from html import unescape

from app.domain.parts import SiteKind
from app.models import Answer
from app.services import sites
from app.services.sites import SiteFacts
from tests import factories
from tests.conftest import NOON

ASKS_SITES = factories.SMALL_FRAMEWORK.replace(
    "            required: 2\n", "            required: 2\n            answered_by: each-site\n"
)


def _answer(application, code, by, reason):
    values = {"point": 2, "reason": reason, "updated_at": NOON, "updated_by_id": by.id}
    factories.save(Answer(application_id=application.id, criterion_code=code, **values))


def test_all_that_is_asked_stands_on_one_page_before_the_start_and_nothing_else(client_for, storage):
    without_staff = factories.organisation(facts={"staff": 0})
    browser = client_for(factories.member(without_staff))
    edition = factories.edition()
    here = f"/organisations/{without_staff.id}/frameworks/{edition.id}"
    assert f"{here}/in-full?level=bronze" in browser.get(here).text
    page = unescape(browser.get(f"{here}/in-full").text)
    assert "Trustees meet at least four times a year and keep minutes." in page
    assert "Decisions need a record." in page and "Minutes of the last four meetings" in page
    assert "☐ 3 Embedded and reviewed" in page
    assert "SAFE.1.1" in page and "SAFE.1.2" not in page


def test_the_whole_self_assessment_is_read_with_its_words_and_evidence_even_after_submission(browser, draft, lead):
    _answer(draft, "GOV.1.1", lead, "We meet every month.\nMinutes are signed.")
    link = {"kind": "link", "url": "https://example.org/minutes", "title": "Minutes of May"}
    browser.post(f"/applications/{draft.id}/criteria/GOV.1.1/evidence", data=link)
    page = browser.get(f"/applications/{draft.id}/in-full").text
    assert "We meet every month.\nMinutes are signed." in page and "Minutes of May, version 1" in page
    assert "1 of 4 criteria answered" in page and "Change this answer" in page
    draft.status = "submitted"
    factories.save(draft)
    later = browser.get(f"/applications/{draft.id}/in-full").text
    assert "We meet every month." in later and "Change this answer" not in later


def test_several_criteria_stand_on_one_page_each_with_a_form_of_its_own(browser, draft, lead):
    _answer(draft, "GOV.1.2", lead, "Told at their first meeting.")
    page = browser.get(f"/applications/{draft.id}/answer").text
    forms = re.findall(r'data-autosave="([^"]+)"', page)
    assert forms == [
        f"/applications/{draft.id}/criteria/{code}/autosave" for code in ("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2")
    ]
    assert "Told at their first meeting." in page
    assert len(re.findall(r'name="version" type="hidden" value="1"', page)) == 1
    kept = browser.post(
        f"/applications/{draft.id}/criteria/GOV.1.1", data={"reason": "Kept.", "version": "0", "then": "many"}
    )
    assert kept.location == f"/applications/{draft.id}/answer?page=1#answer-GOV.1.1"


def test_a_criterion_that_each_site_answers_is_left_to_its_own_page(browser, provider, lead):
    for name in ("Elm House", "Oak Lodge"):
        sites.add_site(provider.id, SiteFacts(name, SiteKind.PLACE), actor=factories.actor(lead), now=NOON)
    application = factories.application(provider, factories.edition(source=ASKS_SITES), started_by=lead)
    page = browser.get(f"/applications/{application.id}/answer").text
    assert "This is answered in parts, by each for themselves." in page
    assert f"/applications/{application.id}/criteria/SAFE.1.1/autosave" not in page
    assert f"/applications/{application.id}/criteria/SAFE.1.2/autosave" in page
