"""Rows for tests, saved at once. Each function takes what the test is about and makes up the rest."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.exc import OperationalError

from app.domain.access import Actor, Role
from app.domain.lifecycle import ApplicationStatus, AwardStatus
from app.extensions import Base, db
from app.models import (
    Application,
    Award,
    FrameworkDraft,
    FrameworkEdition,
    Membership,
    Organisation,
    RegisterEntry,
    RegisterEvent,
    Scheme,
    SchemePost,
    User,
)
from app.queries.people import actor_of
from tests.conftest import NOON

_serial = count(1)


def save(row: Base) -> Any:
    """Add `row` and commit. Returns it."""
    for last in (False, False, True):
        db.session.add(row)
        try:
            db.session.commit()
            break
        except OperationalError:  # a server beside the test wrote since this session's last look, on SQLite
            db.session.rollback()
            if last:
                raise
    return row


def user(**values: Any) -> User:
    """A person with a confirmed address and no role. The password cannot be used: sign in through the fixture."""
    n = next(_serial)
    defaults = {
        "email": f"person{n}@example.org",
        "name": f"Person {n}",
        "password_hash": "!",
        "session_key": f"key{n}",
        "email_confirmed_at": NOON,
        "created_at": NOON,
    }
    return save(User(**{**defaults, **values}))


def organisation(**values: Any) -> Organisation:
    """A small registered charity in Lancaster."""
    n = next(_serial)
    defaults = {
        "name": f"Provider {n}",
        "kind": "charity",
        "summary": "Visits for people who live alone.",
        "services": ["befriending"],
        "client_groups": ["older-people"],
        "areas": ["E07000121"],
        "area_code": "E07000121",
        "postcode": "LA1 1HT",
        "easting": 347700,
        "northing": 461800,
        "facts": {},
        "created_at": NOON,
        "updated_at": NOON,
    }
    return save(Organisation(**{**defaults, **values}))


def member(of: Organisation, role: Role = Role.LEAD, **values: Any) -> User:
    """A person who works for `of`."""
    person = user(**values)
    save(Membership(user_id=person.id, organisation_id=of.id, role=role, created_at=NOON))
    return person


def officer(of: Scheme, *roles: Role, lay: bool = False, **values: Any) -> User:
    """A person who holds `roles` in the scheme `of`."""
    person = user(**values)
    for role in roles:
        save(SchemePost(user_id=person.id, scheme_id=of.id, role=role, lay=lay, created_at=NOON))
    return person


def actor(person: User) -> Actor:
    """The actor that `person` is now."""
    return actor_of(person)


def scheme(**values: Any) -> Scheme:
    """A scheme without editions."""
    n = next(_serial)
    return save(Scheme(**{"code": f"scheme-{n}", "title": f"Scheme {n}", "details": {}, **values}))


SMALL_FRAMEWORK = """\
framework: small-mark
edition: "2026"
title: Small Mark
names: {tree: [area, standard, criterion]}
scales:
  fulfilment:
    points: {0: Not in place, 1: Started, 2: In place, 3: Embedded and reviewed}
    not_applicable: with-reason
facts:
  staff: {kind: count, title: How many people do you employ?}
levels:
  - {code: bronze, title: Bronze}
  - {code: silver, title: Silver}
areas:
  - code: GOV
    title: Governance
    standards:
      - code: GOV.1
        title: Trustees lead the organisation
        criteria:
          - code: GOV.1.1
            title: Trustees meet
            text: Trustees meet at least four times a year and keep minutes.
            why: Decisions need a record.
            scale: fulfilment
            required: 1
            evidence: [{kind: document, code: minutes, title: Minutes of the last four meetings}]
          - code: GOV.1.2
            title: Trustees know their duties
            text: New trustees are told their duties.
            scale: fulfilment
  - code: SAFE
    title: Safety
    standards:
      - code: SAFE.1
        title: People are safe
        criteria:
          - code: SAFE.1.1
            title: Safeguarding policy
            text: There is a safeguarding policy that everybody knows.
            scale: fulfilment
            required: 2
          - code: SAFE.1.2
            title: Safe recruitment
            text: Staff are checked before they start.
            scale: fulfilment
            applies: {staff: {at_least: 1}}
outcome:
  of: standard -> area -> whole
  score: {standard: share-of-maximum, area: mean, whole: mean}
  bands: [{from: 0%, is: not-yet}, {from: 50%, is: bronze}, {from: 80%, is: silver}]
award: {valid: 3 years, surveillance: 12 months, renewal_opens: 6 months, restore_within: 6 months}
assessment: {assessors: 1, conflict_bar: 2 years}
panel: {quorum: 2, lay_members: 0}
"""


def edition(of: Scheme | None = None, source: str = SMALL_FRAMEWORK, **values: Any) -> FrameworkEdition:
    """A small framework of four criteria, as it was loaded."""
    from app.frameworks import digest

    of = of or scheme()
    n = next(_serial)
    source = f"{source}# {n}\n"
    defaults = {
        "code": f"small-mark-{n}",
        "edition": "2026",
        "title": "Small Mark",
        "source": source,
        "sha256": digest(source),
        "loaded_at": NOON,
    }
    return save(FrameworkEdition(scheme_id=of.id, **{**defaults, **values}))


def framework_draft(of: Scheme, source: str = SMALL_FRAMEWORK, **values: Any) -> FrameworkDraft:
    """A draft of the small framework's next edition, as it was begun."""
    n = next(_serial)
    starter = values.pop("started_by", None) or user()
    defaults = {
        "code": f"small-mark-{n}",
        "edition": "2027",
        "title": "Small Mark",
        "source": source.replace("small-mark", f"small-mark-{n}", 1).replace('"2026"', '"2027"', 1),
        "created_at": NOON,
        "created_by_id": starter.id,
        "updated_at": NOON,
        "updated_by_id": starter.id,
    }
    return save(FrameworkDraft(scheme_id=of.id, **{**defaults, **values}))


def application(of: Organisation, under: FrameworkEdition, **values: Any) -> Application:
    """A draft application without answers."""
    starter = values.pop("started_by", None) or user()
    defaults = {
        "status": ApplicationStatus.DRAFT,
        "target": "silver",
        "started_at": NOON,
        "status_at": NOON,
        "started_by_id": starter.id,
    }
    return save(
        Application(organisation_id=of.id, scheme_id=under.scheme_id, edition_id=under.id, **{**defaults, **values})
    )


def award(of: Application, **values: Any) -> Award:
    """A current award at silver for three years."""
    n = next(_serial)
    defaults = {
        "number": f"TST-26-{n:05}-X",
        "level": "silver",
        "level_title": "Silver",
        "level_colour": "silver",
        "holder_name": of.organisation.name,
        "scope": ["Befriending"],
        "status": AwardStatus.AWARDED,
        "status_on": date(2026, 4, 1),
        "granted_on": date(2026, 4, 1),
        "expires_on": date(2029, 3, 31),
        "created_at": NOON,
    }
    return save(
        Award(
            organisation_id=of.organisation_id,
            scheme_id=of.scheme_id,
            application_id=of.id,
            edition_id=of.edition_id,
            **{**defaults, **values},
        )
    )


def register_entry(of: Award, **values: Any) -> RegisterEntry:
    """The register entry of an award, published as its organisation stands."""
    holder = of.organisation
    n = next(_serial)
    defaults: dict[str, Any] = {
        key: getattr(holder, key)
        for key in "name kind summary description postcode easting northing area_code areas services client_groups".split()
    }
    defaults |= {
        key: getattr(of, key)
        for key in "level level_title level_colour status status_on granted_on expires_on scheme_id".split()
    }
    entry = save(
        RegisterEntry(
            organisation_id=holder.id,
            award_id=of.id,
            updated_at=NOON,
            **{"slug": f"provider-{n}", "identifiers": {}, "contact": {}, "revision": n, **defaults, **values},
        )
    )
    save(
        RegisterEvent(
            entry_id=entry.id,
            at=NOON,
            kind="awarded",
            number=of.number,
            level_title=entry.level_title,
            status=entry.status,
            words=f"{entry.level_title} awarded",
        )
    )
    return entry
