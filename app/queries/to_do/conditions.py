"""What waits for a scheme's manager of the conditions of awards: what providers sent, what is overdue, what is all met."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Role, may_somewhere
from app.domain.lifecycle import STANDING, ConditionStatus
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Award, AwardCondition

MOST = 50


def things(actor: Actor, today: date) -> list[ToDo]:
    """One thing for each condition that was sent or is overdue. One statement; none for who manages no scheme."""
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.MANAGER in roles]
    if not schemes or not may_somewhere(actor, Action.CHANGE_AWARD):
        return []
    overdue = (AwardCondition.status == ConditionStatus.OPEN) & (AwardCondition.due_on < today)
    found = db.session.scalars(
        select(AwardCondition)
        .join(Award, Award.id == AwardCondition.award_id)
        .where(
            Award.scheme_id.in_(schemes),
            Award.status.in_(STANDING),
            Award.expires_on >= today,
            Award.organisation_id.not_in(sorted(actor.judges_none_of)),
            (AwardCondition.status == ConditionStatus.OFFERED) | overdue,
        )
        .options(joinedload(AwardCondition.award).joinedload(Award.scheme))
        .order_by(AwardCondition.due_on, AwardCondition.id)
        .limit(MOST)
    )
    return [_thing(each) for each in found]


def _thing(condition: AwardCondition) -> ToDo:
    award = condition.award
    offered = condition.status is ConditionStatus.OFFERED
    path = f"/schemes/{award.scheme.code}/cases/{award.application_id}/conditions"
    if offered:
        path += f"/{condition.number}"
        return ToDo(Kind.CONDITION, f"Look at what {award.holder_name} sent for condition {condition.number}", path)
    what = f"Decide what follows: {award.holder_name} has not met condition {condition.number}"
    return ToDo(Kind.CONDITION, what, path, due_on=condition.due_on)
