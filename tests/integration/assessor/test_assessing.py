"""The assessor's way: declare, score with reasons, ask for more, hand in."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.extensions import db
from app.models import Answer, Application, Assessment, AuditRow, Interest, MailMessage, Question, Score
from tests import factories as make
from tests.conftest import NOON
from tests.told import told

CODES = ("GOV.1.1", "GOV.1.2", "SAFE.1.1", "SAFE.1.2")


@pytest.fixture
def case(app):
    """A submitted application, assigned to one assessor."""
    edition = make.edition()
    provider = make.organisation()
    lead = make.member(provider)
    manager = make.officer(edition.scheme, Role.MANAGER)
    assessor = make.officer(edition.scheme, Role.ASSESSOR)
    application = make.application(
        provider, edition, status=ApplicationStatus.SUBMITTED, facts={"staff": 2}, submitted_at=NOON
    )
    for code in CODES:
        make.save(
            Answer(
                application_id=application.id,
                criterion_code=code,
                point=2,
                reason=f"We do this: {code}.",
                updated_at=NOON,
                updated_by_id=lead.id,
            )
        )
    assessment = make.save(
        Assessment(
            application_id=application.id,
            assessor_id=assessor.id,
            status=AssessmentStatus.ASSIGNED,
            assigned_at=NOON,
            assigned_by_id=manager.id,
        )
    )
    return assessment


@pytest.fixture
def browser(case, client_for):
    return client_for(case.assessor)


def declare(browser, case, conflict="no", words=""):
    return browser.post(f"/assessments/{case.id}/declare", data={"conflict": conflict, "words": words})


def score(browser, case, code, point="2", reason="Seen in the minutes.", version=0):
    return browser.post(
        f"/assessments/{case.id}/criteria/{code}", data={"point": point, "reason": reason, "version": version}
    )


def test_nothing_of_the_case_is_shown_before_the_declaration(case, browser):
    page = browser.get(f"/assessments/{case.id}", follow_redirects=True)
    assert "Declare your interests" in page.text
    assert "We do this" not in page.text
    assert browser.get(f"/assessments/{case.id}/criteria/GOV.1.1").status_code == 403
    assert browser.get(f"/assessments/{case.id}/hand-in").status_code == 403


def test_declaring_no_interest_opens_the_case_and_starts_the_assessment(case, browser):
    assert declare(browser, case).status_code == 302
    page = browser.get(f"/assessments/{case.id}/criteria/GOV.1.1")
    assert "We do this: GOV.1.1." in page.text
    assert db.session.get(Application, case.application_id).status is ApplicationStatus.IN_ASSESSMENT


def test_a_declared_interest_closes_the_case_is_kept_and_told(case, browser):
    assert declare(browser, case, "yes", "I chaired it until last year.").status_code == 302
    assert browser.get(f"/assessments/{case.id}/criteria/GOV.1.1").status_code in {403, 404}
    assert db.session.scalars(select(Interest)).one().nature == "I chaired it until last year."
    [message] = told()
    assert "cannot assess" in message.subject
    assert declare(browser, case).status_code in {403, 404, 409}


def test_an_interest_without_words_is_asked_for(case, browser):
    answer = declare(browser, case, "yes", "")
    assert answer.status_code == 422
    assert "Say what the interest is" in answer.text


def test_a_score_needs_a_reason_and_keeps_what_was_chosen(case, browser):
    declare(browser, case)
    answer = score(browser, case, "GOV.1.1", "3", reason="")
    assert answer.status_code == 422
    assert "Every score needs a reason" in answer.text
    assert db.session.scalars(select(Score)).first() is None


@pytest.mark.parametrize("point", ["9", "x", "-1"])
def test_a_point_off_the_scale_is_refused_and_the_reason_kept(case, browser, point):
    declare(browser, case)
    answer = score(browser, case, "GOV.1.1", point, "My careful reason.")
    assert answer.status_code == 422
    assert "My careful reason." in answer.text
    assert "not on this scale" in answer.text


def test_autosave_keeps_half_a_score_and_counts_only_finished_ones(case, browser):
    declare(browser, case)
    url = f"/assessments/{case.id}/criteria/GOV.1.1/autosave"
    first = browser.post(url, data={"reason": "Thinking", "version": 0}, headers={"X-Requested-With": "autosave"}).json
    assert (first["version"], first["progress"]["done"]) == (1, 0)
    second = browser.post(url, data={"point": "3", "reason": "Thinking", "version": 1}).json
    assert (second["version"], second["progress"]["done"], second["progress"]["total"]) == (2, 1, 4)


def test_two_windows_on_one_score_lose_nothing(case, browser):
    declare(browser, case)
    score(browser, case, "GOV.1.1", "2", "From the first window.")
    answer = score(browser, case, "GOV.1.1", "3", "From the second window.", version=0)
    assert answer.status_code == 409
    assert "From the first window." in answer.text
    assert "From the second window." in answer.text
    assert db.session.scalars(select(Score)).one().reason == "From the first window."


def test_the_page_says_what_each_score_would_do(case, browser):
    declare(browser, case)
    for code in CODES[:3]:
        score(browser, case, code, "2")
    text = browser.get(f"/assessments/{case.id}/criteria/SAFE.1.1").text
    assert "Silver needs" in text
    assert "2 In place (your score)" in " ".join(text.split())


def test_a_question_reaches_the_provider_once_and_can_be_taken_back(case, browser):
    declare(browser, case)
    url = f"/assessments/{case.id}/criteria/GOV.1.1/questions"
    assert browser.post(url, data={"text": "Which meetings had a quorum?"}).status_code == 302
    assert browser.post(url, data={"text": "And again?"}).status_code == 422
    assert "Your assessor needs to know more" in [mail.subject for mail in db.session.scalars(select(MailMessage))]
    question = db.session.scalars(select(Question)).one()
    browser.post(f"/assessments/{case.id}/questions/{question.id}/withdraw")
    db.session.expire_all()
    assert question.withdrawn_at is not None


def test_an_assessment_is_handed_in_only_when_every_score_has_its_reason(case, browser):
    declare(browser, case)
    url = f"/assessments/{case.id}/hand-in"
    recommendation = {"outcome": "award", "level": "bronze", "words": "Sound throughout."}
    early = browser.post(url, data=recommendation)
    assert early.status_code == 422
    assert "GOV.1.1" in early.text
    assert "Sound throughout." in early.text
    for code in CODES:
        score(browser, case, code, "2")
    assert browser.post(url, data=recommendation).status_code == 302
    application = db.session.get(Application, case.application_id)
    assert application.status is ApplicationStatus.ASSESSED
    assert score(browser, case, "GOV.1.1", "3", "Too late.", version=1).status_code == 409
    actions = set(db.session.scalars(select(AuditRow.action)))
    assert {"assessment.opened", "score.recorded", "assessment.handed-in"} <= actions


def test_another_assessor_of_the_scheme_cannot_open_the_case(case, client_for):
    other = make.officer(case.application.edition.scheme, Role.ASSESSOR)
    browser = client_for(other)
    assert browser.get(f"/assessments/{case.id}").status_code == 404
    assert browser.post(f"/assessments/{case.id}/declare", data={"conflict": "no"}).status_code == 404


def test_the_list_takes_the_same_statements_whatever_its_length(case, browser, count_statements):
    browser.get("/assessments")  # the edition's source is fetched once
    with count_statements() as few:
        assert browser.get("/assessments").status_code == 200
    for _ in range(5):
        application = make.application(make.organisation(), case.application.edition, facts={"staff": 1})
        make.save(
            Assessment(
                application_id=application.id,
                assessor_id=case.assessor_id,
                status=AssessmentStatus.ASSIGNED,
                assigned_at=NOON,
                assigned_by_id=case.assigned_by_id,
            )
        )
    with count_statements() as many:
        assert browser.get("/assessments").status_code == 200
    assert len(many) == len(few)
