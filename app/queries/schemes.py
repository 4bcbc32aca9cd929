"""The schemes whose office somebody works in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import NotFound
from app.extensions import db
from app.models import Application, Scheme
from app.queries.subjects import subject_of

OFFICE = frozenset({Role.MANAGER, Role.AUDITOR})


@dataclass(frozen=True)
class SchemeRow:
    """A scheme and whether its reader may manage it, or only look."""

    scheme_id: int
    code: str
    title: str
    manages: bool


def office_schemes(actor: Actor) -> tuple[SchemeRow, ...]:
    """The schemes that the actor manages or audits, by title. One statement."""
    ids = [scheme_id for scheme_id, roles in actor.schemes.items() if roles & OFFICE]
    found = db.session.scalars(select(Scheme).where(Scheme.id.in_(ids)).order_by(Scheme.title, Scheme.id)).all()
    return tuple(_row(scheme, actor) for scheme in found)


def office_scheme(code: str, actor: Actor, action: Action) -> SchemeRow:
    """The scheme of that code. Raises NotFound, NotAllowed."""
    scheme = db.session.scalars(select(Scheme).where(Scheme.code == code)).first()
    if scheme is None:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, action, Subject(scheme_id=scheme.id))
    return _row(scheme, actor)


def _row(scheme: Scheme, actor: Actor) -> SchemeRow:
    manages = Role.MANAGER in actor.schemes.get(scheme.id, frozenset())
    return SchemeRow(scheme.id, scheme.code, scheme.title, manages)


def office_case(
    code: str, application_id: int, actor: Actor, action: Action, today: date
) -> tuple[SchemeRow, Application]:
    """A case under its scheme's address. Raises NotFound where the two do not belong together, NotAllowed."""
    application = db.session.get(Application, application_id)
    if application is None or application.edition.scheme.code != code:
        raise NotFound("There is no such page, or it is not open to you.")
    require(actor, action, subject_of(db.session(), application, today))
    return _row(application.edition.scheme, actor), application
