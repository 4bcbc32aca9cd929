"""What the use-cases of a panel share: hold the case, then the panel, then a seat. No use-case of its own."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, require
from app.domain.errors import Conflict
from app.domain.lifecycle import ApplicationStatus
from app.models import Application, Decision, Panel, PanelSeat
from app.queries.candidates import scores_in_doubt
from app.queries.reports import report_stands_in_the_way
from app.queries.votes import subject_of_panel
from app.services.transactions import locked


def held_panel(session: Session, panel_id: int, actor: Actor, action: Action) -> tuple[Panel, Application]:
    """The panel and its application, held, the case first as every use-case of it does. Raises NotFound, NotAllowed."""
    found = session.get(Panel, panel_id)
    application = locked(session, Application, found.application_id if found else 0)
    panel = locked(session, Panel, panel_id)
    require(actor, action, subject_of_panel(session, panel))
    return panel, application


def undecided_panel(session: Session, panel_id: int, actor: Actor, action: Action) -> tuple[Panel, Application]:
    """The same, while the case waits for its decision. Raises also Conflict."""
    panel, application = held_panel(session, panel_id, actor, action)
    not_decided(session, panel)
    if application.status is not ApplicationStatus.WITH_PANEL:
        raise Conflict("This case is no longer with the panel.")
    return panel, application


def own_seat(session: Session, panel: Panel, actor: Actor) -> PanelSeat:
    """The actor's seat on a panel that lets them in, held."""
    seat = next(seat for seat in panel.seats if seat.user_id == actor.user_id)
    return locked(session, PanelSeat, seat.id)


def not_decided(session: Session, panel: Panel) -> None:
    if session.scalars(select(Decision.id).where(Decision.panel_id == panel.id)).first():
        raise Conflict("This panel has decided. Load the page again to see its decision.")


def stands_in_the_way(session: Session, application: Application, today: date) -> str | None:
    """Why no panel can be called on an assessed case yet, on its own or in a meeting, as a sentence; None where nothing is."""
    in_doubt = scores_in_doubt(session, application, today)
    if in_doubt:
        return f"{in_doubt} Hand the assessment back and take them off the case, then ask another."
    return report_stands_in_the_way(session, application)
