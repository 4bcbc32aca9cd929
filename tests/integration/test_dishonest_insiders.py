"""What somebody with two roles, or with an interest kept quiet, tries on the way to a decision."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from app.backends.storage import MemoryStorage
from app.domain.access import Role
from app.domain.deciding import Ballot, Verdict
from app.domain.errors import Incomplete, Invalid, NotAllowed
from app.domain.impartiality import TieKind
from app.domain.interests import Given as Interest
from app.domain.lifecycle import ApplicationStatus, FindingMove, FindingStatus
from app.domain.meetings import MeetingPlan
from app.extensions import db
from app.models import Assessment, Membership, User
from app.queries.desk import desk
from app.services import assessments, cases, meetings, recusal, voting
from app.services.assessments import GivenScore
from app.services.decisions import Decided, record_decision
from app.services.findings import raise_finding
from app.services.granting import Issue
from app.services.interests import add_interest
from app.services.recommendations import Recommendation, hand_in
from tests import factories as make
from tests.conftest import NOON
from tests.finding_framework import WITH_FINDINGS
from tests.integration.casework import (
    CODES,
    REFUSE,
    SILVER,
    TODAY,
    Case,
    assess,
    assign,
    call,
    submitted_case,
    voted_case,
)
from tests.integration.findings.cases import MINOR, assessed_with, check, finding, found_by_hand
from tests.told import told

BLIND = WITH_FINDINGS.replace("assessment: {assessors: 1,", "assessment: {assessors: 2, blind: true,")


@pytest.fixture
def storage(app):
    kept = MemoryStorage()
    app.extensions["storage"] = kept
    yield kept
    del app.extensions["storage"]


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


LISTS = ("pipeline", "calendar", "calendar.ics", "", "pipeline?assessor={who}", "bulk?case={case}")
"""Where the office sees who assesses which case, by when, and how far they are."""


@pytest.fixture
def half_way(app) -> tuple[Case, User]:
    """A case assessed by two who must not see each other's work; the other has scored all of it."""
    case = submitted_case(BLIND)
    who = two_hats(case, Role.MANAGER, Role.ASSESSOR)
    theirs = take_the_case(case, case.assessor)
    take_the_case(case, who)
    for code in CODES:
        given = GivenScore(1, False, "Seen.", 0)
        assessments.record_score(theirs, code, given, actor=make.actor(case.assessor), now=NOON)
    return case, who


def lists(case: Case) -> list[str]:
    home = f"/schemes/{case.scheme.code}"
    return [f"{home}/{path}".rstrip("/").format(who=case.assessor.id, case=case.application_id) for path in LISTS]


def rows_naming(browser, path: str, name: str) -> list[str]:
    """The rows of tables, the lines of a calendar and the choices of a list that name somebody, but for the list's filter."""
    page = browser.get(path)
    assert page.status_code == 200, path
    text = re.sub(r"<select.*?</select>", "", page.text, flags=re.DOTALL)
    return [row for row in re.split(r"<tr|BEGIN:VEVENT|<li", text) if name in row]


def test_a_manager_who_assesses_blind_learns_from_no_list_how_far_the_other_is(half_way, client_for):
    case, who = half_way
    for path in lists(case):
        rows = rows_naming(client_for(who), path, "Assessor Ash")
        assert not [row for row in rows if case.provider.name in row or "4 of 4" in row], path
    assert "4 of 4 scored" in client_for(case.manager).get(lists(case)[0]).text


def test_the_desk_counts_nothing_of_a_case_that_its_reader_assesses_blind(half_way):
    case, who = half_way
    for reader, expected in ((who, 0), (case.manager, 1)):
        page = desk(case.scheme.code, actor=make.actor(reader), today=TODAY)
        assert {row.name: row.open for row in page.assessors}["Assessor Ash"] == expected


def test_a_manager_learns_from_no_list_who_assesses_their_own_organisation(app, client_for):
    case = submitted_case()
    insider = make.officer(case.scheme, Role.MANAGER, name="In Sider")
    make.save(Membership(user_id=insider.id, organisation_id=case.provider.id, role=Role.CONTRIBUTOR, created_at=NOON))
    assign(case)
    for path in lists(case):
        rows = rows_naming(client_for(insider), path, "Assessor Ash")
        assert not [row for row in rows if case.provider.name in row], path


def test_who_asked_the_other_and_assesses_too_is_not_told_that_they_have_handed_in(half_way):
    case, who = half_way
    theirs = db.session.scalars(db.select(Assessment).where(Assessment.assessor_id == case.assessor.id)).one()
    theirs.assigned_by_id = who.id
    db.session.commit()
    words = Recommendation("award", "silver", "A sound organisation.")
    hand_in(theirs.id, words, actor=make.actor(case.assessor), now=NOON)
    heard = {each.recipient for each in told() if "Assessor Ash" in each.text}
    assert who.email not in heard
    assert case.manager.email in heard


def decide(app, storage, panel_id: int, chair: User, ballot: Ballot) -> None:
    issue = Issue("https://touchstone.test", Path(app.config["FONT_DIR"]))
    given = Decided(ballot, "That is what the case shows.", departure="Said in the minutes.")
    record_decision(panel_id, given, issue=issue, storage=storage, actor=make.actor(chair), now=NOON, today=TODAY)


def test_no_panel_is_called_over_the_scores_of_somebody_with_an_interest(app):
    case = submitted_case()
    assess(case)
    worked_there(case, case.assessor)
    with pytest.raises(Invalid) as refused:
        call(case)
    assert "Assessor Ash assessed this case. Had an interest" in refused.value.errors["report"]


@pytest.mark.parametrize(("ballot", "refused"), [(SILVER, True), (REFUSE, True), (Ballot(Verdict.DEFER), False)])
def test_a_panel_does_nothing_but_defer_over_such_scores(app, storage, ballot, refused):
    case, panel = voted_case(ballot)
    worked_there(case, case.assessor)
    if refused:
        with pytest.raises(Incomplete, match="Assessor Ash assessed this case"):
            decide(app, storage, panel.id, case.sitters[1], ballot)
        assert case.application.status is ApplicationStatus.WITH_PANEL
    else:
        decide(app, storage, panel.id, case.sitters[1], ballot)
        assert case.application.status is ApplicationStatus.DEFERRED


def test_a_meeting_takes_no_case_that_a_panel_of_its_own_could_not_have(app):
    case = submitted_case()
    assess(case)
    case.scheme.details = {**case.scheme.details, "report": {"required": True}}
    db.session.commit()
    with pytest.raises(Invalid) as alone:
        call(case)
    with pytest.raises(Invalid) as met:
        meet(case)
    assert alone.value.errors["report"] in met.value.errors["cases"]
    assert case.application.status is ApplicationStatus.ASSESSED


def test_a_member_who_has_come_to_be_barred_makes_no_quorum_of_a_meeting(app):
    case, _ = voted_case()
    worked_there(case, case.sitters[2])
    worked_there(case, case.sitters[1])
    with pytest.raises(Invalid, match="may decide on"):
        meet(case)


def meet(case: Case) -> None:
    """Put the case on the agenda of a meeting of all its panel members."""
    members = tuple(each.id for each in case.sitters)
    plan = MeetingPlan(NOON + timedelta(days=9), 60, "Town hall", "", members, case.sitters[1].id)
    meetings.call_meeting(
        case.scheme.code, plan, [case.application_id], actor=make.actor(case.manager), now=NOON, today=TODAY
    )
