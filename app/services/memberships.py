"""What the use-cases about an organisation's people share: who leads, ending somebody's work, and what an objection holds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.errors import Conflict, NotFound
from app.domain.lead_request import OBJECTION, RequestStatus
from app.domain.plan import ActionState
from app.domain.uk_time import spoken, uk_day
from app.models import Application, HandedOver, LeadRequest, Membership, Organisation, PlanAction, User
from app.services.helping import standing_grants, untie
from app.services.tie_keeping import keep_past_work
from app.services.transactions import locked

LAST_LEAD = (
    "Somebody must lead the organisation here. Make another person a lead first, or hand the lead over to a colleague."
)
NOT_THERE = "There is no such page, or it is not open to you."


def membership_of(session: Session, organisation_id: int, user_id: int) -> Membership | None:
    """That this person works for the organisation, with the organisation held, so that two who change roles take turns."""
    locked(session, Organisation, organisation_id)
    return session.scalars(
        select(Membership).where(Membership.organisation_id == organisation_id, Membership.user_id == user_id)
    ).first()


def own_membership(session: Session, organisation_id: int, user_id: int) -> Membership:
    """The same. Raises NotFound."""
    membership = membership_of(session, organisation_id, user_id)
    if membership is None:
        raise NotFound(NOT_THERE)
    return membership


def keep_a_lead(session: Session, membership: Membership) -> None:
    """Raises Conflict for the last lead."""
    if membership.role is not Role.LEAD:
        return
    leads = select(func.count()).where(
        Membership.organisation_id == membership.organisation_id, Membership.role == Role.LEAD
    )
    if session.scalar(leads) == 1:
        raise Conflict(LAST_LEAD)


def keep_as_it_is(session: Session, organisation_id: int, now: datetime) -> None:
    """Raises Conflict while an earlier lead may object to a new one: until then neither may put the other out."""
    until = contested_until(session, organisation_id, now)
    if until is not None:
        raise Conflict(
            f"The lead was granted to somebody a few days ago, and an earlier lead may object until "
            f"{spoken(uk_day(until))}. Until then no lead is changed or removed here."
        )


def contested_until(session: Session, organisation_id: int, now: datetime) -> datetime | None:
    """Until when an earlier lead may object to a new one; None where nobody was granted the lead lately."""
    since = session.scalar(
        select(func.max(LeadRequest.status_at)).where(
            LeadRequest.organisation_id == organisation_id, LeadRequest.status == RequestStatus.GRANTED
        )
    )
    return since + OBJECTION if since is not None and now < since + OBJECTION else None


def give_lead(session: Session, organisation_id: int, user_id: int, now: datetime) -> str:
    """Make the person a lead. Returns the role that they had, or an empty text."""
    membership = membership_of(session, organisation_id, user_id)
    if membership is None:
        session.add(Membership(user_id=user_id, organisation_id=organisation_id, role=Role.LEAD, created_at=now))
        return ""
    before, membership.role = membership.role, Role.LEAD
    return before.value


def end_membership(session: Session, membership: Membership, now: datetime) -> None:
    """End somebody's work for an organisation: what they were to do falls to nobody, and that they worked there is kept."""
    _let_go_of_actions(session, membership, now)
    applications = select(Application.id).where(Application.organisation_id == membership.organisation_id)
    session.execute(
        update(HandedOver)
        .where(
            HandedOver.to_id == membership.user_id,
            HandedOver.application_id.in_(applications),
            HandedOver.done_at.is_(None),
            HandedOver.taken_back_at.is_(None),
        )
        .values(taken_back_at=now)
    )
    _end_advice(session, membership, now)
    _remember_tie(session, membership, now)
    session.delete(membership)


def _end_advice(session: Session, membership: Membership, now: datetime) -> None:
    """Who advised from outside before they came in keeps none of those rights: they would else still be in."""
    for grant in standing_grants(session, membership.organisation_id, membership.user_id):
        grant.ended_at, grant.version = now, grant.version + 1
        untie(session, grant, now)


def _let_go_of_actions(session: Session, membership: Membership, now: datetime) -> None:
    """What is not done yet of the person's actions is nobody's, so that somebody else takes it."""
    session.execute(
        update(PlanAction)
        .where(
            PlanAction.organisation_id == membership.organisation_id,
            PlanAction.owner_id == membership.user_id,
            PlanAction.state.in_((ActionState.OPEN, ActionState.IN_PROGRESS)),
        )
        .values(owner_id=None, version=PlanAction.version + 1, updated_at=now)
    )


def name_of(session: Session, user_id: int) -> str:
    """The person's name."""
    return session.get_one(User, user_id).name


def _remember_tie(session: Session, membership: Membership, now: datetime) -> None:
    """Keep that somebody worked there until now: it bars them from judging the organisation for as long as a scheme says."""
    words = f"Worked for the organisation here as {membership.role.value}."
    keep_past_work(session, membership.user_id, membership.organisation_id, words, membership.created_at, now)
