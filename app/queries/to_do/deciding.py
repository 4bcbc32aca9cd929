"""What waits for a panel member: interests to declare, votes to cast, decisions to record."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Role, may_somewhere
from app.domain.lifecycle import ApplicationStatus
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Application, Panel, PanelSeat

MOST = 50


def things(actor: Actor, today: date) -> list[ToDo]:
    """One thing for each open panel on which something waits for the actor, by the day it meets. One statement."""
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.PANEL_MEMBER in roles]
    if not schemes or not may_somewhere(actor, Action.SEE_PANELS):
        return []
    found = db.session.scalars(
        select(PanelSeat)
        .join(Panel, Panel.id == PanelSeat.panel_id)
        .join(Application, Application.id == Panel.application_id)
        .where(
            PanelSeat.user_id == actor.user_id,
            PanelSeat.conflicted.is_(False),
            Application.scheme_id.in_(schemes),
            Application.status == ApplicationStatus.WITH_PANEL,
            Application.organisation_id.not_in(sorted(actor.judges_none_of)),
        )
        .options(
            joinedload(PanelSeat.panel).joinedload(Panel.application).joinedload(Application.organisation),
            joinedload(PanelSeat.panel).joinedload(Panel.decision),
        )
        .order_by(Panel.id.desc())
        .limit(MOST)
    ).all()
    things = (_thing(seat) for seat in found if seat.panel.decision is None)
    return [thing for thing in things if thing is not None]


def _thing(seat: PanelSeat) -> ToDo | None:
    panel, provider = seat.panel, seat.panel.application.organisation.name
    if seat.declared_at is None:
        what, page = f"Declare your interests in {provider}", "/declare"
    elif not seat.vote:
        what, page = f"Read the case of {provider} and vote", ""
    elif panel.chair_id == seat.user_id:
        what, page = f"Record the panel’s decision on {provider}", "/decision"
    else:
        return None
    meets = "The panel meets" if panel.meets_on else ""
    return ToDo(Kind.PANEL, what, f"/panels/{panel.id}{page}", due_on=panel.meets_on, when=meets)
