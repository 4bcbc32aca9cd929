"""Teams of commissioners: making one, inviting people, joining and leaving. All members may do the same."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.backends.passwords import Passwords
from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Throttled, check_length
from app.domain.needs import NeedStatus
from app.domain.people import check_password, email_address, person_name
from app.models import MailMessage, Need, Shortlist, Team, TeamInvitation, TeamMember, User, WatchFeed
from app.queries.invitations import GONE, token_hash
from app.services.invitations import newcomer
from app.services.sign_in import Entered, entered, self_of
from app.services.transactions import locked, queue_mail, record, transaction

LASTS = timedelta(days=14)
MOST_TEAMS = 20
MOST_MEMBERS = 100
MOST_A_DAY = 20  # messages to one address, of any kind, beyond which it is not invited again


def checked_team(name: str, organisation: str) -> tuple[str, str]:
    """Both on one line. Raises Invalid on `name` or `organisation`."""
    name, organisation = " ".join(name.split()), " ".join(organisation.split())
    if not name:
        raise Invalid({"name": "Give the team a name, such as: Morecambe Bay care community."})
    check_length(name, 120, "name")
    check_length(organisation, 200, "organisation")
    return name, organisation


def own_team(session: Session, team_id: int, actor: Actor) -> Team:
    """The team, held, for a change by one of its members. Raises NotFound."""
    require(actor, Action.KEEP_LIST, Subject(team_id=team_id))
    return locked(session, Team, team_id)


def make_team(name: str, organisation: str, *, actor: Actor, now: datetime) -> int:
    """Begin a team with oneself in it. Returns its id. Raises Invalid."""
    require(actor, Action.USE_LISTS)
    name, organisation = checked_team(name, organisation)
    if len(actor.teams) >= MOST_TEAMS:
        raise Invalid({"name": f"You are in {MOST_TEAMS} teams already. Leave one first."})
    with transaction() as session:
        team = Team(name=name, organisation=organisation, created_at=now, created_by_id=actor.user_id or 0)
        team.members.append(TeamMember(user_id=actor.user_id or 0, joined_at=now))
        session.add(team)
        record(session, actor, "team.made", team, now, name=name)
        return team.id


def describe_team(team_id: int, name: str, organisation: str, version: int, *, actor: Actor, now: datetime) -> None:
    """Change what a team is called. Raises NotFound, Invalid, and Conflict where somebody was faster."""
    name, organisation = checked_team(name, organisation)
    with transaction() as session:
        team = own_team(session, team_id, actor)
        if (team.name, team.organisation) == (name, organisation):
            return
        if team.version != version:
            raise Conflict(f"Somebody else renamed the team meanwhile. It is now called {team.name}.")
        before, team.name, team.organisation = team.name, name, organisation
        team.version += 1
        record(session, actor, "team.renamed", team, now, before=before, after=name)


def invite_to_team(team_id: int, email: str, *, actor: Actor, now: datetime) -> None:
    """Send somebody a link by which they join. An open one to the same address is replaced.

    Raises NotFound, Invalid on `email`, and Throttled where too much was sent to that address.
    """
    email = email_address(email)
    with transaction() as session:
        team = own_team(session, team_id, actor)
        _check_invited(session, team, email, now)
        open_ones = select(TeamInvitation).where(
            TeamInvitation.team_id == team.id,
            TeamInvitation.email == email,
            TeamInvitation.accepted_at.is_(None),
            TeamInvitation.cancelled_at.is_(None),
        )
        for earlier in session.scalars(open_ones):
            earlier.cancelled_at = now
        token = secrets.token_urlsafe(24)
        offer = TeamInvitation(
            team_id=team.id,
            email=email,
            token_hash=token_hash(token),
            invited_at=now,
            invited_by_id=actor.user_id or 0,
            expires_at=now + LASTS,
        )
        session.add(offer)
        queue_mail(session, email, "team_invitation", now, inviter=actor.name, team=team.name, token=token)
        record(session, actor, "team.invited", team, now, email=email)


def _check_invited(session: Session, team: Team, email: str, now: datetime) -> None:
    members = select(func.count()).where(TeamMember.team_id == team.id)
    if (session.scalar(members) or 0) >= MOST_MEMBERS:
        raise Invalid({"email": f"A team has {MOST_MEMBERS} members at most."})
    there = select(TeamMember.id).join(User).where(TeamMember.team_id == team.id, User.email == email)
    if session.scalars(there).first() is not None:
        raise Invalid({"email": f"{email} is in this team already."})
    sent = select(func.count()).where(MailMessage.recipient == email, MailMessage.queued_at > now - timedelta(days=1))
    if (session.scalar(sent) or 0) >= MOST_A_DAY:
        raise Throttled("Many messages went to this address today. Invite it again tomorrow.")


def cancel_team_invitation(team_id: int, invitation_id: int, *, actor: Actor, now: datetime) -> None:
    """Take an invitation back: its link works no more. Raises NotFound."""
    with transaction() as session:
        team = own_team(session, team_id, actor)
        offer = locked(session, TeamInvitation, invitation_id)
        if offer.team_id != team.id:
            raise NotFound(GONE)
        if offer.accepted_at is None and offer.cancelled_at is None:
            offer.cancelled_at = now
            record(session, actor, "team.invitation-cancelled", team, now, email=offer.email)


def join_team(token: str, *, actor: Actor, now: datetime) -> int:
    """Take up an invitation as who one is signed in as. Returns the team's id.

    Raises NotFound where the link is no good, and NotAllowed where it was sent to another address.
    """
    require(actor, Action.USE_LISTS)
    with transaction() as session:
        offer = _open_offer(session, token, now)
        if offer.email != actor.email:
            raise NotAllowed(f"This invitation was sent to {offer.email}. Sign in with that address to accept it.")
        _join(session, offer, actor, now)
        return offer.team_id


def join_team_as_newcomer(token: str, name: str, password: str, *, passwords: Passwords, now: datetime) -> Entered:
    """Take up an invitation and make the account for it: the link came by mail, so its address is confirmed with it.

    Raises NotFound, Invalid, and Conflict where the address has an account: its owner signs in instead.
    """
    name = person_name(name)
    password_hash = passwords.hash(password)
    with transaction() as session:
        offer = _open_offer(session, token, now)
        check_password(password, name, offer.email)
        user = newcomer(session, offer.email, name, password_hash, now)
        _join(session, offer, self_of(user), now)
        return entered(user)


def _open_offer(session: Session, token: str, now: datetime) -> TeamInvitation:
    offer = session.scalars(select(TeamInvitation).where(TeamInvitation.token_hash == token_hash(token))).first()
    if offer is None or offer.accepted_at or offer.cancelled_at or offer.expires_at < now:
        raise NotFound(GONE)
    return offer


def _join(session: Session, offer: TeamInvitation, actor: Actor, now: datetime) -> None:
    team = locked(session, Team, offer.team_id)
    there = select(TeamMember.id).where(TeamMember.team_id == team.id, TeamMember.user_id == actor.user_id)
    if session.scalars(there).first() is None:
        session.add(TeamMember(team_id=team.id, user_id=actor.user_id or 0, joined_at=now))
    offer.accepted_at = now
    record(session, actor, "team.joined", team, now)


def leave_team(team_id: int, *, actor: Actor, now: datetime) -> None:
    """Leave a team; its lists stay with it, the private feeds that one made of its watches end.

    Raises NotFound, and Conflict for the last member while there are lists, or a need that takes answers.
    """
    with transaction() as session:
        team = own_team(session, team_id, actor)
        members = session.scalars(select(TeamMember).where(TeamMember.team_id == team.id)).all()
        mine = next((each for each in members if each.user_id == actor.user_id), None)
        if mine is None:
            raise NotFound("You are not in this team.")
        lists = select(Shortlist.id).where(Shortlist.team_id == team.id, Shortlist.deleted_at.is_(None))
        if len(members) == 1 and session.scalars(lists.limit(1)).first() is not None:
            raise Conflict(
                "You are the last in this team, and it has lists. Invite somebody else, or delete them first."
            )
        if len(members) == 1:
            _check_no_need(session, team)
        _end_feeds_of(session, team, actor, now)
        session.delete(mine)
        record(session, actor, "team.left", team, now)


def _check_no_need(session: Session, team: Team) -> None:
    """Raises Conflict: of a need that nobody keeps, nobody could read the answers or take it down."""
    kept = select(Need.id).where(Need.team_id == team.id, Need.status == NeedStatus.PUBLISHED)
    if session.scalars(kept.limit(1)).first() is not None:
        raise Conflict(
            "You are the last in this team, and its need takes answers still. Invite somebody else, or close it first."
        )


def _end_feeds_of(session: Session, team: Team, actor: Actor, now: datetime) -> None:
    """End the private addresses of the team's watches that who leaves has made, and so knows."""
    feeds = select(WatchFeed).where(WatchFeed.team_id == team.id, WatchFeed.made_by_id == actor.user_id)
    for feed in session.scalars(feeds.where(WatchFeed.ended_at.is_(None))):
        feed.ended_at = now
