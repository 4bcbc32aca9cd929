"""A conflict of interest that is found half-way: the case closes, scores and votes stay on record and do not count."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.domain.access import Role
from app.domain.errors import Conflict, DomainError, IllegalMove, Invalid, NotAllowed
from app.domain.impartiality import TieKind, Whose
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus, PanelStatus
from app.extensions import db
from app.models import Assessment, Interest, Membership, Panel, Score
from app.queries.candidates import review_candidates
from app.queries.deciding import decision_page
from app.queries.outcomes import case_outcome
from app.services import assessments, cases, panels, recusal
from app.services.assessments import GivenScore
from app.services.cases import Asked
from app.services.recusal import Found
from tests import factories as make
from tests.conftest import NOON
from tests.integration.casework import (
    DUE,
    SILVER,
    TODAY,
    assess,
    assign,
    call,
    declare,
    submitted_case,
    vote,
    voted_case,
)
from tests.told import told

SISTER = Found("My sister has become its treasurer.", TieKind.GOVERNS, Whose.FAMILY)


@pytest.fixture
def case(app):
    return submitted_case()


def stop(case, assessment_id, person=None):
    recusal.stop_assessing(assessment_id, SISTER, actor=make.actor(person or case.assessor), now=NOON)


def opened(case, person=None) -> int:
    assessment_id = assign(case, person)
    actor = make.actor(person or case.assessor)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=actor, now=NOON)
    return assessment_id


def test_an_assessor_who_finds_a_conflict_half_way_is_shut_out_at_once_and_replaced(case, client_for):
    assessment_id = opened(case)
    actor = make.actor(case.assessor)
    assessments.record_score(assessment_id, "GOV.1.1", GivenScore(3, False, "Seen.", 0), actor=actor, now=NOON)
    stop(case, assessment_id)
    assert client_for(case.assessor).get(f"/assessments/{assessment_id}/criteria/GOV.1.1").status_code in {403, 404}
    with pytest.raises(NotAllowed):
        assessments.record_score(assessment_id, "GOV.1.2", GivenScore(3, False, "Seen.", 0), actor=actor, now=NOON)
    assert db.session.scalars(select(Score.point)).all() == [3], "what was scored stays on record"
    tie = db.session.scalars(select(Interest)).one()
    assert (tie.kind, tie.whose, tie.ended_at) == (TieKind.GOVERNS, Whose.FAMILY, None)
    message = next(each for each in told() if each.recipient == case.manager.email and "cannot assess" in each.subject)
    assert "They had scored 1 of the criteria" in message.text and "choose another assessor" in message.text


def test_scores_that_were_in_stop_to_count_and_the_panel_that_read_them_stands_down(case):
    assessment_id = assess(case)
    panel_id = call(case)
    declare(panel_id, *case.sitters)
    vote(panel_id, case.sitters[0], SILVER)
    assert case_outcome(db.session(), case.application, TODAY) is not None
    stop(case, assessment_id)
    db.session.expire_all()
    assert case.application.status is ApplicationStatus.IN_ASSESSMENT
    assert db.session.get(Panel, panel_id).status is PanelStatus.STOOD_DOWN
    assert case_outcome(db.session(), case.application, TODAY) is None
    with pytest.raises(DomainError):
        vote(panel_id, case.sitters[1], SILVER)
    other = make.officer(case.scheme, Role.ASSESSOR)
    assess(case, assessor=other)
    assert case.application.status is ApplicationStatus.ASSESSED
    assert call(case) != panel_id


def test_once_the_case_is_decided_a_conflict_goes_to_the_scheme(case):
    assessment_id = assess(case)
    case.application.status = ApplicationStatus.REFUSED
    db.session.commit()
    with pytest.raises(Conflict, match="decided"):
        stop(case, assessment_id)
    assert db.session.get(Assessment, assessment_id).status is AssessmentStatus.HANDED_IN


def test_a_member_who_stands_aside_after_voting_has_no_vote_and_the_manager_hears_of_it(app):
    case, panel = voted_case()
    lay = case.sitters[0]
    recusal.stop_sitting(panel.id, SISTER, actor=make.actor(lay), now=NOON)
    page = decision_page(panel.id, make.actor(case.sitters[1]), TODAY)
    assert dict(page.tally) == {"Award at Silver": 2}
    with pytest.raises(DomainError):
        vote(panel.id, lay, SILVER)
    message = next(each for each in told() if "stood aside" in each.subject)
    assert message.recipient == case.manager.email and "does not count" in message.text


def test_the_vote_of_somebody_who_joined_the_provider_counts_for_nothing_without_the_managers_help(app):
    case, panel = voted_case()
    chair = make.actor(case.sitters[1])
    assert decision_page(panel.id, chair, TODAY).count.quorate
    for joined in (case.sitters[0], case.sitters[2]):
        make.save(
            Membership(user_id=joined.id, organisation_id=case.provider.id, role=Role.CONTRIBUTOR, created_at=NOON)
        )
    votes = decision_page(panel.id, chair, TODAY).count
    assert not votes.quorate and sum(number for _, number in votes.tally) == 1


def test_a_manager_with_an_interest_hands_the_case_to_another(case, client_for):
    other = make.officer(case.scheme, Role.MANAGER, name="Manager Mo")
    manager = make.actor(case.manager)
    left = recusal.stop_managing(case.application_id, SISTER, actor=manager, now=NOON, today=TODAY)
    assert left == 1
    with pytest.raises(NotAllowed, match="another manager"):
        cases.assign_assessor(case.application_id, case.assessor.id, DUE, actor=manager, now=NOON, today=TODAY)
    assert [each.recipient for each in told() if "does not manage" in each.subject] == [other.email]
    assign(case_with(case, other))


def case_with(case, manager):
    case.manager = manager
    return case


def test_turning_a_case_down_is_no_conflict_and_leaves_the_case_to_others(case):
    assessment_id = assign(case)
    actor = make.actor(case.assessor)
    with pytest.raises(Invalid):
        recusal.turn_down(assessment_id, " ", actor=actor, now=NOON)
    recusal.turn_down(assessment_id, "I am abroad until May.", actor=actor, now=NOON)
    assert db.session.get(Assessment, assessment_id).status is AssessmentStatus.REMOVED
    assert db.session.scalars(select(Interest)).all() == []
    assert "abroad until May" in told()[-1].text and told()[-1].recipient == case.manager.email
    assert assign(case) == assessment_id, "they may be asked again"
    opened_now = make.actor(case.assessor)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=opened_now, now=NOON)
    with pytest.raises(IllegalMove):
        recusal.turn_down(assessment_id, "Too much.", actor=opened_now, now=NOON)


def leads(case) -> list[int]:
    query = select(Assessment.assessor_id).where(Assessment.lead.is_(True))
    return list(db.session.scalars(query.where(Assessment.application_id == case.application_id)))


def test_exactly_one_assessor_leads_whoever_comes_and_goes(case):
    second = make.officer(case.scheme, Role.ASSESSOR)
    first_id, second_id = opened(case), opened(case, second)
    assert leads(case) == [case.assessor.id]
    manager = make.actor(case.manager)
    cases.choose_lead(case.application_id, second_id, actor=manager, now=NOON, today=TODAY)
    assert leads(case) == [second.id]
    stop(case, second_id, second)
    assert leads(case) == [case.assessor.id]
    cases.remove_assessor(first_id, "Is ill", actor=manager, now=NOON)
    assert leads(case) == []


def test_a_newcomer_goes_on_with_the_requests_and_begins_from_the_scores_that_were_handed_over(case, client_for):
    before = opened(case)
    actor, manager = make.actor(case.assessor), make.actor(case.manager)
    assessments.record_score(before, "GOV.1.1", GivenScore(2, False, "Minutes seen.", 0), actor=actor, now=NOON)
    cases.remove_assessor(before, "Is ill", actor=manager, now=NOON)
    second = make.officer(case.scheme, Role.ASSESSOR)
    asked = Asked((second.id,), DUE, in_place_of=before, hand_over=True)
    cases.assign_assessors(case.application_id, asked, actor=manager, now=NOON, today=TODAY)
    newcomer = db.session.scalars(select(Assessment).where(Assessment.assessor_id == second.id)).one()
    assert db.session.scalars(select(Score).where(Score.assessment_id == newcomer.id)).all() == [], "not yet declared"
    assessments.declare_interests(newcomer.id, conflict=False, words="", actor=make.actor(second), now=NOON)
    copy = db.session.scalars(select(Score).where(Score.assessment_id == newcomer.id)).one()
    original = db.session.get(Score, copy.taken_from_id)
    assert (copy.point, copy.reason, original.assessment_id) == (2, "Minutes seen.", before)
    shown = client_for(second).get(f"/assessments/{newcomer.id}/criteria/GOV.1.1").text
    assert "You began from the score of Assessor Ash" in shown


def test_nobody_begins_from_the_scores_of_somebody_with_a_conflict_or_of_a_blind_assessment(case):
    before = opened(case)
    stop(case, before)
    second = make.officer(case.scheme, Role.ASSESSOR)
    manager = make.actor(case.manager)
    asked = Asked((second.id,), DUE, in_place_of=before, hand_over=True)
    with pytest.raises(Invalid, match="conflict of interest"):
        cases.assign_assessors(case.application_id, asked, actor=manager, now=NOON, today=TODAY)
    blind = submitted_case(source=make.SMALL_FRAMEWORK.replace("assessors: 1,", "assessors: 2, blind: true,"))
    left = opened(blind)
    cases.remove_assessor(left, "Is ill", actor=make.actor(blind.manager), now=NOON)
    third = make.officer(blind.scheme, Role.ASSESSOR)
    with pytest.raises(Invalid, match="without seeing"):
        cases.assign_assessors(
            blind.application_id,
            Asked((third.id,), DUE, in_place_of=left, hand_over=True),
            actor=make.actor(blind.manager),
            now=NOON,
            today=TODAY,
        )


def test_whoever_had_any_part_in_a_case_does_not_review_it(app):
    case, _ = voted_case()
    free = make.officer(case.scheme, Role.MANAGER, name="Free Farah")
    found = {each.name: each.bar for each in review_candidates(db.session(), case.application, TODAY)}
    assert found.pop(free.name) is None
    assert found["Manager Morgan"] == "Had a part in managing this case."
    assert found["Assessor Ash"] == "Had a part in assessing this case."
    assert all(found.values()), found


def test_nobody_opens_a_case_by_declaring_nothing_while_a_tie_is_known(case, client_for):
    assessment_id = assign(case)
    make.save(
        Interest(user_id=case.assessor.id, organisation_id=case.provider.id, nature="Chairs it.", declared_at=NOON)
    )
    page = client_for(case.assessor).post(f"/assessments/{assessment_id}/declare", data={"conflict": "no"})
    assert page.status_code == 422 and "Our records say otherwise. Has an interest: Chairs it." in page.text
    assert db.session.get(Assessment, assessment_id).status is AssessmentStatus.ASSIGNED
    cases.remove_assessor(assessment_id, "Has an interest", actor=make.actor(case.manager), now=NOON)
    other = make.officer(case.scheme, Role.ASSESSOR)
    assess(case, assessor=other)
    panel_id = call(case)
    lay = case.sitters[0]
    make.save(Interest(user_id=lay.id, organisation_id=case.provider.id, nature="Audits it.", declared_at=NOON))
    with pytest.raises(Invalid, match="Audits it"):
        panels.declare_for_panel(panel_id, conflict=False, words="", actor=make.actor(lay), now=NOON)


def test_an_assessor_stands_aside_on_the_page_and_a_member_too(case, client_for):
    assessment_id = opened(case)
    mine, url = client_for(case.assessor), f"/assessments/{assessment_id}/stand-aside"
    assert mine.post(url, data={"kind": "works", "whose": "own", "words": ""}).status_code == 422
    assert mine.post(url, data={"kind": "works", "whose": "own", "words": "I start there in May."}).status_code == 302
    assert mine.get(url).location.endswith("/declare")
    other, panel = voted_case()
    sitter = client_for(other.sitters[0])
    url = f"/panels/{panel.id}/stand-aside"
    assert "Your vote stays on record and does not count." in sitter.get(url).text
    assert sitter.post(url, data={"kind": "works", "whose": "own", "words": "I start there."}).status_code == 302
    assert sitter.get(f"/panels/{panel.id}").location.endswith("/declare")
