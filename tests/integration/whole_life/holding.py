"""What must hold at every moment of a case's life: the rules of a trustworthy scheme, as sentences about the database."""

from __future__ import annotations

from itertools import pairwise

from sqlalchemy import select

from app.domain.access import Action, Role, may
from app.domain.deciding import GRANTING, Verdict
from app.domain.lifecycle import (
    AWARD_MOVES,
    CURRENT,
    LIVES,
    STANDING,
    AppealStatus,
    ApplicationStatus,
    AssessmentStatus,
    AwardStatus,
    DecisionStatus,
    status_on,
)
from app.extensions import db
from app.models import (
    Appeal,
    Assessment,
    AuditRow,
    Award,
    Decision,
    Finding,
    Interest,
    Panel,
    PanelSeat,
    RegisterEntry,
    RegisterEvent,
    Reviewer,
    Score,
)
from app.queries.audit_chain import verify
from app.queries.frameworks import framework_of
from app.queries.subjects import subject_of
from tests.integration.whole_life.acting import World


def everything_holds(world: World) -> None:
    """All invariants. Raises AssertionError naming the rule."""
    for rule in RULES:
        rule(world)


def nothing_is_seen_before_a_declaration_or_after_a_conflict(world: World) -> None:
    subject = subject_of(db.session(), world.application, world.today)
    undeclared = {each.assessor_id for each in world.rows(Assessment) if each.status is AssessmentStatus.ASSIGNED}
    stood_aside = {each.assessor_id for each in world.rows(Assessment) if each.status is AssessmentStatus.DECLINED}
    for actor in world.actors:
        if actor.user_id in undeclared | stood_aside:
            assert not may(actor, Action.ASSESS, subject), f"{actor.name} reads a case without having declared"
    panel = world.panel
    for seat in panel.seats if panel else []:
        actor = next(each for each in world.actors if each.user_id == seat.user_id)
        if seat.conflicted or seat.declared_at is None:
            assert not may(actor, Action.VOTE, subject), f"{actor.name} votes without having declared"
            assert not may(actor, Action.SEE_PANEL_CASE, subject), f"{actor.name} reads a case without having declared"


def whoever_declared_an_interest_takes_no_part(world: World) -> None:
    subject = subject_of(db.session(), world.application, world.today)
    tied = set(
        db.session.scalars(
            select(Interest.user_id).where(
                Interest.organisation_id == world.application.organisation_id, Interest.ended_at.is_(None)
            )
        )
    )
    for actor in world.actors:
        if actor.user_id in tied:
            for action in (Action.MANAGE_CASE, Action.CHANGE_AWARD, Action.DECIDE_APPEAL, Action.HANDLE_APPEAL):
                assert not may(actor, action, subject), f"{actor.name} has a tie and may {action.value}"


def no_evaluator_decides(world: World) -> None:
    scored = set(
        db.session.scalars(
            select(Assessment.assessor_id)
            .join(Score, Score.assessment_id == Assessment.id)
            .where(Assessment.application_id == world.case.application_id)
        )
    )
    for decision in world.rows(Decision):
        assert decision.decided_by_id not in scored, "an evaluator recorded the decision"
        voted = db.session.scalars(
            select(PanelSeat.user_id).where(
                PanelSeat.panel_id == decision.panel_id,
                PanelSeat.vote != "",
                PanelSeat.conflicted.is_(False),
                PanelSeat.voted_at <= decision.decided_at,
            )
        )
        before = {
            each.assessor_id
            for each in world.rows(Assessment)
            if each.declared_at and each.declared_at <= decision.decided_at and each.assessor_id in scored
        }
        assert not before & set(voted), "an evaluator voted"


def every_decision_had_its_quorum_reasons_and_rationale(world: World) -> None:
    framework = framework_of(world.application.edition)
    for decision in world.rows(Decision):
        seats = db.session.scalars(select(PanelSeat).where(PanelSeat.panel_id == decision.panel_id)).all()
        present = [seat for seat in seats if seat.vote]
        assert len(present) >= framework.panel.quorum, "a decision without a quorum"
        assert sum(seat.lay for seat in present) >= framework.panel.lay_members, "a decision without a lay member"
        assert decision.reasons.strip(), "a decision without reasons"
        granted = decision.level if Verdict(decision.outcome) in GRANTING else None
        if granted != decision.computed_level and Verdict(decision.outcome) is not Verdict.DEFER:
            assert decision.departure.strip(), "a departure from the computed outcome without a rationale"


def an_award_is_granted_by_a_decision_and_never_before_it(world: World) -> None:
    granting = [each for each in world.rows(Decision) if Verdict(each.outcome) in GRANTING]
    awards = world.rows(Award)
    assert len(awards) == len(granting), "an award without a decision, or a decision without its award"
    for award, decision in zip(awards, granting, strict=True):
        assert award.created_at == decision.decided_at, "the award is not of the decision's moment"
        assert award.granted_on >= decision.decided_at.date(), "granted before the decision"
        assert award.expires_on >= award.granted_on
        assert award.level == decision.level
        assert award.certificate_key and world.storage.exists(award.certificate_key), "an award without its certificate"
        assert len({each.number for each in awards}) == len(awards)


def one_award_at_a_time_stands(world: World) -> None:
    standing = [each for each in world.rows(Award) if status_on(each.status, each.expires_on, world.today) in STANDING]
    assert len(standing) <= 1, "two awards of one provider in one scheme stand at once"
    stored = {each.status for each in world.rows(Award)}
    assert AwardStatus.EXPIRED not in stored, "expiry is the calendar's, and never stored"


def the_register_says_what_is_so(world: World) -> None:
    entry = db.session.scalars(
        select(RegisterEntry).where(RegisterEntry.organisation_id == world.application.organisation_id)
    ).first()
    award = world.award
    assert (entry is None) == (award is None), "an award that is not on the register, or the register without an award"
    if entry is None or award is None:
        return
    assert entry.award_id == award.id
    assert (entry.status, entry.expires_on, entry.level) == (award.status, award.expires_on, award.level)
    events = db.session.scalars(
        select(RegisterEvent).where(RegisterEvent.entry_id == entry.id).order_by(RegisterEvent.id)
    ).all()
    assert events[-1].status is award.status, "the register's last word is not the award's status"
    possible = {(at, to) for (at, _), to in AWARD_MOVES.items()}
    for before, after in pairwise(events):
        if before.number == after.number and before.status is not after.status:
            assert (before.status, after.status) in possible, f"from {before.status} to {after.status} leads no move"


def a_finding_that_holds_an_award_down_is_closed_before_it(world: World) -> None:
    grades = framework_of(world.application.edition).clauses.findings.grades
    holding = {grade.code for grade in grades if grade.holds}
    for award in [each for each in world.rows(Award) if each.level == "silver"]:  # a major one leaves bronze possible
        for finding in world.rows(Finding):
            told = finding.told_at and finding.told_at <= award.created_at
            if told and finding.grade in holding:
                after = finding.status_at > award.created_at
                ended = finding.status.value in {"closed", "taken-back"}
                assert ended or after, "an award was granted while a finding held it down"


def appeals_are_decided_by_people_in_neither(world: World) -> None:
    for appeal in world.rows(Appeal):
        involved = {each.assessor_id for each in world.rows(Assessment)} | {
            seat.user_id for panel in world.rows(Panel) if panel.called_at <= appeal.lodged_at for seat in panel.seats
        }
        seats = db.session.scalars(select(Reviewer).where(Reviewer.appeal_id == appeal.id, Reviewer.vote != "")).all()
        early = {each.assessor_id for each in world.rows(Assessment) if each.assigned_at <= appeal.lodged_at}
        reviewers = {seat.user_id for seat in seats}
        assert not reviewers & (involved & early), "a reviewer assessed the case"
        assert not reviewers & {
            seat.user_id for panel in world.rows(Panel) if panel.called_at <= appeal.lodged_at for seat in panel.seats
        }
        if appeal.status in {AppealStatus.UPHELD, AppealStatus.PARTLY_UPHELD, AppealStatus.DISMISSED}:
            assert appeal.decided_by_id in reviewers, "an appeal was decided by somebody who did not review it"
            assert appeal.reasons.strip(), "an appeal was decided without reasons"


def the_case_and_its_decision_agree(world: World) -> None:
    application, decided = world.application, world.rows(Decision)
    last = decided[-1] if decided else None
    if application.status is ApplicationStatus.AWARDED:
        assert last and Verdict(last.outcome) in GRANTING
    if application.status is ApplicationStatus.REFUSED:
        assert last and Verdict(last.outcome) is Verdict.REFUSE
    if last and last.status is DecisionStatus.SET_ASIDE:
        assert application.status is not ApplicationStatus.REFUSED, "a refusal was set aside and stands"


def every_state_is_one_that_its_table_knows(world: World) -> None:
    known = {life.noun: set(life.states) - life.never_stored for life in LIVES}
    for noun, kind in (("assessment", Assessment), ("finding", Finding), ("award", Award), ("appeal", Appeal)):
        assert {each.status for each in world.rows(kind)} <= known[noun]


def an_approved_holder_is_so_by_its_award(world: World) -> None:
    award = world.award
    if award and status_on(award.status, award.expires_on, world.today) in CURRENT:
        assert world.application.status is not ApplicationStatus.REFUSED


RULES = (
    nothing_is_seen_before_a_declaration_or_after_a_conflict,
    whoever_declared_an_interest_takes_no_part,
    no_evaluator_decides,
    every_decision_had_its_quorum_reasons_and_rationale,
    an_award_is_granted_by_a_decision_and_never_before_it,
    one_award_at_a_time_stands,
    the_register_says_what_is_so,
    a_finding_that_holds_an_award_down_is_closed_before_it,
    appeals_are_decided_by_people_in_neither,
    the_case_and_its_decision_agree,
    every_state_is_one_that_its_table_knows,
    an_approved_holder_is_so_by_its_award,
)


def whole_trail_holds(world: World) -> None:
    """That nobody changed the trail, and that each decision and grant is on it once."""
    db.session.rollback()
    assert verify(db.session()).breaks == ()
    for action, kind in (("decision.recorded", Decision), ("award.granted", Award)):
        on_trail = db.session.scalars(
            select(AuditRow.id).where(AuditRow.action == action, AuditRow.application_id == world.case.application_id)
        ).all()
        assert len(on_trail) == len(world.rows(kind)), f"{action} is not on the trail exactly once each"
    assert Role.MANAGER in world.actors[5].roles
