"""Organisations as their own people see them: the profile, and the facts that frameworks ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import NotFound
from app.domain.framework import Fact, Framework
from app.domain.profile import facts_of_profile
from app.extensions import db
from app.models import FrameworkEdition, Organisation
from app.queries.frameworks import framework_of

MOST_EDITIONS = 100
PROFILE_FIELDS = (
    "name kind summary description charity_number company_number cqc_provider_id website email phone address postcode "
    "address_private services client_groups areas languages access strengths facts"
).split()


def facts_of(organisation: Organisation) -> dict[str, Any]:
    """What is known of a provider, as frameworks ask for it: its facts with its services and client groups."""
    return {
        **organisation.facts,
        "services": list(organisation.services),
        "client_groups": list(organisation.client_groups),
    }


def open_editions() -> tuple[FrameworkEdition, ...]:
    """The editions under which providers may apply, in the order of their titles, newest edition first."""
    return tuple(
        db.session.scalars(
            select(FrameworkEdition)
            .where(FrameworkEdition.open.is_(True))
            .options(joinedload(FrameworkEdition.scheme))
            .order_by(FrameworkEdition.title, FrameworkEdition.id.desc())
            .limit(MOST_EDITIONS)
        )
    )


def open_frameworks() -> tuple[Framework, ...]:
    """The frameworks of the open editions."""
    return tuple(framework_of(edition) for edition in open_editions())


def profile_facts() -> tuple[Fact, ...]:
    """The facts that a profile asks for: those of every open framework, each once."""
    return facts_of_profile(open_frameworks())


def own_organisation(organisation_id: int, actor: Actor, action: Action = Action.SEE_ORGANISATION) -> Organisation:
    """The organisation, open to its own people. Raises NotFound, NotAllowed."""
    require(actor, action, Subject(organisation_id=organisation_id))
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound("There is no such page, or it is not open to you.")
    return organisation


@dataclass(frozen=True)
class ProfilePage:
    """A profile as it stands. `values` maps each of PROFILE_FIELDS to its value; `missing` is what submitting needs."""

    organisation_id: int
    name: str
    values: dict[str, Any]
    version: int
    updated_at: datetime
    missing: tuple[str, ...]


def profile_page(organisation_id: int, actor: Actor) -> ProfilePage:
    """The profile of one organisation, for whoever may change it: its address may be private. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.EDIT_ORGANISATION)
    return ProfilePage(
        organisation_id=organisation.id,
        name=organisation.name,
        values={field: getattr(organisation, field) for field in PROFILE_FIELDS},
        version=organisation.version,
        updated_at=organisation.updated_at,
        missing=profile_gaps(organisation, profile_facts()),
    )


def profile_gaps(organisation: Organisation, facts: tuple[Fact, ...]) -> tuple[str, ...]:
    """What a profile lacks before an application can be submitted, in words."""
    needed = {
        "what kind of organisation it is": organisation.kind,
        "a one-sentence summary": organisation.summary,
        "the postcode": organisation.postcode,
        "the services": organisation.services,
        "the people it supports": organisation.client_groups,
        "where it works": organisation.areas,
    }
    missing = [words for words, value in needed.items() if not value]
    missing += [f"“{fact.title}”" for fact in facts if organisation.facts.get(fact.code) is None]
    return tuple(missing)
