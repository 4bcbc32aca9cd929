"""Who may do what to a finding and when: blind assessors, two people at once, what is sent twice, what nobody is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from app.domain.access import Role
from app.domain.corrective import Given, PlanOffer
from app.domain.errors import Conflict, IllegalMove, Invalid, NotAllowed, NotFound
from app.domain.evidence import Contents
from app.domain.findings import PlanAnswer
from app.domain.lifecycle import ApplicationStatus, FindingMove, FindingStatus
from app.domain.plan import Source
from app.edge.backends import storage
from app.extensions import db
from app.models import (
    Application,
    Assessment,
    AuditRow,
    CorrectivePlan,
    Finding,
    FindingEvidence,
    FindingStep,
    MailMessage,
    Membership,
)
from app.queries.evidence import evidence_version_for
from app.queries.finding_writing import findings_seen
from app.queries.findings import findings_of, raised_in
from app.queries.outcomes import case_outcome
from app.queries.own_findings import findings_page, own_finding_page
from app.queries.plan_suggestions import suggestions_page
from app.services.assessments import declare_interests
from app.services.cases import remove_assessor, reopen_assessment
from app.services.evidence import NewEvidence
from app.services.finding_answers import offer_plan
from app.services.finding_checks import Check, check_finding
from app.services.findings import raise_finding, tell_of_findings
from app.services.reconciling import AgreedGiven, agree, settle
from app.services.transactions import transaction
from tests import factories as make
from tests.conftest import NOON
from tests.finding_framework import WITH_FINDINGS
from tests.integration.casework import DUE, TODAY, assign, submitted_case
from tests.integration.findings.cases import (
    MINOR,
    assessed_with,
    check,
    finding,
    found_by_hand,
    opened,
    plan,
    put_right,
    scored_and_in,
)
from tests.integration.test_taking_turns import held_first

TWO = WITH_FINDINGS.replace("assessors: 1", "assessors: 2")
PLAN = PlanOffer("Nobody was asked to.", "The chair signs.", "Chair", TODAY)


def test_a_provider_knows_of_nothing_before_the_case_is_assessed(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = found_by_hand(case, opened(case))
    lead = make.actor(case.lead)
    assert findings_page(case.application_id, lead, TODAY).standing == ()
    with pytest.raises(NotFound):
        own_finding_page(finding_id, lead, TODAY)
    with pytest.raises(NotFound):
        offer_plan(finding_id, PLAN, version=1, actor=lead, now=NOON, today=TODAY)


def test_nobody_is_told_twice_and_one_letter_names_every_finding(app):
    case = submitted_case(WITH_FINDINGS)
    assessed_with(case, points={"SAFE.1.1": 0})
    told = db.session.scalars(select(MailMessage).where(MailMessage.subject.contains("findings to look at"))).all()
    assert len(told) == 1 and "Minutes are not signed" in told[0].text and "Major finding" in told[0].text
    with transaction() as session:
        again = session.get_one(Application, case.application_id)
        assert tell_of_findings(session, again, make.actor(case.assessor), NOON) == 0
    assert db.session.scalar(select(func.count()).select_from(Finding)) == 2


def test_assessors_do_not_see_or_touch_each_others_findings_while_they_assess(app):
    case = submitted_case(TWO)
    first = opened(case)
    finding_id = found_by_hand(case, first)
    other = make.officer(case.scheme, Role.ASSESSOR)
    second = assign(case, other)
    declare_interests(second, conflict=False, words="", actor=make.actor(other), now=NOON)
    assert findings_seen(db.session.get(Assessment, second), TODAY) == ()
    with pytest.raises(NotAllowed):
        check(case, finding_id, FindingMove.TAKE_BACK, "Mine says the same.", who=other)
    with pytest.raises(NotAllowed):
        raise_finding(first, MINOR, actor=make.actor(other), now=NOON, today=TODAY)


def test_the_same_found_by_two_becomes_one_and_the_other_refers_to_it(app):
    case = submitted_case(WITH_FINDINGS)
    assessment_id = opened(case)
    kept = found_by_hand(case, assessment_id)
    again = found_by_hand(case, assessment_id, Given("GOV.1.1", "minor", "Unsigned minutes", "They are not signed."))
    scored_and_in(case, assessment_id)
    check(case, again, FindingMove.TAKE_BACK, "It says the same.", who=case.assessor, same_as=kept)
    assert finding(again).same_as_id == kept and finding(again).status is FindingStatus.TAKEN_BACK
    assert [row.id for row in findings_of(db.session(), case.application) if row.grade == "minor"] == [kept]
    elsewhere = assessed_with(submitted_case(WITH_FINDINGS))
    with pytest.raises(Invalid) as refusal:
        check(case, kept, FindingMove.TAKE_BACK, "No.", same_as=elsewhere)
    assert set(refusal.value.errors) == {"same_as"}


def test_sending_twice_changes_nothing_and_acting_on_what_changed_is_a_conflict(app):
    case = submitted_case(WITH_FINDINGS)
    assessment_id = opened(case)
    finding_id = found_by_hand(case, assessment_id)
    assert found_by_hand(case, assessment_id) == finding_id
    scored_and_in(case, assessment_id)
    plan(case, finding_id)
    seen = finding(finding_id).version
    plan(case, finding_id)
    assert finding(finding_id).version == seen
    lead = make.actor(case.lead)
    other = PlanOffer("Nobody thought of it.", "We sign online.", "Secretary", TODAY)
    offer_plan(finding_id, other, version=seen, actor=lead, now=NOON, today=TODAY)
    answers = db.session.scalars(select(CorrectivePlan.answer).order_by(CorrectivePlan.number)).all()
    assert answers == [PlanAnswer.REPLACED, PlanAnswer.WAITS]
    accept = Check(FindingMove.ACCEPT_PLAN)
    with pytest.raises(Conflict, match="plan offered"):
        check_finding(finding_id, accept, version=seen, actor=make.actor(case.manager), now=NOON, today=TODAY)


def test_a_plan_later_than_the_last_day_and_words_that_are_missing_are_refused_each_at_its_field(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = assessed_with(case)
    late = PlanOffer("", "Sign.", "x" * 200, TODAY.replace(year=2028))
    with pytest.raises(Invalid) as refusal:
        offer_plan(finding_id, late, version=2, actor=make.actor(case.lead), now=NOON, today=TODAY)
    assert set(refusal.value.errors) == {"cause", "owner", "by_on"} and "16 May 2027" in refusal.value.errors["by_on"]
    with pytest.raises(Invalid) as refusal:
        check(case, finding_id, FindingMove.VERIFY, "  ")
    assert set(refusal.value.errors) == {"words"}
    with pytest.raises(IllegalMove):
        check(case, finding_id, FindingMove.REOPEN, "Again.")


def test_evidence_of_closure_is_pinned_and_open_to_those_who_check_it(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = assessed_with(case)
    new = NewEvidence("statement", "Signed minutes", Contents(text="All four are signed."))
    put_right(case, finding_id, storage(), new=new)
    pinned = db.session.scalars(select(FindingEvidence)).one()
    assert pinned.version.handed_in, "nobody corrects what was offered"
    for who in (case.assessor, case.manager):
        assert evidence_version_for(pinned.version_id, make.actor(who)).title == "Signed minutes"
    with pytest.raises(NotFound):
        evidence_version_for(pinned.version_id, make.actor(make.officer(make.scheme(), Role.MANAGER)))


def test_a_manager_with_a_tie_and_an_auditor_verify_nothing(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = assessed_with(case)
    with pytest.raises(NotAllowed):
        check(case, finding_id, FindingMove.VERIFY, "Seen.", who=case.auditor)
    own = make.officer(case.scheme, Role.MANAGER)
    make.save(Membership(user_id=own.id, organisation_id=case.provider.id, role=Role.CONTRIBUTOR, created_at=NOON))
    with pytest.raises(NotAllowed):
        check(case, finding_id, FindingMove.VERIFY, "Seen.", who=own)


def test_a_scheme_that_keeps_findings_to_itself_tells_nobody_and_lets_no_time_run(app):
    case = submitted_case(WITH_FINDINGS + "publication: {findings: scheme}\n")
    finding_id = assessed_with(case)
    assert finding(finding_id).status is FindingStatus.RAISED and finding(finding_id).due_on is None
    assert findings_page(case.application_id, make.actor(case.lead), TODAY).kept_back
    assert case_outcome(db.session(), case.application, TODAY).level == "bronze", "it counts all the same"


def test_a_score_that_has_risen_closes_what_it_raised_and_one_that_fell_again_reopens_it(app, clock):
    case = submitted_case(WITH_FINDINGS)
    assessment_id = opened(case)
    scored_and_in(case, assessment_id, {"SAFE.1.1": 1})
    raised = db.session.scalars(select(Finding)).one()
    for number, (point, status) in enumerate([(3, FindingStatus.CLOSED), (1, FindingStatus.OPEN)], 1):
        now = NOON.replace(day=NOON.day + number)
        who = {"actor": make.actor(case.manager), "now": now, "today": now.date()}
        reopen_assessment(assessment_id, "Look again.", DUE, **who)
        scored_and_in(case, assessment_id, {"SAFE.1.1": point}, now=now)
        db.session.rollback()
        assert finding(raised.id).status is status
    assert db.session.scalar(select(func.count()).select_from(Finding)) == 1


def test_what_was_decided_stays_explained_by_how_findings_stood_then(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = assessed_with(case)
    application = db.session.get(Application, case.application_id)
    application.status, application.status_at = ApplicationStatus.AWARDED, NOON
    db.session.commit()
    check(case, finding_id, FindingMove.VERIFY, "Seen.", now=NOON.replace(day=20))
    assert finding(finding_id).status is FindingStatus.CLOSED
    assert [each.where for each in raised_in(db.session(), case.application).raised] == ["GOV.1.1"]
    assert case_outcome(db.session(), case.application, TODAY).level == "bronze"


def test_every_step_is_kept_with_who_and_what_changed(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = assessed_with(case)
    plan(case, finding_id)
    check(case, finding_id, FindingMove.ACCEPT_PLAN, "")
    steps = db.session.scalars(select(FindingStep).order_by(FindingStep.id)).all()
    assert [each.move for each in steps] == ["raise", "tell the provider of", "offer a plan for", "accept the plan for"]
    rows = db.session.scalars(select(AuditRow).where(AuditRow.subject == "finding").order_by(AuditRow.id)).all()
    assert [each.action for each in rows] == [
        "finding.raised",
        "finding.told",
        "finding.plan-offered",
        "finding.plan-accepted",
    ]
    assert (rows[-1].detail["before"], rows[-1].detail["after"]) == ("plan-offered", "planned")


def test_what_was_told_can_be_planned_until_it_is_closed(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = assessed_with(case)
    lead = make.actor(case.lead)

    def offered() -> list[tuple[str, str, object]]:
        db.session.rollback()
        page = suggestions_page(case.application_id, lead, TODAY)
        return [
            (each.title, each.criterion_code, each.due_on) for each in page.suggestions if each.source is Source.FINDING
        ]

    assert offered() == [("Put right: Minutes are not signed (Minor finding)", "GOV.1.1", finding(finding_id).due_on)]
    check(case, finding_id, FindingMove.VERIFY, "Seen.")
    assert offered() == []


def test_what_an_assessor_wrote_who_was_taken_off_counts_no_more(app):
    case = submitted_case(TWO)
    found_by_hand(case, first := opened(case))
    other = make.officer(case.scheme, Role.ASSESSOR)
    second = assign(case, other)
    declare_interests(second, conflict=False, words="", actor=make.actor(other), now=NOON)
    assert len(raised_in(db.session(), case.application).raised) == 1
    remove_assessor(first, "Ill.", actor=make.actor(case.manager), now=NOON)
    db.session.rollback()
    assert raised_in(db.session(), case.application).raised == () == findings_of(db.session(), case.application)


def test_both_sides_hold_the_case_before_the_finding(app):
    case = submitted_case(WITH_FINDINGS)
    finding_id = assessed_with(case)
    assert held_first(lambda: plan(case, finding_id)) == "application"
    assert held_first(lambda: check(case, finding_id, FindingMove.ACCEPT_PLAN, "")) == "application"
    assert held_first(lambda: put_right(case, finding_id, storage())) == "application"


def test_once_all_are_in_and_differ_the_lead_makes_one_of_two_before_anybody_is_told(app):
    case = submitted_case(TWO)
    first = opened(case)
    kept = found_by_hand(case, first)
    other = make.officer(case.scheme, Role.ASSESSOR)
    second = assign(case, other)
    declare_interests(second, conflict=False, words="", actor=make.actor(other), now=NOON)
    again = found_by_hand(replace(case, assessor=other), second)
    scored_and_in(case, first)
    scored_and_in(replace(case, assessor=other), second, {"SAFE.1.1": 2})
    assert case.application.status is ApplicationStatus.RECONCILING
    assert {row.id for row in findings_seen(db.session.get(Assessment, first), TODAY)} == {kept, again}
    check(case, again, FindingMove.TAKE_BACK, "It says the same.", who=case.assessor, same_as=kept)
    agree(first, "SAFE.1.1", AgreedGiven(2, False, False, "Agreed.", 0), actor=make.actor(case.assessor), now=NOON)
    settle(first, actor=make.actor(case.assessor), now=NOON)
    db.session.rollback()
    assert [each.status for each in (finding(kept), finding(again))] == [FindingStatus.OPEN, FindingStatus.TAKEN_BACK]
    told = findings_page(case.application_id, make.actor(case.lead), TODAY)
    assert [row.id for row in (*told.standing, *told.over)] == [kept]
