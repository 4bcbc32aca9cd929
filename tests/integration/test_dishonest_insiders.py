"""What somebody with two roles, or with an interest kept quiet, tries on the way to a decision."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.access import Role
from app.domain.errors import Invalid, NotAllowed
from app.domain.impartiality import TieKind
from app.domain.interests import Given as Interest
from app.domain.lifecycle import FindingMove, FindingStatus
from app.extensions import db
from app.models import User
from app.services import assessments, cases, recusal, voting
from app.services.assessments import GivenScore
from app.services.findings import raise_finding
from app.services.interests import add_interest
from tests import factories as make
from tests.conftest import NOON
from tests.finding_framework import WITH_FINDINGS
from tests.integration.casework import CODES, TODAY, Case, assess, assign, call, submitted_case, voted_case
from tests.integration.findings.cases import MINOR, assessed_with, check, finding, found_by_hand

BLIND = WITH_FINDINGS.replace("assessment: {assessors: 1,", "assessment: {assessors: 2, blind: true,")


def two_hats(case: Case, *roles: Role) -> User:
    return make.officer(case.scheme, *roles, name="Two Hats")


def worked_there(case: Case, who: User) -> None:
    """They put an earlier post with the provider on their register: it has ended, and still bars."""
    days = {"since_on": TODAY - timedelta(days=900), "until_on": TODAY - timedelta(days=30)}
    given = Interest(case.provider.name, TieKind.WORKS, "Ran its office.", **days)
    add_interest(given, actor=make.actor(who), now=NOON, today=TODAY)


def take_the_case(case: Case, who: User) -> int:
    assessment_id = assign(case, who)
    assessments.declare_interests(assessment_id, conflict=False, words="", actor=make.actor(who), now=NOON)
    return assessment_id


def test_who_wrote_a_finding_down_and_left_before_scoring_does_not_sit(app):
    case = submitted_case(WITH_FINDINGS)
    who = two_hats(case, Role.ASSESSOR, Role.PANEL_MEMBER)
    assessment_id = take_the_case(case, who)
    raise_finding(assessment_id, MINOR, actor=make.actor(who), now=NOON, today=TODAY)
    cases.remove_assessor(assessment_id, "Ill.", actor=make.actor(case.manager), now=NOON)
    assess(case)
    with pytest.raises(Invalid) as refused:
        call(case, who, *case.sitters[:2])
    assert "Has a part in assessing this case" in refused.value.errors["members"]


def test_a_manager_who_judged_a_finding_does_not_sit(app):
    case = submitted_case(WITH_FINDINGS)
    who = two_hats(case, Role.MANAGER, Role.PANEL_MEMBER)
    check(case, assessed_with(case), FindingMove.TAKE_BACK, who=who)
    with pytest.raises(Invalid) as refused:
        call(case, who, *case.sitters[:2])
    assert "Has a part in assessing this case" in refused.value.errors["members"]


def test_a_manager_who_assesses_blind_takes_back_nothing_of_the_others(app):
    case = submitted_case(BLIND)
    who = two_hats(case, Role.MANAGER, Role.ASSESSOR)
    theirs = take_the_case(case, case.assessor)
    take_the_case(case, who)
    finding_id = found_by_hand(case, theirs)
    with pytest.raises(NotAllowed):
        check(case, finding_id, FindingMove.TAKE_BACK, who=who)
    assert finding(finding_id).status is FindingStatus.RAISED
    check(case, finding_id, FindingMove.TAKE_BACK)
    assert finding(finding_id).status is FindingStatus.TAKEN_BACK


def test_an_earlier_post_that_comes_to_light_closes_the_case_to_its_assessor(app, client_for):
    case = submitted_case()
    assessment_id = take_the_case(case, case.assessor)
    browser = client_for(case.assessor)
    assert browser.get(f"/assessments/{assessment_id}").status_code == 200
    worked_there(case, case.assessor)
    assert browser.get(f"/assessments/{assessment_id}").status_code == 403
    actor, given = make.actor(case.assessor), GivenScore(3, False, "Seen.", 0)
    with pytest.raises(NotAllowed):
        assessments.record_score(assessment_id, CODES[0], given, actor=actor, now=NOON)
    found = recusal.Found("I ran its office.")
    recusal.stop_assessing(assessment_id, found, actor=actor, now=NOON)  # the way out is open still


def test_an_earlier_post_that_comes_to_light_takes_the_chair_away(app, client_for):
    case, panel = voted_case()
    chair = case.sitters[1]
    worked_there(case, chair)
    assert client_for(chair).get(f"/panels/{panel.id}").status_code == 403
    with pytest.raises(NotAllowed):
        voting.close_vote(panel.id, actor=make.actor(chair), now=NOON)
    assert db.session.get(type(panel), panel.id).vote_closed_at is None
