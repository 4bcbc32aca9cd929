"""Putting on record that somebody took a whole case out."""

from __future__ import annotations

from datetime import date, datetime

from app.domain.access import Action, Actor, require
from app.models import Application
from app.queries.subjects import subject_of
from app.services.casework import record_on
from app.services.transactions import locked, transaction


def note_export(application_id: int, *, actor: Actor, now: datetime, today: date) -> None:
    """Record that the actor exports the case, before it is. Raises NotFound, NotAllowed."""
    with transaction() as session:
        application = locked(session, Application, application_id)
        require(actor, Action.EXPORT_CASE, subject_of(session, application, today))
        record_on(session, actor, "case.exported", application, application, now)
