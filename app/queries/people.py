"""Who is signed in, and what roles they hold."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.access import Actor, Role
from app.extensions import db
from app.models import Membership, SchemePost, User


@dataclass(frozen=True)
class SignedIn:
    """The person behind a session. `confirmed` tells whether the e-mail address was confirmed."""

    user_id: int
    session_key: str
    name: str
    email: str
    confirmed: bool
    actor: Actor


def signed_in(user_id: int, session_key: str) -> SignedIn | None:
    """The open account with this id, if the session's key is still its key; else None."""
    user = db.session.get(User, user_id)
    if user is None or user.closed_at is not None or user.session_key != session_key:
        return None
    return SignedIn(
        user_id=user.id,
        session_key=user.session_key,
        name=user.name,
        email=user.email,
        confirmed=user.email_confirmed_at is not None,
        actor=actor_of(user),
    )


def actor_of(user: User) -> Actor:
    """The actor that a user is now: two statements."""
    memberships = db.session.execute(
        select(Membership.organisation_id, Membership.role).where(Membership.user_id == user.id)
    ).all()
    posts = db.session.execute(select(SchemePost.scheme_id, SchemePost.role).where(SchemePost.user_id == user.id)).all()
    schemes: dict[int, frozenset[Role]] = {}
    for scheme_id, role in posts:
        schemes[scheme_id] = schemes.get(scheme_id, frozenset()) | {role}
    # An unconfirmed address proves nothing: such a person holds no role yet.
    held = user.email_confirmed_at is not None
    return Actor(
        user_id=user.id,
        name=user.name,
        email=user.email,
        organisations={organisation_id: role for organisation_id, role in memberships} if held else {},
        schemes=schemes if held else {},
    )
