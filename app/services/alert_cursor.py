"""How far telling has come in the register's events. It begins when somebody first watches: what was before is no news."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import AlertCursor, RegisterEvent

EVENTS = "register-events"


def begin_cursor(session: Session, now: datetime) -> None:
    """Begin at the newest event, if nobody began before."""
    if session.get(AlertCursor, EVENTS) is None:
        newest = session.scalar(select(func.max(RegisterEvent.id))) or 0
        session.add(AlertCursor(name=EVENTS, position=newest, updated_at=now))


def held_cursor(session: Session) -> AlertCursor | None:
    """The cursor, held so that two workers never tell the same; None where nobody has ever watched."""
    return session.get(AlertCursor, EVENTS, with_for_update=True, populate_existing=True)
