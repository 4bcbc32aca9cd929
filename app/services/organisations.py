"""What people do with their organisation's profile: start it, and change it without overwriting a colleague."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.backends.postcodes import Places
from app.domain.access import Action, Actor, Role, Subject, require
from app.domain.errors import Conflict, Invalid
from app.models import Membership, Organisation, User
from app.queries.organisations import PROFILE_FIELDS, profile_facts
from app.services.profile_checks import Located, checked_profile
from app.services.register import republish_details
from app.services.transactions import locked, record, transaction

ONE_SITTING = timedelta(minutes=10)
UNIQUE = {
    "charity_number": "charity number",
    "company_number": "company number",
    "cqc_provider_id": "CQC provider ID",
}


@dataclass(frozen=True)
class Profile:
    """A profile as somebody typed it. `facts` maps each fact's code to a number, yes or no, a code or codes, or None."""

    name: str = ""
    kind: str = ""
    summary: str = ""
    description: str = ""
    charity_number: str = ""
    company_number: str = ""
    cqc_provider_id: str = ""
    website: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    postcode: str = ""
    address_private: bool = False
    services: tuple[str, ...] = ()
    client_groups: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    strengths: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


class ProfileChanged(Conflict):
    """A colleague saved the profile after the page was made. Nothing was overwritten."""


@dataclass(frozen=True)
class Taken:
    """That fields of a profile were taken from a public register: which register, of which day, which number and fields."""

    source: str
    extracted_on: str
    number: str
    fields: tuple[str, ...]

    def detail(self) -> dict[str, Any]:
        """For the audit row."""
        return {"taken": {**self.__dict__, "fields": list(self.fields)}}


def start_organisation(
    profile: Profile, *, places: Places, actor: Actor, now: datetime, taken: Taken | None = None
) -> int:
    """Describe a new organisation; whoever does so becomes its lead. Returns its id.

    Pressed twice, it makes one organisation. Raises NotAllowed, and Invalid naming every field that is wrong, also where an official number is taken.
    """
    require(actor, Action.START_ORGANISATION)
    located = checked_profile(profile.__dict__, profile_facts(), places)
    try:
        return _start(located, actor, now, taken)
    except IntegrityError:
        return _start(located, actor, now, taken)  # the same number came in between: now it is seen, and told


def _start(located: Located, actor: Actor, now: datetime, taken: Taken | None) -> int:
    with transaction() as session:
        locked(session, User, actor.user_id or 0)  # held: two presses of the button take turns
        already = _just_started(session, located.values["name"], actor, now)
        if already is not None:
            return already
        _refuse_twins(session, located, None)
        organisation = Organisation(created_at=now, updated_at=now, version=1)
        _fill(organisation, located)
        session.add(organisation)
        session.flush()
        session.add(Membership(user_id=actor.user_id, organisation_id=organisation.id, role=Role.LEAD, created_at=now))
        detail = taken.detail() if taken else {}
        record(session, actor, "organisation.started", organisation, now, organisation_id=organisation.id, **detail)
        return organisation.id


def _just_started(session: Session, name: str, actor: Actor, now: datetime) -> int | None:
    """The organisation of that name which the same person began a moment ago: a button pressed twice makes one."""
    return session.scalars(
        select(Organisation.id)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            Membership.user_id == actor.user_id,
            Organisation.name == name,
            Organisation.created_at >= now - ONE_SITTING,
        )
        .limit(1)
    ).first()


def edit_organisation(
    organisation_id: int,
    profile: Profile,
    version: int,
    *,
    places: Places,
    actor: Actor,
    now: datetime,
    taken: Taken | None = None,
) -> None:
    """Change a profile. `version` is that of the profile which the form showed.

    The register says at once what is the provider's own to say; for what it is approved stays as it was awarded.
    Saving what is already there changes nothing. Raises NotFound, NotAllowed, Invalid, ProfileChanged.
    """
    require(actor, Action.EDIT_ORGANISATION, Subject(organisation_id=organisation_id))
    located = checked_profile(profile.__dict__, profile_facts(), places)
    with transaction() as session:
        organisation = locked(session, Organisation, organisation_id)
        located.values["facts"] = {**organisation.facts, **located.values["facts"]}
        before = {name: getattr(organisation, name) for name in PROFILE_FIELDS}
        changed = sorted(name for name in PROFILE_FIELDS if before[name] != located.values[name])
        if not changed:
            return
        if organisation.version != version:
            raise ProfileChanged("A colleague changed this profile while you were writing.")
        _refuse_twins(session, located, organisation.id)
        _fill(organisation, located)
        organisation.version += 1
        organisation.updated_at = now
        record(
            session,
            actor,
            "organisation.edited",
            organisation,
            now,
            organisation_id=organisation.id,
            before={name: before[name] for name in changed},
            after={name: located.values[name] for name in changed},
            **(taken.detail() if taken else {}),
        )
        for entry in republish_details(session, organisation, now):
            owner = {"organisation_id": organisation.id, "scheme_id": entry.scheme_id}
            record(session, actor, "register.details-changed", entry, now, **owner)


def _fill(organisation: Organisation, located: Located) -> None:
    for name, value in located.values.items():
        setattr(organisation, name, value)
    organisation.easting, organisation.northing = located.easting, located.northing
    organisation.area_code = located.area_code


def _refuse_twins(session: Session, located: Located, own_id: int | None) -> None:
    """Raises Invalid where another organisation has one of the official numbers."""
    errors: dict[str, str] = {}
    for name, words in UNIQUE.items():
        number = located.values[name]
        if not number:
            continue
        column = getattr(Organisation, name)
        taken = session.scalars(select(Organisation).where(column == number).limit(1)).first()
        if taken is not None and taken.id != own_id:
            errors[name] = (
                f"An organisation with {words} {number} is here already: {taken.name}. If you work for it, ask one of "
                "its leads to invite you as a colleague. Otherwise check the number."
            )
    if errors:
        raise Invalid(errors)
