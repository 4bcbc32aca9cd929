"""What stands beside a score: how sure, private notes, phrases, which evidence was opened."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.confidence import Confidence
from app.domain.lifecycle import AssessmentStatus
from app.extensions import db
from app.models import (
    Assessment,
    AssessorNote,
    AssessorPhrase,
    AttachedEvidence,
    AuditRow,
    EvidenceItem,
    EvidenceOpening,
    EvidenceVersion,
    Score,
)
from app.services import assessments
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import CODES, assess, assign, submitted_case

CODE = CODES[0]
ASKING = make.SMALL_FRAMEWORK.replace("assessment: {assessors: 1,", "assessment: {assessors: 1, confidence: true,")
TWO = make.SMALL_FRAMEWORK.replace("assessment: {assessors: 1,", "assessment: {assessors: 2,")


def opened(source: str = make.SMALL_FRAMEWORK):
    """A case whose assessor has declared no conflict. Returns it with the assessment's id."""
    case = submitted_case(source)
    assessment_id = assign(case)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=make.actor(case.assessor), now=NOON)
    return case, assessment_id


def send_score(browser, assessment_id, code=CODE, **values):
    data = {"point": "2", "reason": "Seen in the minutes.", "version": 0, **values}
    return browser.post(f"/assessments/{assessment_id}/criteria/{code}", data=data)


def test_a_score_that_its_assessor_is_not_sure_of_is_listed_before_handing_in(app, client_for):
    case, assessment_id = opened()
    browser = client_for(case.assessor)
    assert send_score(browser, assessment_id, confidence="low").status_code == 302
    page = browser.get(f"/assessments/{assessment_id}/hand-in").text
    assert "You said you were not sure of 1 score" in page
    assert f"{CODE} Trustees meet" in page
    assert "Not sure" in browser.get(f"/assessments/{assessment_id}").text


def test_a_scheme_may_ask_every_score_how_sure_its_assessor_is(app, client_for):
    case, assessment_id = opened(ASKING)
    browser = client_for(case.assessor)
    answer = send_score(browser, assessment_id)
    assert answer.status_code == 422
    assert "This scheme asks it of every score" in answer.text
    assert send_score(browser, assessment_id, confidence="high").status_code == 302
    assert db.session.scalars(select(Score)).one().confidence is Confidence.HIGH


def test_the_panel_reads_how_sure_the_assessor_was(app, client_for):
    case, assessment_id = opened()
    browser = client_for(case.assessor)
    for code in CODES:
        send_score(browser, assessment_id, code, confidence="low" if code == CODE else "")
    browser.post(f"/assessments/{assessment_id}/hand-in", data={"outcome": "award", "level": "bronze", "words": "Ok."})
    page = client_for(case.manager).get(f"{case.url}/areas/GOV").text
    assert page.count("was not sure of this score") == 1


def test_notes_are_kept_with_versions_and_never_reach_the_audit_trail(app, client_for):
    case, assessment_id = opened()
    browser = client_for(case.assessor)
    url = f"/assessments/{assessment_id}/criteria/{CODE}/note"
    saves = {"X-Requested-With": "autosave"}
    assert browser.post(url, data={"note-text": "A heron.", "note-version": 0}, headers=saves).json["version"] == 1
    clash = browser.post(url, data={"note-text": "An owl.", "note-version": 0}, headers=saves)
    assert (clash.status_code, clash.json["theirs"]) == (409, {"Notes": "A heron."})
    by_hand = browser.post(url, data={"note-text": "An owl.", "note-version": 0})
    assert by_hand.status_code == 409
    assert "A heron." in by_hand.text and "An owl." in by_hand.text
    assert "heron" not in str([row.detail for row in db.session.scalars(select(AuditRow))])


def test_notes_on_the_whole_case_stand_on_its_page_and_a_criterion_not_asked_has_none(app, client_for):
    case, assessment_id = opened()
    browser = client_for(case.assessor)
    browser.post(f"/assessments/{assessment_id}/note", data={"note-text": "Ask about Tuesday.", "note-version": 0})
    assert "Ask about Tuesday." in browser.get(f"/assessments/{assessment_id}").text
    assert browser.post(f"/assessments/{assessment_id}/criteria/NOT.1/note", data={}).status_code == 404


def test_the_other_assessor_reads_notes_only_once_all_have_handed_in(app, client_for):
    case = submitted_case(TWO)
    second = make.officer(case.scheme, Role.ASSESSOR, name="Assessor Birch")
    theirs = assess(case, assessor=second)
    for code in ("", CODE):
        make.save(AssessorNote(assessment_id=theirs, criterion_code=code, text="A heron.", updated_at=NOON))
    mine = assign(case)
    assessments.declare_interests(mine, conflict=False, words="", actor=make.actor(case.assessor), now=NOON)
    browser = client_for(case.assessor)
    pages = [f"/assessments/{mine}", f"/assessments/{mine}/criteria/{CODE}"]
    assert not any("heron" in browser.get(page).text for page in pages)
    db.session.get(Assessment, mine).status = AssessmentStatus.HANDED_IN
    db.session.commit()
    assert all("heron" in browser.get(page).text for page in pages)


def test_nobody_but_assessors_of_the_case_ever_reads_a_note(app, client_for):
    case = submitted_case()
    assessment_id = assess(case)
    make.save(AssessorNote(assessment_id=assessment_id, criterion_code=CODE, text="A heron.", updated_at=NOON))
    office = [case.url, f"{case.url}/areas/GOV"]
    own = [f"/applications/{case.application_id}", f"/applications/{case.application_id}/questions"]
    for who, pages in ((case.manager, office), (case.auditor, office), (case.lead, own)):
        for page in pages:
            answer = client_for(who).get(page)
            assert answer.status_code == 200 and "heron" not in answer.text


@pytest.fixture
def evidence(app):
    """A statement and a link behind the first criterion of an open case."""
    case, assessment_id = opened()
    versions = {}
    for kind, values in (("statement", {"text": "We meet often."}), ("link", {"url": "https://example.org/minutes"})):
        item = make.save(
            EvidenceItem(
                organisation_id=case.provider.id,
                title=f"Our {kind}",
                kind=kind,
                created_at=NOON,
                created_by_id=case.lead.id,
            )
        )
        version = make.save(
            EvidenceVersion(
                item_id=item.id, number=1, sha256=str(item.id) * 64, added_at=NOON, added_by_id=case.lead.id, **values
            )
        )
        make.save(
            AttachedEvidence(
                application_id=case.application_id,
                criterion_code=CODE,
                item_id=item.id,
                version_id=version.id,
                attached_at=NOON,
                attached_by_id=case.lead.id,
            )
        )
        versions[kind] = version.id
    return case, assessment_id, versions


def test_the_page_tells_which_evidence_was_opened_and_following_a_link_counts(evidence, client_for):
    case, assessment_id, versions = evidence
    browser = client_for(case.assessor)
    page = f"/assessments/{assessment_id}/criteria/{CODE}"
    first = browser.get(page).text
    assert first.count("Not opened yet") == 1 and "Shown below" in first
    followed = browser.get(f"/assessments/{assessment_id}/evidence/{versions['link']}/follow")
    assert followed.location == "https://example.org/minutes"
    later = browser.get(page).text
    assert "Not opened yet" not in later
    assert later.count("You opened it on 16 Nov 2026") == 2
    assert len(db.session.scalars(select(EvidenceOpening)).all()) == 2


def test_what_was_not_opened_is_listed_before_handing_in(evidence, client_for):
    case, assessment_id, _ = evidence
    page = client_for(case.assessor).get(f"/assessments/{assessment_id}/hand-in").text
    assert "Our statement" in page and "Our link" in page


def test_the_providers_own_people_leave_no_trace_when_they_open_their_evidence(evidence, client_for):
    case, _, versions = evidence
    assert client_for(case.lead).get(f"/evidence/{versions['statement']}/view").status_code == 200
    assert db.session.scalars(select(EvidenceOpening)).all() == []


def test_phrases_are_ones_own(app, client_for):
    case, assessment_id = opened()
    browser = client_for(case.assessor)
    browser.post("/assessments/phrases", data={"text": "Seen in the minutes of", "point": "2"})
    assert browser.post("/assessments/phrases", data={"text": "Seen in the minutes of"}).status_code == 422
    assert "Seen in the minutes of" in browser.get(f"/assessments/{assessment_id}/criteria/{CODE}").text
    other = client_for(make.officer(case.scheme, Role.ASSESSOR))
    assert "Seen in the minutes of" not in other.get("/assessments/phrases").text
    theirs = db.session.scalars(select(AssessorPhrase.id)).one()
    assert other.post(f"/assessments/phrases/{theirs}/remove").status_code == 404
