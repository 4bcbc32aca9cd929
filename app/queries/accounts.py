"""A person's own account, as they see it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.access import Action, Actor, Role, require
from app.extensions import db
from app.models import Organisation, Scheme


@dataclass(frozen=True)
class HeldRole:
    """A role that the person holds: at an organisation (`organisation_id`) or in a scheme (`scheme_code`)."""

    place: str
    role: Role
    organisation_id: int | None = None
    scheme_code: str | None = None


@dataclass(frozen=True)
class AccountPage:
    """Who one is here, and what one may do where."""

    name: str
    email: str
    roles: tuple[HeldRole, ...]


def account_page(*, actor: Actor) -> AccountPage:
    """The account of `actor`: at most two statements. Raises NotFound if nobody is signed in."""
    require(actor, Action.USE_ACCOUNT)
    return AccountPage(actor.name, actor.email, (*_in_organisations(actor), *_in_schemes(actor)))


def _in_organisations(actor: Actor) -> list[HeldRole]:
    if not actor.organisations:
        return []
    rows = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.id.in_(actor.organisations))
        .order_by(Organisation.name)
    )
    return [HeldRole(name, actor.organisations[id_], organisation_id=id_) for id_, name in rows]


def _in_schemes(actor: Actor) -> list[HeldRole]:
    if not actor.schemes:
        return []
    rows = db.session.execute(
        select(Scheme.id, Scheme.code, Scheme.title).where(Scheme.id.in_(actor.schemes)).order_by(Scheme.title)
    )
    return [
        HeldRole(title, role, scheme_code=code)
        for id_, code, title in rows
        for role in sorted(actor.schemes[id_], key=list(Role).index)
    ]
