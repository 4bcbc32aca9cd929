"""Words that are too many for their place come back whole, with a sentence; they are never cut and kept."""

from __future__ import annotations

from app.domain.lifecycle import ApplicationStatus
from app.services import assessments
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import assess, assign, call, declare, submitted_case

TYPED = "Line by line. " * 900  # 12,600 characters


def refused(browser, address: str, **data) -> bool:
    page = browser.post(address, data=data)
    return page.status_code == 422 and TYPED.strip() in page.text and "Keep this under" in page.text


def test_a_note_a_question_a_declaration_a_vote_and_a_withdrawal_come_back_whole(app, client_for):
    case = submitted_case()
    assert refused(client_for(case.manager), f"{case.url}/send-back", note=TYPED)
    assert refused(client_for(case.lead), f"/applications/{case.application_id}/withdraw", reason=TYPED)
    assessment_id = assign(case)
    assessor = client_for(case.assessor)
    assert refused(assessor, f"/assessments/{assessment_id}/declare", conflict="yes", words=TYPED)
    actor = make.actor(case.assessor)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=actor, now=NOON)
    assert refused(assessor, f"/assessments/{assessment_id}/criteria/GOV.1.1/questions", text=TYPED)
    assert case.application.status is ApplicationStatus.IN_ASSESSMENT


def test_a_panel_members_words_come_back_whole(app, client_for):
    case = submitted_case()
    assess(case)
    panel_id = call(case)
    first, second = case.sitters[:2]
    assert refused(client_for(first), f"/panels/{panel_id}/declare", conflict="yes", words=TYPED)
    declare(panel_id, second)
    assert refused(client_for(second), f"/panels/{panel_id}/vote", outcome="refuse", reason=TYPED)
