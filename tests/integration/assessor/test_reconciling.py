"""Two assessors who differ: what is compared, who settles it, what counts then, and what the panel sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.access import Role
from app.domain.errors import Conflict, IllegalMove, Incomplete, Invalid, NotAllowed
from app.domain.lifecycle import ApplicationStatus
from app.domain.scoring.packed import unpack
from app.domain.scoring.sheet import Scored
from app.extensions import db
from app.models import AgreedScore, Assessment, Notice, ScoreSettlement
from app.queries.frameworks import framework_of
from app.queries.outcomes import case_outcome, counted
from app.queries.rescoring import rescore
from app.services import assessments, cases, recommendations, reconciling
from app.services.assessments import GivenScore
from app.services.recommendations import Recommendation
from app.services.reconciling import AgreedGiven
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import CODES, TODAY, Case, assess, assign, call, declare, submitted_case

AGREED = AgreedGiven(2, False, False, "We read the minutes together.", 0)


def framework(terms: str) -> str:
    """The small framework, assessed by two on these terms."""
    return make.SMALL_FRAMEWORK.replace("assessors: 1, conflict_bar", f"assessors: 2, {terms}, conflict_bar")


def both(case: Case, first: dict[str, int], second: dict[str, int]) -> tuple[int, int]:
    """Two assessors take the case, score it blind and hand in. Returns the assessments' ids, that of the lead first."""
    other = make.officer(case.scheme, Role.ASSESSOR, name="Assessor Bo")
    people = (case.assessor, other)
    ids = tuple(assign(case, each) for each in people)
    for assessment_id, person, points in zip(ids, people, (first, second), strict=True):
        actor = make.actor(person)
        assessments.declare_interests(assessment_id, conflict=False, words="", actor=actor, now=NOON)
        for code in CODES:
            given = GivenScore(points.get(code, 3), False, f"{person.name} saw {code}.", 0)
            assessments.record_score(assessment_id, code, given, actor=actor, now=NOON)
    for number, (assessment_id, person) in enumerate(zip(ids, people, strict=True)):
        words = Recommendation("award", "silver", "A sound organisation.")
        at = NOON + timedelta(minutes=number)
        recommendations.hand_in(assessment_id, words, actor=make.actor(person), now=at)
    return ids


def actor_of(assessment_id: int):
    return make.actor(db.session.get(Assessment, assessment_id).assessor)


def differing_case(terms: str = "reconciliation: lead", **second: int) -> tuple[Case, int, int]:
    case = submitted_case(framework(terms))
    lead, other = both(case, {}, second or {"GOV.1.1": 1})
    return case, lead, other


def test_assessors_who_gave_the_same_scores_have_nothing_to_reconcile(app):
    case = submitted_case(framework("reconciliation: always"))
    both(case, {"GOV.1.1": 2}, {"GOV.1.1": 2})
    assert case.application.status is ApplicationStatus.ASSESSED
    found = counted(db.session(), case.application, TODAY)
    assert found.said == "The assessors gave the same score everywhere." and found.outcome.complete
    assert db.session.query(ScoreSettlement).count() == 0


@pytest.mark.parametrize(
    ("terms", "settling"),
    [
        ("reconciliation: lead", "lead"),
        ("reconciliation: always", "meeting"),
        ("reconciliation: below-floor, agreement_floor: 0.7", "lead"),
        ("reconciliation: below-floor, agreement_floor: 0.8", "meeting"),
    ],
)
def test_the_framework_says_whether_assessors_who_differ_have_to_meet(app, terms, settling):
    case, *_ = differing_case(terms)
    assert case.application.status is ApplicationStatus.RECONCILING
    settlement = db.session.scalars(db.select(ScoreSettlement)).one()
    assert (settlement.settling.value, settlement.agreed, settlement.compared) == (settling, 3, 4)
    told = db.session.scalars(
        db.select(Notice.text).where(Notice.template == "scores_differ").order_by(Notice.id)
    ).all()
    assert ["You lead this assessment" in text for text in told] == [True, False]


def test_what_is_not_settled_counts_for_nothing_and_no_panel_can_be_called(app):
    case, *_ = differing_case()
    found = counted(db.session(), case.application, TODAY)
    assert found.open == ("GOV.1.1",) and found.outcome.missing == ("GOV.1.1",)
    with pytest.raises(IllegalMove):
        call(case)


def test_the_agreed_score_counts_and_neither_assessors_own(app):
    case, lead, _ = differing_case(**{"GOV.1.1": 0, "SAFE.1.2": 2})
    for code in ("GOV.1.1", "SAFE.1.2"):
        saved = reconciling.agree(lead, code, AGREED, actor=actor_of(lead), now=NOON)
    assert (saved.settled, saved.differing) == (2, 2)
    reconciling.settle(lead, actor=actor_of(lead), now=NOON)
    application = case.application
    assert application.status is ApplicationStatus.ASSESSED
    outcome = case_outcome(db.session(), application, TODAY)
    assert outcome.complete
    assert outcome.sheet.points == {"GOV.1.1": 2, "GOV.1.2": 3, "SAFE.1.1": 3, "SAFE.1.2": 2}
    packed = db.session.scalars(db.select(ScoreSettlement.sheet)).one()
    given = unpack(framework_of(application.edition), packed)
    assert given == {code: Scored(point) for code, point in outcome.sheet.points.items()}
    rescored = rescore(application.edition.code, application.edition.edition)
    assert rescored.by_level == {outcome.level: 1}


def test_nothing_is_settled_before_every_difference_has_its_score_and_reason(app):
    _, lead, _ = differing_case(**{"GOV.1.1": 1, "GOV.1.2": 1})
    reconciling.agree(lead, "GOV.1.1", AGREED, actor=actor_of(lead), now=NOON)
    unfinished = AgreedGiven(2, False, False, "", 0)
    reconciling.agree(lead, "GOV.1.2", unfinished, actor=actor_of(lead), now=NOON, partial=True)
    with pytest.raises(Incomplete) as refusal:
        reconciling.settle(lead, actor=actor_of(lead), now=NOON)
    assert refusal.value.missing == ("GOV.1.2",)
    for given, field in (
        (unfinished, "reason"),
        (replace(AGREED, point=None), "point"),
        (replace(AGREED, point=9), "point"),
    ):
        with pytest.raises(Invalid) as wrong:
            reconciling.agree(lead, "GOV.1.2", replace(given, version=1), actor=actor_of(lead), now=NOON)
        assert field in wrong.value.errors


def test_assessors_who_have_to_meet_say_when_before_it_is_settled(app):
    _, lead, _ = differing_case("reconciliation: always")
    reconciling.agree(lead, "GOV.1.1", AGREED, actor=actor_of(lead), now=NOON)
    with pytest.raises(Incomplete, match="asks that the assessors meet"):
        reconciling.settle(lead, actor=actor_of(lead), now=NOON)
    with pytest.raises(Invalid) as wrong:
        reconciling.record_meeting(lead, TODAY + timedelta(days=1), "By video.", actor=actor_of(lead), now=NOON)
    assert "met_on" in wrong.value.errors
    reconciling.record_meeting(lead, TODAY, "By video, over the minutes.", actor=actor_of(lead), now=NOON)
    reconciling.settle(lead, actor=actor_of(lead), now=NOON)
    assert db.session.get(Assessment, lead).application.status is ApplicationStatus.ASSESSED


def test_only_the_lead_settles_and_the_other_dissents_for_the_panel_to_read(app):
    case, lead, other = differing_case()
    with pytest.raises(NotAllowed):
        reconciling.agree(other, "GOV.1.1", AGREED, actor=actor_of(other), now=NOON)
    reconciling.agree(lead, "GOV.1.1", AGREED, actor=actor_of(lead), now=NOON)
    with pytest.raises(NotAllowed):
        reconciling.note_dissent(lead, "GOV.1.1", "No.", actor=actor_of(lead), now=NOON)
    reconciling.settle(lead, actor=actor_of(lead), now=NOON)
    reconciling.note_dissent(other, "GOV.1.1", "The minutes are unsigned.", actor=actor_of(other), now=NOON)
    panel_id = call(case)
    declare(panel_id, *case.sitters)
    with pytest.raises(Conflict):
        reconciling.note_dissent(other, "GOV.1.1", "Later thought.", actor=actor_of(other), now=NOON)


def test_an_agreed_score_that_was_changed_elsewhere_is_not_overwritten(app):
    _, lead, _ = differing_case()
    reconciling.agree(lead, "GOV.1.1", AGREED, actor=actor_of(lead), now=NOON)
    reconciling.agree(lead, "GOV.1.1", replace(AGREED, point=1, version=1), actor=actor_of(lead), now=NOON)
    with pytest.raises(Conflict):
        reconciling.agree(lead, "GOV.1.1", replace(AGREED, point=3, version=1), actor=actor_of(lead), now=NOON)
    assert db.session.scalars(db.select(AgreedScore.point)).one() == 1


def test_both_scores_go_to_the_panel_where_the_framework_says_so_and_the_lower_outcome_counts(app):
    low = dict.fromkeys(CODES, 1)
    case = submitted_case(framework("reconciliation: panel"))
    lead, other = both(case, {}, low)
    assert case.application.status is ApplicationStatus.ASSESSED
    found = counted(db.session(), case.application, TODAY)
    assert found.outcome.sheet.points == low
    assert "By the scores of Assessor Ash: " in found.said and "the lowest of these" in found.said
    packed = db.session.scalars(db.select(ScoreSettlement.sheet)).one()
    assert packed == db.session.get(Assessment, other).sheet != db.session.get(Assessment, lead).sheet


def test_what_was_agreed_stays_agreed_when_the_other_scores_something_else_anew(app):
    case, lead, other = differing_case(**{"GOV.1.1": 1, "GOV.1.2": 1})
    for code in ("GOV.1.1", "GOV.1.2"):
        reconciling.agree(lead, code, AGREED, actor=actor_of(lead), now=NOON)
    reconciling.settle(lead, actor=actor_of(lead), now=NOON)
    manager, later = make.actor(case.manager), NOON + timedelta(hours=1)
    cases.reopen_assessment(other, "Look at GOV.1.2.", TODAY, actor=manager, now=later, today=TODAY)
    again = case.application
    assert rescore(again.edition.code, again.edition.edition).by_level == {
        case_outcome(db.session(), again, TODAY).level: 1  # nothing is settled now: that of the one who is left
    }
    score = GivenScore(0, False, "Nothing at all.", 1)
    assessments.record_score(other, "GOV.1.2", score, actor=actor_of(other), now=later)
    words = Recommendation("refuse", None, "Not yet.")
    recommendations.hand_in(other, words, actor=actor_of(other), now=later)
    assert case.application.status is ApplicationStatus.RECONCILING
    assert counted(db.session(), case.application, TODAY).open == ("GOV.1.2",)
    assert db.session.query(ScoreSettlement).count() == 2


def test_a_second_assessor_counts_alone_where_the_first_judged_an_earlier_submission(app):
    case = submitted_case()
    assess(case, {"GOV.1.1": 0})
    application = case.application
    application.status, application.submitted_at = ApplicationStatus.SUBMITTED, NOON + timedelta(hours=1)
    db.session.commit()
    other = make.officer(case.scheme, Role.ASSESSOR, name="Assessor Bo")
    assessment_id, actor, later = assign(case, other), make.actor(other), NOON + timedelta(hours=2)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=actor, now=later)
    for code in CODES:
        assessments.record_score(assessment_id, code, GivenScore(3, False, "Seen.", 0), actor=actor, now=later)
    recommendations.hand_in(assessment_id, Recommendation("award", "silver", "Sound."), actor=actor, now=later)
    assert case.application.status is ApplicationStatus.ASSESSED
    assert case_outcome(db.session(), case.application, TODAY).sheet.points == dict.fromkeys(CODES, 3)


def test_the_lead_reconciles_on_its_pages_and_the_other_sees_it_there(app, client_for):
    case, lead, other = differing_case("reconciliation: always", **{"GOV.1.1": 1, "GOV.1.2": 0})
    browser = client_for(case.assessor)
    assert f"/assessments/{lead}/reconcile" in browser.get(f"/assessments/{lead}").get_data(as_text=True)
    assert "Settle the scores of" in browser.get("/home").get_data(as_text=True)
    page = browser.get(f"/assessments/{lead}/reconcile").get_data(as_text=True)
    assert "2 of 4 criteria" in page and "0 of 2 agreed" in page and "alpha" in page
    first = f"/assessments/{lead}/reconcile/criteria/GOV.1.1"
    beside = browser.get(first).get_data(as_text=True)
    assert "Assessor Ash saw GOV.1.1." in beside and "Assessor Bo saw GOV.1.1." in beside
    empty = browser.post(first, data={"point": "2", "reason": "", "version": "0"})
    assert empty.status_code == 422 and "The panel and the provider will read it." in empty.get_data(as_text=True)
    saved = browser.post(f"{first}/autosave", data={"point": "2", "reason": "We read it", "version": "0"})
    assert saved.json["progress"]["words"] == "1 of 2 agreed" and saved.json["version"] == 1
    stale = browser.post(first, data={"point": "3", "reason": "Mine", "version": "0"})
    assert stale.status_code == 409 and "We read it" in stale.get_data(as_text=True)
    browser.post(first.replace("1.1", "1.2"), data={"point": "1", "reason": "Started.", "version": "0"})
    early = browser.post(f"/assessments/{lead}/reconcile")
    assert early.status_code == 422 and "asks that the assessors meet" in early.get_data(as_text=True)
    day = {"met_on-day": "16", "met_on-month": "11", "met_on-year": "2026", "meeting": "By video."}
    assert browser.post(f"/assessments/{lead}/reconcile/meeting", data=day).status_code == 302
    assert browser.post(f"/assessments/{lead}/reconcile").status_code == 302

    second = client_for(db.session.get(Assessment, other).assessor)
    assert "The scores were settled on 16 Nov 2026" in second.get(f"/assessments/{other}/reconcile").get_data(
        as_text=True
    )
    theirs = f"/assessments/{other}/reconcile/criteria/GOV.1.1"
    assert "Agreed score</legend>" not in second.get(theirs).get_data(as_text=True)
    second.post(f"{theirs}/dissent", data={"words": "The minutes are unsigned."})
    assert "Assessor Bo sees it otherwise" in browser.get(first).get_data(as_text=True)
    second.post(f"{theirs}/dissent", data={"take_back": "yes"})
    assert "sees it otherwise" not in browser.get(first).get_data(as_text=True)


def test_nobody_sees_the_others_scores_before_all_are_in(app, client_for):
    case = submitted_case(framework("reconciliation: always"))
    assess(case, {"GOV.1.1": 0})
    mine = db.session.scalars(db.select(Assessment.id)).one()
    other = make.officer(case.scheme, Role.ASSESSOR, name="Assessor Bo")
    theirs = assign(case, other)
    assessments.declare_interests(theirs, conflict=False, words="", actor=make.actor(other), now=NOON)
    for person, assessment_id in ((case.assessor, mine), (other, theirs)):
        assert client_for(person).get(f"/assessments/{assessment_id}/reconcile").status_code == 404
