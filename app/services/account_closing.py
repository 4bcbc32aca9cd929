"""Closing a person's account: nobody can sign in with it any more, and what it kept or asked for ends with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.access import Actor, Role
from app.domain.errors import Conflict, Invalid, NotFound, check_length
from app.domain.needs import NeedMove, NeedStatus
from app.domain.people import email_address
from app.domain.topics import Topic
from app.models import (
    ApiKey,
    Authenticator,
    MailWatch,
    Membership,
    Need,
    NeedChange,
    NeedFacet,
    Organisation,
    Passkey,
    PlanFeed,
    RecoveryCode,
    SavedSearch,
    SchemePost,
    Shortlist,
    ShortlistShare,
    Team,
    TeamInvitation,
    TeamMember,
    User,
    Watch,
    WatchFeed,
)
from app.services.memberships import end_membership
from app.services.sign_in import new_session_key
from app.services.telling import tell
from app.services.transactions import locked, record, transaction

OPERATOR = Actor(name="The operator of this site")
CLOSED = "The account was closed."
LONGEST_HOW = 1_000


def close_account(email: str, how: str, *, needs_to: int | None = None, now: datetime) -> dict[str, int]:
    """Close an account, by whoever runs the installation. `how` says how they made sure of the person.

    Published needs are withdrawn, or passed on to the team `needs_to`, in which the person is with somebody else. Returns
    how many things of each kind ended. Raises Invalid, NotFound, and Conflict while others depend on the person.
    """
    email = email_address(email)
    check_length(how, LONGEST_HOW, "how")
    if not how.strip():
        raise Invalid({"how": "Say how you made sure that it is they who ask."})
    with transaction() as session:
        user = session.scalars(
            select(User).where(User.email == email, User.closed_at.is_(None)).with_for_update()
        ).first()
        if user is None:
            raise NotFound(f"There is no open account with the address {email}.")
        _check_free(session, user)
        tell(session, [user], "account_closed", now, topic=Topic.SECURITY)
        alone = _leave_teams(session, user, needs_to, now)
        counts = _end_things(session, user, alone, now)
        _end_memberships(session, user, now)
        _shut(session, user, now)
        record(session, OPERATOR, "account.closed", user, now, note=how.strip(), **counts)
        return counts


def _check_free(session: Session, user: User) -> None:
    """Raises Conflict for who holds a role in a scheme, or is the only lead of an organisation."""
    if session.scalars(select(SchemePost.id).where(SchemePost.user_id == user.id).limit(1)).first():
        raise Conflict(
            "They hold a role in a scheme. A manager takes it off them first, on the scheme’s page of people, so that "
            "their cases go to somebody."
        )
    led = select(Membership.organisation_id).where(Membership.user_id == user.id, Membership.role == Role.LEAD)
    for organisation_id in session.scalars(led.order_by(Membership.organisation_id)).all():
        organisation = locked(session, Organisation, organisation_id)
        leads = select(func.count(Membership.id)).where(
            Membership.organisation_id == organisation_id, Membership.role == Role.LEAD
        )
        if session.scalar(leads) == 1:
            raise Conflict(f"They are the only lead of {organisation.name}. Somebody else must lead it first.")


def _leave_teams(session: Session, user: User, needs_to: int | None, now: datetime) -> list[int]:
    """Take the person out of every team. Returns those in which nobody is left.

    Their own needs go to the team `needs_to` where one is named. Raises Invalid on it.
    """
    mine = session.scalars(select(TeamMember).where(TeamMember.user_id == user.id).order_by(TeamMember.team_id)).all()
    alone = []
    for member in mine:
        team = locked(session, Team, member.team_id)
        others = (
            select(func.count(TeamMember.id))
            .join(User)
            .where(TeamMember.team_id == team.id, TeamMember.user_id != user.id, User.closed_at.is_(None))
        )
        if not session.scalar(others):
            alone.append(team.id)
        session.delete(member)
        record(session, OPERATOR, "team.left", team, now, person=user.name)
    if needs_to is not None:
        if needs_to in alone or needs_to not in {member.team_id for member in mine}:
            raise Invalid({"needs_to": "Name a team in which they are with somebody else."})
        _pass_needs_on(session, user, needs_to, now)
    open_ones = (TeamInvitation.email == user.email, TeamInvitation.accepted_at.is_(None))
    session.execute(
        update(TeamInvitation).where(*open_ones).values(cancelled_at=func.coalesce(TeamInvitation.cancelled_at, now))
    )
    return alone


def _pass_needs_on(session: Session, user: User, team_id: int, now: datetime) -> None:
    for need in session.scalars(select(Need).where(Need.owner_id == user.id).order_by(Need.id).with_for_update()):
        need.owner_id, need.team_id, need.version = None, team_id, need.version + 1
        record(session, OPERATOR, "need.passed-on", need, now, team=team_id, reason=CLOSED)
    session.flush()


def _end_things(session: Session, user: User, alone: list[int], now: datetime) -> dict[str, int]:
    """End what was the person's own, and what belongs to teams in which nobody is left. Returns how many of each kind."""

    def own(kind: Any) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = (kind.owner_id == user.id) | kind.team_id.in_(alone)
        return mine

    lists = select(Shortlist.id).where(own(Shortlist))
    ended = {
        "watches": (Watch, "removed_at", own(Watch)),
        "feeds": (WatchFeed, "ended_at", own(WatchFeed)),
        "searches": (SavedSearch, "removed_at", own(SavedSearch)),
        "links": (ShortlistShare, "ended_at", ShortlistShare.shortlist_id.in_(lists)),
        "lists": (Shortlist, "deleted_at", own(Shortlist)),
        "plan_feeds": (PlanFeed, "ended_at", PlanFeed.user_id == user.id),
        "keys": (ApiKey, "revoked_at", ApiKey.user_id == user.id),
    }
    counts = {name: _stamp(session, kind, column, whose, now) for name, (kind, column, whose) in ended.items()}
    counts["mail_watches"] = _end_mail_watches(session, user, now)
    counts["needs"] = _withdraw_needs(session, own(Need), now)
    return counts


def _stamp(session: Session, kind: Any, column: str, whose: ColumnElement[bool], now: datetime) -> int:
    """Write `now` into the column that ends a row, where it has not ended."""
    ends = getattr(kind, column)
    result: Any = session.execute(
        update(kind).where(whose, ends.is_(None)).values({column: now}),
        execution_options={"synchronize_session": False},
    )
    return int(result.rowcount)


def _end_mail_watches(session: Session, user: User, now: datetime) -> int:
    """End what goes to the account's address without the account, and forget the address there."""
    watches = session.scalars(select(MailWatch).where(MailWatch.email == user.email).order_by(MailWatch.id)).all()
    for each in watches:
        record(session, OPERATOR, "watch.mail-ended", each, now)
        session.delete(each)
    return len(watches)


def _withdraw_needs(session: Session, whose: ColumnElement[bool], now: datetime) -> int:
    """Withdraw what is open for answers, with the reason for all to read. Drafts, which nobody else saw, are deleted."""
    drafts = select(Need.id).where(whose, Need.status == NeedStatus.DRAFT)
    session.execute(delete(NeedFacet).where(NeedFacet.need_id.in_(drafts)))
    session.execute(delete(Need).where(whose, Need.status == NeedStatus.DRAFT))
    live = select(Need).where(whose, Need.status == NeedStatus.PUBLISHED).order_by(Need.id).with_for_update()
    needs = session.scalars(live).all()
    for need in needs:
        need.make(NeedMove.WITHDRAW, now, CLOSED)
        session.add(NeedChange(need_id=need.id, at=now, words=f"Withdrawn. {CLOSED}"))
        record(session, OPERATOR, "need.withdrawn", need, now, reason=CLOSED)
    return len(needs)


def _end_memberships(session: Session, user: User, now: datetime) -> None:
    for membership in session.scalars(
        select(Membership).where(Membership.user_id == user.id).order_by(Membership.id)
    ).all():
        role, organisation_id = membership.role.value, membership.organisation_id
        record(session, OPERATOR, "membership.left", membership, now, organisation_id=organisation_id, role=role)
        end_membership(session, membership, now)


def _shut(session: Session, user: User, now: datetime) -> None:
    """Nobody signs in with it again, and whoever is signed in is out."""
    for table in (Authenticator, Passkey, RecoveryCode):
        session.execute(delete(table).where(table.user_id == user.id))
    user.closed_at, user.session_key, user.two_step_at = now, new_session_key(), None
