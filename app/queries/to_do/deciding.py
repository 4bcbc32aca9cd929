"""What waits for a panel member: interests to declare, votes to cast, decisions to record."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Role, may_somewhere
from app.domain.lifecycle import ApplicationStatus, PanelStatus
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Application, Decision, Panel, PanelSeat

MOST = 50
WITHIN = timedelta(days=366)


def things(actor: Actor, today: date) -> list[ToDo]:
    """One thing for each panel on which something waits for the actor, by the day it meets. Two statements."""
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
    return [*(thing for thing in things if thing is not None), *_to_sign(actor, schemes, today)]


def _to_sign(actor: Actor, schemes: list[int], today: date) -> list[ToDo]:
    """The minutes of the last year that wait for the chair's signature."""
    found = db.session.scalars(
        select(Panel)
        .join(Decision, Decision.panel_id == Panel.id)
        .join(Application, Application.id == Panel.application_id)
        .where(
            Panel.chair_id == actor.user_id,
            Decision.signed_at.is_(None),
            Decision.letter_key != "",
            Decision.decided_at >= datetime.combine(today - WITHIN, time(), UTC),
            Application.scheme_id.in_(schemes),
            Application.organisation_id.not_in(sorted(actor.judges_none_of)),
        )
        .options(joinedload(Panel.application).joinedload(Application.organisation))
        .order_by(Panel.id.desc())
        .limit(MOST)
    )
    return [
        ToDo(
            Kind.PANEL,
            f"Sign the minutes on {each.application.organisation.name}",
            f"/panels/{each.id}/minutes",
        )
        for each in found
    ]


def _thing(seat: PanelSeat) -> ToDo | None:
    panel, provider = seat.panel, seat.panel.application.organisation.name
    if seat.declared_at is None:
        what, page = f"Declare your interests in {provider}", "/declare"
    elif not seat.vote and panel.status is PanelStatus.CALLED:
        what, page = f"Read the case of {provider} and vote", ""
    elif panel.chair_id == seat.user_id:
        what, page = f"Record the panel’s decision on {provider}", "/decision"
    else:
        return None
    meets = "The panel meets" if panel.meets_on else ""
    return ToDo(Kind.PANEL, what, f"/panels/{panel.id}{page}", due_on=panel.meets_on, when=meets)
