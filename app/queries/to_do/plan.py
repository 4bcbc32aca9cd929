"""Actions of the improvement plan that a person has to do, or that nobody has taken on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import and_, or_, select

from app.domain.access import Action, Actor, Subject, may
from app.domain.plan import STILL_TO_DO
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import PlanAction

MOST = 100
SOON = timedelta(days=30)


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """What is the actor's own and due within a month or without a date, and what is nobody's and due so. One statement.

    Only where the actor may work on the plan: who may read it alone has nothing to do in it.
    """
    open_to = [each for each in organisation_ids if may(actor, Action.EDIT_PLAN, Subject(organisation_id=each))]
    if not open_to:
        return []
    nobody = and_(PlanAction.owner_id.is_(None), PlanAction.owner_name == "", PlanAction.due_on <= today + SOON)
    mine = and_(
        PlanAction.owner_id == actor.user_id, or_(PlanAction.due_on.is_(None), PlanAction.due_on <= today + SOON)
    )
    rows = db.session.execute(
        select(PlanAction.id, PlanAction.organisation_id, PlanAction.title, PlanAction.due_on, PlanAction.owner_id)
        .where(PlanAction.organisation_id.in_(open_to), PlanAction.state.in_(STILL_TO_DO), or_(mine, nobody))
        .order_by(PlanAction.due_on.is_(None), PlanAction.due_on, PlanAction.id)
        .limit(MOST)
    )
    return [
        ToDo(
            kind=Kind.ACTION,
            what=title.rstrip("."),
            path=f"/plan/actions/{action_id}",
            due_on=due_on,
            when="" if owner_id else "nobody has taken it on yet",
            organisation_id=organisation_id,
        )
        for action_id, organisation_id, title, due_on, owner_id in rows
    ]
