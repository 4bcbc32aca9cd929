"""What the assessors of a scheme can judge, as they and its managers see and change it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.backends.postcodes import area_names
from app.domain.access import Action, Actor, Role, require
from app.domain.access import Subject as Of
from app.domain.allocation import USUAL_MOST, Skills
from app.domain.errors import NotAllowed, NotFound
from app.extensions import db
from app.models import Competence, FrameworkEdition, Scheme, SchemePost, User
from app.queries.frameworks import framework_of
from app.queries.lists import CLIENT_GROUPS, SERVICES, titles

MOST_EDITIONS = 50


@dataclass(frozen=True)
class CompetencePage:
    """One assessor's profile in one scheme. Choices are (code, title); `travels` are names of councils."""

    scheme_id: int
    scheme_code: str
    scheme: str
    user_id: int
    name: str
    own: bool
    skills: Skills
    most: int | None
    travels: tuple[str, ...]
    version: int
    services_open: tuple[tuple[str, str], ...]
    groups_open: tuple[tuple[str, str], ...]
    areas_open: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MyCompetence:
    """The schemes for which somebody assesses, and whether they have said there what they can judge."""

    schemes: tuple[tuple[str, str, bool], ...]  # code, title, said


def my_competence(actor: Actor) -> MyCompetence:
    """Two statements. Raises NotAllowed to those who assess for no scheme."""
    ids = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.ASSESSOR in roles]
    if not ids:
        raise NotAllowed("Only assessors say what they can judge.")
    said = set(db.session.scalars(select(Competence.scheme_id).where(Competence.user_id == actor.user_id)))
    found = db.session.scalars(select(Scheme).where(Scheme.id.in_(ids)).order_by(Scheme.title, Scheme.id))
    return MyCompetence(tuple((scheme.code, scheme.title, scheme.id in said) for scheme in found))


def competence_page(code: str, user_id: int | None, actor: Actor) -> CompetencePage:
    """One assessor's profile, by default the actor's own. Raises NotFound, NotAllowed."""
    scheme = db.session.scalars(select(Scheme).where(Scheme.code == code)).first()
    who = actor.user_id if user_id is None else user_id
    if scheme is None:
        raise NotFound("There is no such page, or it is not open to you.")
    if who != actor.user_id:
        require(actor, Action.MANAGE_PEOPLE, Of(scheme_id=scheme.id))
    person = db.session.scalars(
        select(User)
        .join(SchemePost, SchemePost.user_id == User.id)
        .where(User.id == who, SchemePost.scheme_id == scheme.id, SchemePost.role == Role.ASSESSOR)
    ).first()
    if person is None:
        raise NotFound("There is no such page, or it is not open to you.")
    kept = db.session.scalars(
        select(Competence).where(Competence.user_id == person.id, Competence.scheme_id == scheme.id)
    ).first()
    skills = skills_of(kept) if kept else Skills()
    names = area_names()
    return CompetencePage(
        scheme_id=scheme.id,
        scheme_code=scheme.code,
        scheme=scheme.title,
        user_id=person.id,
        name=person.name,
        own=person.id == actor.user_id,
        skills=skills,
        most=kept.most if kept else None,
        travels=tuple(sorted(names.get(each, each) for each in skills.travels)),
        version=kept.version if kept else 0,
        services_open=tuple(titles(SERVICES).items()),
        groups_open=tuple(titles(CLIENT_GROUPS).items()),
        areas_open=tuple(areas_of_scheme(db.session(), scheme.id).items()),
    )


def areas_of_scheme(session: Session, scheme_id: int) -> dict[str, str]:
    """The highest nodes of the scheme's open editions, code to title; the newest edition's words for each code."""
    editions = session.scalars(
        select(FrameworkEdition)
        .where(FrameworkEdition.scheme_id == scheme_id, FrameworkEdition.open.is_(True))
        .order_by(FrameworkEdition.id.desc())
        .limit(MOST_EDITIONS)
    ).all()
    found: dict[str, str] = {}
    for edition in editions:
        for node in framework_of(edition).roots:
            found.setdefault(node.code, str(node.title))
    return found


def skills_of(kept: Competence) -> Skills:
    """A profile as the rules take it."""
    return Skills(
        services=frozenset(kept.services),
        client_groups=frozenset(kept.client_groups),
        areas=frozenset(kept.areas),
        languages=frozenset(kept.languages),
        travels=frozenset(kept.travels),
        most=USUAL_MOST if kept.most is None else kept.most,
        away_from=kept.away_from,
        away_until=kept.away_until,
    )
