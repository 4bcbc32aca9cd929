"""Requests to the provider: several criteria at once, dates, reminders, and what came in answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import AttachedEvidence, AuditRow, EvidenceItem, Question, QuestionEvidence
from app.services import assessments
from app.services.question_reminders import remind_of_questions
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import CODES, TODAY, assign, submitted_case
from tests.told import told


@pytest.fixture
def opened(app, client_for):
    """A case, its assessment's id and the assessor's browser, with three criteria asked about in one request."""
    case = submitted_case()
    assessment_id = assign(case)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=make.actor(case.assessor), now=NOON)
    browser = client_for(case.assessor)
    data = {
        "text": "Please send the minutes.",
        "codes": "GOV.1.1, GOV.1.2; SAFE.1.1",
        **day(TODAY + timedelta(days=10)),
    }
    assert browser.post(f"/assessments/{assessment_id}/requests", data=data).status_code == 302
    return case, assessment_id, browser


def day(on, name="due_on"):
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def questions():
    db.session.expire_all()
    return db.session.scalars(select(Question).order_by(Question.id)).all()


def subjects():
    return [message.subject for message in told()]


def test_one_request_names_several_criteria_and_reaches_the_provider_once(opened):
    _, assessment_id, browser = opened
    assert [(each.criterion_code, each.due_on) for each in questions()] == [
        (code, TODAY + timedelta(days=10)) for code in CODES[:3]
    ]
    assert len({each.request_id for each in questions()}) == 1
    assert subjects().count("Your assessor needs to know more") == 1
    page = browser.get(f"/assessments/{assessment_id}/requests").text
    assert "Asked on 16 Nov 2026 about GOV.1.1, GOV.1.2, SAFE.1.1" in page


def test_a_criterion_that_is_not_asked_of_the_provider_stops_the_whole_request(opened):
    _, assessment_id, browser = opened
    data = {"text": "And this?", "codes": "SAFE.1.2, NOT.1"}
    answer = browser.post(f"/assessments/{assessment_id}/requests", data=data)
    assert answer.status_code == 422
    assert "NOT.1" in answer.text and "And this?" in answer.text
    assert len(questions()) == 3


def test_more_time_is_given_to_all_that_waits_and_the_provider_reads_why(opened, client_for):
    case, assessment_id, browser = opened
    url = f"/assessments/{assessment_id}/questions/{questions()[1].id}/extend"
    later = TODAY + timedelta(days=20)
    assert browser.post(url, data=day(TODAY + timedelta(days=5)) | {"reason": "Half-term."}).status_code == 422
    assert browser.post(url, data=day(later) | {"reason": "Half-term."}).status_code == 302
    assert {each.due_on for each in questions()} == {later}
    assert "You have more time to reply to your assessor" in subjects()
    page = client_for(case.lead).get(f"/applications/{case.application_id}/questions").text
    assert page.count("You were given until 6 Dec 2026 instead of 26 Nov 2026: Half-term.") == 3
    row = db.session.scalars(select(AuditRow).where(AuditRow.action == "question.extended")).one()
    assert (row.detail["before"], row.detail["after"]) == ({"due_on": "2026-11-26"}, {"due_on": "2026-12-06"})


def test_one_reply_answers_several_criteria_and_says_which_evidence_came(opened, client_for):
    case, assessment_id, browser = opened
    item = make.save(
        EvidenceItem(
            organisation_id=case.provider.id,
            title="Minutes of May",
            kind="statement",
            created_at=NOON,
            created_by_id=case.lead.id,
        )
    )
    add_version(item, case)
    first, second, third = questions()
    url = f"/applications/{case.application_id}/questions/{first.id}"
    provider = client_for(case.lead)
    assert "This reply also answers" in provider.get(url).text
    data = {"reply": "Here they are.", "item": str(item.id), "also": [str(second.id)], "kind": "document"}
    assert provider.post(url, data=data).status_code == 302
    first, second, third = questions()
    assert [bool(each.replied_at) for each in (first, second, third)] == [True, True, False]
    assert len(db.session.scalars(select(QuestionEvidence)).all()) == 2
    behind = db.session.scalars(select(AttachedEvidence.criterion_code)).all()
    assert sorted(behind) == ["GOV.1.1", "GOV.1.2"]
    page = browser.get(f"/assessments/{assessment_id}/requests").text
    assert page.count("With it came") == 2 and "Minutes of May" in page


def add_version(item, case):
    from app.models import EvidenceVersion

    return make.save(
        EvidenceVersion(item_id=item.id, number=1, sha256="", text="We met.", added_at=NOON, added_by_id=case.lead.id)
    )


def test_the_providers_people_are_reminded_before_and_after_the_day_and_never_twice(opened):
    due = NOON + timedelta(days=10)
    sent = [(days, remind_of_questions(due + timedelta(days=days))) for days in (-4, -3, -3, -1, 0, 1, 2, 7, 14, 20)]
    assert sent == [(-4, 0), (-3, 3), (-3, 0), (-1, 0), (0, 3), (1, 3), (2, 0), (7, 3), (14, 3), (20, 0)]
    assert subjects().count("Your assessor waits for a reply") == 2
    assert subjects().count("Your reply to the assessor is late") == 3


def test_more_time_begins_the_reminders_anew_and_days_off_are_made_up_for_once(opened):
    _, assessment_id, browser = opened
    remind_of_questions(NOON + timedelta(days=7))
    url = f"/assessments/{assessment_id}/questions/{questions()[0].id}/extend"
    browser.post(url, data=day(TODAY + timedelta(days=30)) | {"reason": "They asked."})
    assert remind_of_questions(NOON + timedelta(days=26)) == 0
    assert remind_of_questions(NOON + timedelta(days=42)) == 3  # nobody looked for a fortnight
    assert subjects().count("Your assessor waits for a reply") == 1
    assert subjects().count("Your reply to the assessor is late") == 1


def test_what_was_answered_or_taken_back_is_not_reminded_of(opened):
    _, assessment_id, browser = opened
    for question in questions()[:2]:
        browser.post(f"/assessments/{assessment_id}/questions/{question.id}/withdraw")
    assert remind_of_questions(NOON + timedelta(days=7)) == 1


def test_an_overdue_reply_is_shown_to_the_assessor(opened, clock):
    _, assessment_id, browser = opened
    clock.forward(days=11)
    assert "3 of them past the last day" in browser.get(f"/assessments/{assessment_id}").text
    assert "A reply was due on 26 Nov 2026" in browser.get(f"/assessments/{assessment_id}/criteria/{CODES[0]}").text
