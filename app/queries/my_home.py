"""A person's own home: everything that waits for them, and everywhere they work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.access import Action, Actor, Role, require
from app.domain.to_do import ToDo
from app.extensions import db
from app.models import Organisation, Scheme
from app.queries.to_do import things_to_do
from app.queries.wishes import Trouble, mail_trouble

MOST = 50


@dataclass(frozen=True)
class PlaceRow:
    """One organisation, or one role in a scheme (`scheme_code`), where the person works."""

    name: str
    role: Role
    organisation_id: int | None = None
    scheme_code: str = ""


@dataclass(frozen=True)
class MyHome:
    """Everything that waits for one person, and where they work. `names` are those of the organisations by id."""

    things: tuple[ToDo, ...]
    places: tuple[PlaceRow, ...]
    names: dict[int, str]
    trouble: Trouble | None


def my_home(actor: Actor, today: date) -> MyHome:
    """The home of `actor`; a fixed number of statements. Raises NotFound if nobody is signed in."""
    require(actor, Action.USE_ACCOUNT)
    assert actor.user_id is not None  # `require` lets nobody in who is not signed in
    things = things_to_do(actor, today)
    organisations = _organisations(actor)
    names = dict(organisations)
    places = [
        PlaceRow(name, actor.role_at(key) or Role.CONTRIBUTOR, organisation_id=key) for key, name in organisations
    ]
    return MyHome(
        things=tuple(things),
        places=(*places, *_schemes(actor)),
        names=names if len(names) > 1 else {},
        trouble=mail_trouble(actor.user_id),
    )


def only_organisation(actor: Actor) -> int | None:
    """The one organisation of somebody who works nowhere else; else None."""
    if len(actor.organisations) != 1 or actor.schemes or actor.helps:
        return None
    return next(iter(actor.organisations))


def _organisations(actor: Actor) -> list[tuple[int, str]]:
    """(id, name) by name, of those the actor belongs to and those they help from outside."""
    ids = {*actor.organisations, *actor.helps}
    if not ids:
        return []
    found = db.session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.id.in_(ids))
        .order_by(Organisation.name, Organisation.id)
        .limit(MOST)
    )
    return [(key, name) for key, name in found]


def _schemes(actor: Actor) -> list[PlaceRow]:
    if not actor.schemes:
        return []
    found = db.session.execute(
        select(Scheme.id, Scheme.code, Scheme.title)
        .where(Scheme.id.in_(actor.schemes))
        .order_by(Scheme.title, Scheme.id)
    )
    return [
        PlaceRow(title, role, scheme_code=code)
        for key, code, title in found
        for role in sorted(actor.schemes[key], key=list(Role).index)
    ]
