"""Who is signed in, and what roles they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.access import RIGHTS_OF_MEMBERS, Actor, Right, Role
from app.extensions import db
from app.models import AdviserGrant, ConsortiumMember, Membership, SchemePost, TeamMember, User

MOST_TEAMS = 100
MOST_HELPED = 1000


@dataclass(frozen=True)
class SignedIn:
    """The person behind a session. `confirmed` tells whether the e-mail address was confirmed."""

    user_id: int
    session_key: str
    name: str
    email: str
    confirmed: bool
    actor: Actor
    two_step_at: datetime | None = None  # since when a password alone is not enough
    two_step_asked_at: datetime | None = None  # when they were first told that it is required


def signed_in(user_id: int, session_key: str, on: date | None = None) -> SignedIn | None:
    """The open account with this id, if the session's key is still its key; else None. `on` as in `actor_of`."""
    user = db.session.get(User, user_id)
    if user is None or user.closed_at is not None or user.session_key != session_key:
        return None
    return SignedIn(
        user_id=user.id,
        session_key=user.session_key,
        name=user.name,
        email=user.email,
        confirmed=user.email_confirmed_at is not None,
        actor=actor_of(user, on),
        two_step_at=user.two_step_at,
        two_step_asked_at=user.two_step_asked_at,
    )


def actor_of(user: User, on: date | None = None) -> Actor:
    """The actor that a user is on a day: five statements at most. Without a day, no right has run out by its date."""
    memberships = db.session.execute(
        select(Membership.organisation_id, Membership.role).where(Membership.user_id == user.id)
    ).all()
    posts = db.session.execute(select(SchemePost.scheme_id, SchemePost.role).where(SchemePost.user_id == user.id)).all()
    schemes: dict[int, frozenset[Role]] = {}
    for scheme_id, role in posts:
        schemes[scheme_id] = schemes.get(scheme_id, frozenset()) | {role}
    # An unconfirmed address proves nothing: such a person holds no role yet.
    held = user.email_confirmed_at is not None
    if not held:
        return Actor(user_id=user.id, name=user.name, email=user.email)
    helping = _helping(user.id, on)
    teams = db.session.scalars(select(TeamMember.team_id).where(TeamMember.user_id == user.id).limit(MOST_TEAMS))
    _act_for_members(user.id, helping, [organisation_id for organisation_id, _ in memberships])
    return Actor(
        user_id=user.id,
        name=user.name,
        email=user.email,
        organisations={organisation_id: role for organisation_id, role in memberships},
        schemes=schemes,
        helps=helping.rights,
        acts_for=helping.members,
        formerly=frozenset(helping.ended - helping.rights.keys()),
        teams=frozenset(teams),
    )


@dataclass
class _Helping:
    """What one helps from outside: organisation's id -> rights, consortium's id -> members, and what has ended."""

    rights: dict[int, frozenset[Right]]
    members: dict[int, frozenset[int]]
    ended: set[int]


def _helping(user_id: int, on: date | None) -> _Helping:
    grants = db.session.execute(
        select(AdviserGrant.organisation_id, AdviserGrant.rights, AdviserGrant.ends_on, AdviserGrant.ended_at)
        .where(AdviserGrant.user_id == user_id)
        .order_by(AdviserGrant.id.desc())
        .limit(MOST_HELPED)
    ).all()
    found = _Helping({}, {}, set())
    for organisation_id, rights, ends_on, ended_at in grants:
        if ended_at is None and (on is None or ends_on is None or on <= ends_on):
            found.rights[organisation_id] = frozenset(Right(right) for right in rights) | {Right.SEE}
        else:
            found.ended.add(organisation_id)
    return found


def _act_for_members(user_id: int, helping: _Helping, own: list[int]) -> None:
    """Add the consortia of which the organisations that one works for are members. No statement where there are none."""
    if not own:
        return
    rows = db.session.execute(
        select(ConsortiumMember.consortium_id, ConsortiumMember.member_id, ConsortiumMember.left_at)
        .where(ConsortiumMember.member_id.in_(own[:MOST_HELPED]))
        .order_by(ConsortiumMember.id)
        .limit(MOST_HELPED)
    ).all()
    for consortium_id, member_id, left_at in rows:
        if left_at is not None:
            helping.ended.add(consortium_id)
            continue
        helping.rights[consortium_id] = helping.rights.get(consortium_id, frozenset()) | RIGHTS_OF_MEMBERS
        helping.members[consortium_id] = helping.members.get(consortium_id, frozenset()) | {member_id}
