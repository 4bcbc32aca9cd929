"""Teams of commissioners: who is in them, who was invited, and what an invitation offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import NotFound
from app.extensions import db
from app.models import Team, TeamInvitation, TeamMember, User
from app.queries.invitations import GONE, token_hash


@dataclass(frozen=True)
class TeamRow:
    """A team that one is in."""

    team_id: int
    name: str
    organisation: str
    members: int


@dataclass(frozen=True)
class TeamPage:
    """A team. `members` are (name, e-mail, since); `invited` (id of the invitation, address, until, whether it ran out)."""

    team_id: int
    name: str
    organisation: str
    version: int
    members: tuple[tuple[str, str, datetime], ...]
    invited: tuple[tuple[int, str, datetime, bool], ...]


@dataclass(frozen=True)
class TeamOffer:
    """What an invitation offers. `has_account`: its address has one, whose owner signs in to accept."""

    team: str
    organisation: str
    email: str
    inviter: str
    expires_at: datetime
    has_account: bool


def own_teams(actor: Actor) -> tuple[TeamRow, ...]:
    """The teams that one is in, by name. One statement."""
    count = select(func.count(TeamMember.id)).where(TeamMember.team_id == Team.id).correlate(Team).scalar_subquery()
    found = db.session.execute(
        select(Team.id, Team.name, Team.organisation, count)
        .where(Team.id.in_(actor.teams))
        .order_by(func.lower(Team.name), Team.id)
    )
    return tuple(TeamRow(*row) for row in found)


def team_page(team_id: int, actor: Actor, now: datetime) -> TeamPage:
    """A team that one is in. Three statements. Raises NotFound."""
    require(actor, Action.KEEP_LIST, Subject(team_id=team_id))
    team = db.session.get(Team, team_id)
    if team is None:
        raise NotFound("There is no such team.")
    members = db.session.execute(
        select(User.name, User.email, TeamMember.joined_at)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(TeamMember.team_id == team_id)
        .order_by(func.lower(User.name), User.id)
    )
    open_ones = db.session.scalars(
        select(TeamInvitation)
        .where(
            TeamInvitation.team_id == team_id,
            TeamInvitation.accepted_at.is_(None),
            TeamInvitation.cancelled_at.is_(None),
        )
        .order_by(TeamInvitation.id.desc())
        .limit(100)
    )
    return TeamPage(
        team.id,
        team.name,
        team.organisation,
        team.version,
        tuple((name, email, since) for name, email, since in members),
        tuple((each.id, each.email, each.expires_at, each.expires_at < now) for each in open_ones),
    )


def team_offer(token: str, now: datetime) -> TeamOffer:
    """What is behind the link of an invitation. Raises NotFound where it is no good any more."""
    offer = db.session.scalars(
        select(TeamInvitation)
        .where(
            TeamInvitation.token_hash == token_hash(token),
            TeamInvitation.accepted_at.is_(None),
            TeamInvitation.cancelled_at.is_(None),
            TeamInvitation.expires_at >= now,
        )
        .options(joinedload(TeamInvitation.team))
    ).first()
    if offer is None:
        raise NotFound(GONE)
    account = select(User.id).where(User.email == offer.email, User.email_confirmed_at.is_not(None))
    inviter = db.session.get(User, offer.invited_by_id)
    return TeamOffer(
        team=offer.team.name,
        organisation=offer.team.organisation,
        email=offer.email,
        inviter=inviter.name if inviter else "",
        expires_at=offer.expires_at,
        has_account=db.session.scalars(account).first() is not None,
    )
