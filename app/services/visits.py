"""An assessor plans a visit, changes it, notes that it was held, or cancels it. The provider's part is in visit_replies.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import Conflict, Invalid, check_length
from app.domain.lifecycle import AssessmentStatus
from app.domain.topics import Topic
from app.domain.visits import ProposalState, VisitMove, VisitStatus, VisitWay
from app.models import Application, Assessment, Site, User, Visit, VisitProposal
from app.services.assessing import open_for_scoring, record_on_assessment
from app.services.telling import people_of, tell
from app.services.transactions import locked, transaction

LONGEST = 5_000


@dataclass(frozen=True)
class VisitPlan:
    """When, how, where, who goes and who is met. `sites` are ids of the organisation's sites, `goers` of assessors.

    `meets` names roles, one on each line: who they are is nobody's business here.
    """

    way: VisitWay
    starts_at: datetime
    ends_at: datetime
    place: str
    sites: tuple[int, ...]
    goers: tuple[int, ...]
    meets: str
    about: str


def plan_visit(assessment_id: int, plan: VisitPlan, *, actor: Actor, now: datetime) -> int:
    """Plan a visit and tell the provider. Returns its id. Raises NotFound, NotAllowed, Conflict, Invalid."""
    _check(plan, now)
    with transaction() as session:
        assessment = open_for_scoring(session, assessment_id, actor)
        visit = Visit(
            application_id=assessment.application_id,
            assessment_id=assessment.id,
            status=VisitStatus.PLANNED,
            created_at=now,
            version=0,
        )
        _write(session, assessment, visit, plan, now)
        session.add(visit)
        session.flush()
        record_on_assessment(session, actor, "visit.planned", assessment, now, visit=visit.id, after=_told(visit))
        _tell(session, visit, assessment, actor, "visit_planned", now)
        return visit.id


def change_visit(visit_id: int, plan: VisitPlan, version: int, *, actor: Actor, now: datetime) -> None:
    """Change the plan, which the provider then has to confirm anew. Raises NotFound, NotAllowed, Conflict, Invalid."""
    _check(plan, now)
    with transaction() as session:
        visit, assessment = own_visit(session, visit_id, actor)
        if visit.version != version:
            raise Conflict("This plan was changed since you opened it. Load it again.")
        before = _told(visit)
        visit.make(VisitMove.CHANGE)
        _write(session, assessment, visit, plan, now)
        for proposal in _open_proposals(session, visit.id):
            settled = (proposal.starts_at, proposal.ends_at) == (visit.starts_at, visit.ends_at)
            proposal.state = ProposalState.TAKEN if settled else ProposalState.DECLINED
        detail = {"visit": visit.id, "before": before, "after": _told(visit)}
        record_on_assessment(session, actor, "visit.changed", assessment, now, **detail)
        _tell(session, visit, assessment, actor, "visit_changed", now)


def hold_visit(visit_id: int, *, actor: Actor, now: datetime) -> None:
    """Note that a visit was held. Raises NotFound, NotAllowed, Conflict, IllegalMove."""
    with transaction() as session:
        visit, assessment = own_visit(session, visit_id, actor)
        if visit.starts_at > now:
            raise Conflict("This visit has not begun yet. Cancel it, or change its time.")
        visit.make(VisitMove.HOLD)
        visit.updated_at = now
        visit.version += 1
        record_on_assessment(session, actor, "visit.held", assessment, now, visit=visit.id)


def cancel_visit(visit_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """Cancel a visit and tell the provider why. Raises NotFound, NotAllowed, Conflict, Invalid, IllegalMove."""
    if not reason.strip():
        raise Invalid({"reason": "Say why. The provider reads it."})
    check_length(reason, LONGEST, "reason")
    with transaction() as session:
        visit, assessment = own_visit(session, visit_id, actor)
        visit.make(VisitMove.CANCEL)
        visit.reason, visit.updated_at = reason.strip(), now
        visit.version += 1
        record_on_assessment(session, actor, "visit.cancelled", assessment, now, visit=visit.id, reason=visit.reason)
        _tell(session, visit, assessment, actor, "visit_cancelled", now)


def decline_time(proposal_id: int, answer: str, *, actor: Actor, now: datetime) -> int:
    """Keep to the planned time although the provider proposed another, and say why. Returns the visit's id.

    Raises NotFound, NotAllowed, Conflict, Invalid.
    """
    if not answer.strip():
        raise Invalid({"answer": "Say why the time stays as it is. The provider reads it."})
    check_length(answer, LONGEST, "answer")
    with transaction() as session:
        found = session.get(VisitProposal, proposal_id)
        visit, assessment = own_visit(session, found.visit_id if found else 0, actor)
        proposal = locked(session, VisitProposal, proposal_id)
        if proposal.state is not ProposalState.OPEN:
            raise Conflict("This proposal is settled already.")
        proposal.state, proposal.answer = ProposalState.DECLINED, answer.strip()
        detail = {"visit": visit.id, "reason": proposal.answer}
        record_on_assessment(session, actor, "visit.time-declined", assessment, now, **detail)
        _tell(session, visit, assessment, actor, "visit_time_declined", now, answer=proposal.answer)
        return visit.id


def own_visit(session: Session, visit_id: int, actor: Actor) -> tuple[Visit, Assessment]:
    """A visit that the actor planned, held, with their open assessment. Raises NotFound, NotAllowed, Conflict."""
    found = session.get(Visit, visit_id)
    assessment = open_for_scoring(session, found.assessment_id if found else 0, actor)
    return locked(session, Visit, visit_id), assessment


def _check(plan: VisitPlan, now: datetime) -> None:
    missing = {
        "goers": "" if plan.goers else "Say who goes.",
        "place": ""
        if plan.place.strip() or plan.sites
        else "Say where, such as an address, a link or a telephone number.",
        "meets": "" if plan.meets.strip() else "Say whom you want to meet, by role, such as “two volunteers”.",
        "on": "" if plan.starts_at > now else "Choose a time to come.",
        "until": "" if plan.ends_at > plan.starts_at else "It must end after it begins.",
    }
    errors = {name: sentence for name, sentence in missing.items() if sentence}
    if errors:
        raise Invalid(errors)
    check_length(plan.meets, LONGEST, "meets")
    check_length(plan.about, LONGEST, "about")


def _write(session: Session, assessment: Assessment, visit: Visit, plan: VisitPlan, now: datetime) -> None:
    visit.way, visit.starts_at, visit.ends_at = plan.way, plan.starts_at, plan.ends_at
    visit.place, visit.meets, visit.about = plan.place.strip()[:500], plan.meets.strip(), plan.about.strip()
    visit.sites = _sites(session, assessment.application, plan.sites)
    visit.goers = _goers(session, assessment, plan.goers)
    visit.updated_at = now
    visit.version += 1


def _sites(session: Session, application: Application, ids: tuple[int, ...]) -> list[Site]:
    own = Site.organisation_id == application.organisation_id
    found = session.scalars(select(Site).where(own, Site.id.in_(ids)).order_by(Site.id)).all()
    if len(found) < len(set(ids)):
        raise Invalid({"sites": "Choose sites of this organisation."})
    return list(found)


def _goers(session: Session, assessment: Assessment, ids: tuple[int, ...]) -> list[User]:
    found = session.scalars(
        select(User)
        .join(Assessment, Assessment.assessor_id == User.id)
        .where(
            Assessment.application_id == assessment.application_id,
            Assessment.status.in_((AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN)),
            User.id.in_(ids),
        )
        .order_by(User.id)
    ).all()
    if len(found) < len(set(ids)):
        raise Invalid({"goers": "Choose assessors of this case."})
    return list(found)


def _open_proposals(session: Session, visit_id: int) -> list[VisitProposal]:
    found = session.scalars(
        select(VisitProposal).where(VisitProposal.visit_id == visit_id, VisitProposal.state == ProposalState.OPEN)
    )
    return list(found)


def _told(visit: Visit) -> dict[str, object]:
    """The plan as the audit trail keeps it."""
    return {
        "starts_at": visit.starts_at.isoformat(),
        "ends_at": visit.ends_at.isoformat(),
        "way": visit.way.value,
        "place": visit.place,
        "sites": [site.id for site in visit.sites],
        "goers": [user.id for user in visit.goers],
        "meets": visit.meets,
    }


def _tell(
    session: Session, visit: Visit, assessment: Assessment, actor: Actor, template: str, now: datetime, **values: object
) -> None:
    """Tell the provider's people, and whoever else goes."""
    others = [user for user in visit.goers if user.id != actor.user_id]
    for people, topic, path in (
        (people_of(session, assessment.application.organisation_id), Topic.REQUESTS, f"/visits/{visit.id}"),
        (others, Topic.CASES, f"/assessments/visits/{visit.id}"),
    ):
        tell(
            session,
            people,
            template,
            now,
            topic=topic,
            provider=assessment.application.organisation.name,
            framework=f"{assessment.application.edition.title} {assessment.application.edition.edition}",
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            place=visit.place or ", ".join(site.name for site in visit.sites),
            reason=visit.reason,
            path=path,
            **values,
        )
