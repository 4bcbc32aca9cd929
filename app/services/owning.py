"""Whose a list, a watch, a search or a need is: one person's or one team's. What use-cases on such things share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.models import TeamMember, User
from app.services.transactions import locked

MOST_MEMBERS = 50


def owner_of(actor: Actor, team_id: int | None) -> dict[str, int | None]:
    """The columns that make a new thing the actor's own, or their team's. Raises NotFound where they are not in it."""
    own = {"owner_id": None if team_id else actor.user_id, "team_id": team_id}
    require(actor, Action.KEEP_LIST, Subject(**own))  # type: ignore[arg-type]
    return own


def held_own(session: Session, kind: Any, row_id: int, actor: Actor) -> Any:
    """The row of a table with an owner, held, if it is the actor's or their team's. Raises NotFound."""
    row = locked(session, kind, row_id)
    require(actor, Action.KEEP_LIST, Subject(owner_id=row.owner_id, team_id=row.team_id))
    return row


def belongs(kind: Any, owner_id: int | None, team_id: int | None) -> ColumnElement[bool]:
    """The condition that a row is this person's, or this team's."""
    own: ColumnElement[bool] = kind.team_id == team_id if team_id else kind.owner_id == owner_id
    return own


def people_behind(session: Session, row: Any) -> list[User]:
    """Who hears of a thing: its owner, or the members of its team; those whose accounts are open, at most 50."""
    if row.team_id is None:
        chosen = select(User).where(User.id == row.owner_id)
    else:
        chosen = select(User).join(TeamMember, TeamMember.user_id == User.id).where(TeamMember.team_id == row.team_id)
    return list(session.scalars(chosen.where(User.closed_at.is_(None)).order_by(User.id).limit(MOST_MEMBERS)))
