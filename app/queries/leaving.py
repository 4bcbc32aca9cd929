"""What somebody holds in an organisation, before they leave it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import NotFound
from app.domain.plan import ActionState
from app.extensions import db
from app.models import Application, HandedOver, Membership, Organisation, PlanAction


@dataclass(frozen=True)
class LeavingPage:
    """What leaving means for one person. `criteria` were handed to them, `actions` of the plan are theirs, and neither are done. `only_lead`: they cannot yet."""

    organisation_id: int
    name: str
    only_lead: bool
    alone: bool
    criteria: int
    actions: int


def leaving_page(organisation_id: int, *, actor: Actor) -> LeavingPage:
    """The page on which one leaves: four statements. Raises NotFound."""
    require(actor, Action.LEAVE_ORGANISATION, Subject(organisation_id=organisation_id))
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound("There is no such page, or it is not open to you.")
    roles = db.session.scalars(select(Membership.role).where(Membership.organisation_id == organisation_id)).all()
    handed = (
        select(func.count(HandedOver.id))
        .join(Application, Application.id == HandedOver.application_id)
        .where(
            Application.organisation_id == organisation_id,
            HandedOver.to_id == actor.user_id,
            HandedOver.done_at.is_(None),
            HandedOver.taken_back_at.is_(None),
        )
    )
    actions = select(func.count(PlanAction.id)).where(
        PlanAction.organisation_id == organisation_id,
        PlanAction.owner_id == actor.user_id,
        PlanAction.state.in_((ActionState.OPEN, ActionState.IN_PROGRESS)),
    )
    leads = sum(role is Role.LEAD for role in roles)
    return LeavingPage(
        organisation_id=organisation.id,
        name=organisation.name,
        only_lead=leads == 1 and actor.organisations[organisation_id] is Role.LEAD,
        alone=len(roles) == 1,
        criteria=db.session.scalar(handed) or 0,
        actions=db.session.scalar(actions) or 0,
    )
