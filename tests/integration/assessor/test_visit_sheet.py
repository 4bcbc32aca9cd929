"""The visit sheet as the server gives it: the page, how its fields stand, its service worker."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Score
from app.services import assessments
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import CODES, assign, submitted_case


@pytest.fixture
def sheet(app, client_for):
    """An open case, its sheet's address and the assessor's browser."""
    case = submitted_case()
    assessment_id = assign(case)
    browser = client_for(case.assessor)
    before = browser.get(f"/assessments/{assessment_id}/visit-sheet")
    assert before.location == f"/assessments/{assessment_id}/declare"
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=make.actor(case.assessor), now=NOON)
    return case, f"/assessments/{assessment_id}/visit-sheet", browser


def test_every_asked_criterion_stands_on_one_page_with_what_the_provider_says(sheet):
    _, url, browser = sheet
    page = browser.get(url).text
    assert all(f"We do this: {code}." in page for code in CODES)
    assert page.count("data-criterion=") == 4


def test_without_script_each_criterion_is_saved_by_its_own_button(sheet):
    _, url, browser = sheet
    data = {"point": "3", "reason": "Seen.", "confidence": "low", "version": 0, "then": "sheet"}
    answer = browser.post(url.replace("visit-sheet", f"criteria/{CODES[0]}"), data=data)
    assert answer.location == url
    assert db.session.scalars(select(Score)).one().point == 3


def test_the_state_tells_fields_with_their_versions_and_is_never_stored_on_the_way(sheet):
    _, url, browser = sheet
    browser.post(
        url.replace("visit-sheet", f"criteria/{CODES[0]}"), data={"point": "na", "reason": "None.", "version": 0}
    )
    answer = browser.get(f"{url}/state")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.json["editable"] is True
    assert answer.json["records"][CODES[0]] == {
        "point": "na",
        "confidence": "",
        "reason": "None.",
        "note": "",
        "score_version": 1,
        "note_version": 0,
    }
    assert answer.json["records"][CODES[1]]["score_version"] == 0


def test_the_service_worker_may_serve_this_page_and_no_other(sheet, client_for):
    case, url, browser = sheet
    answer = browser.get(f"{url}/worker.js")
    assert answer.headers["Service-Worker-Allowed"] == url
    assert answer.mimetype == "text/javascript"
    assert client_for(case.lead).get(f"{url}/worker.js").status_code == 403


def test_an_old_session_hears_that_it_has_ended_and_not_that_there_is_no_connection(sheet, client):
    _, url, _ = sheet
    assert client.get(f"{url}/state", headers={"X-Requested-With": "autosave"}).status_code == 401
