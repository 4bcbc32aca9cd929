"""What the register says, written in the transaction of whatever changed it. Not a use-case: others call it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.identifiers import charity_org_id, company_org_id
from app.domain.size import size_of
from app.domain.uk_time import uk_day
from app.models import Award, Organisation, RegisterEntry, RegisterEvent, Scheme, ServiceOffer

LONGEST_SLUG = 100


def publish(
    session: Session, organisation: Organisation, award: Award, now: datetime, today: date, kind: str, words: str
) -> RegisterEntry:
    """Make the register say what `award` is now, and log the change as an event.

    `kind` is the event's name, such as "awarded"; `words` is the public sentence. Who holds it and for what is told as the
    certificate says it, whatever the profile says by now. Sees to it that only one transaction numbers the
    register's revisions at a time.
    """
    session.flush()
    entry = session.scalars(
        select(RegisterEntry).where(
            RegisterEntry.organisation_id == organisation.id, RegisterEntry.scheme_id == award.scheme_id
        )
    ).first()
    facts = {**_details(organisation), **_standing(award)}
    if entry is None or entry.award_id != award.id:
        facts |= _holder(organisation, award)
    facts |= {"name": award.holder_name}
    if award.covers:
        facts |= {"services": list(award.covers["services"])}
    covered = facts["services"] if entry is None or "services" in facts else entry.services
    facts |= {"offers": _offers(session, organisation.id, covered)}
    revision = _next_revision(session)
    if entry is None:
        entry = RegisterEntry(
            organisation_id=organisation.id,
            scheme_id=award.scheme_id,
            slug=_slug(session, organisation.name),
            revision=revision,
            updated_at=now,
            **facts,
        )
        session.add(entry)
    else:
        _set(entry, facts, revision, now)
    session.flush()
    _log(session, entry, award, now, kind, words)
    return entry


def _log(session: Session, entry: RegisterEntry, award: Award, now: datetime, kind: str, words: str) -> None:
    session.add(
        RegisterEvent(
            entry_id=entry.id,
            at=now,
            kind=kind,
            number=award.number,
            level_title=award.level_title,
            status=award.status,
            words=words,
        )
    )


def republish_details(session: Session, organisation: Organisation, now: datetime) -> list[RegisterEntry]:
    """Make the register say what is the provider's own to say: what it does in words, where it is, how to reach it.

    An address that has become private is gone with the same transaction. Returns the entries that changed. Capacity
    alone gives an entry a new revision but no event: it is said anew every few weeks, carries its own date, and would
    drown what the history is for. Who said what and when stands in the audit trail.
    """
    session.flush()
    entries = session.scalars(select(RegisterEntry).where(RegisterEntry.organisation_id == organisation.id)).all()
    details = _details(organisation)
    changed = []
    for entry in entries:
        facts = {**details, "offers": _offers(session, organisation.id, entry.services)}
        differing = {key for key, value in facts.items() if getattr(entry, key) != value}
        if not differing:
            continue
        _set(entry, facts, _next_revision(session), now)
        if differing != {"offers"}:
            _log(session, entry, entry.award, now, "details-changed", "The provider changed its details.")
        changed.append(entry)
    return changed


def _set(entry: RegisterEntry, facts: dict[str, Any], revision: int, now: datetime) -> None:
    for key, value in facts.items():
        setattr(entry, key, value)
    entry.revision = revision
    entry.updated_at = now


def _next_revision(session: Session) -> int:
    """One more than the highest. The schemes are held meanwhile, so that two transactions never take the same."""
    session.scalars(select(Scheme.id).order_by(Scheme.id).limit(1).with_for_update()).all()
    session.flush()
    return (session.scalar(select(func.max(RegisterEntry.revision))) or 0) + 1


def _details(organisation: Organisation) -> dict[str, Any]:
    """What a provider says of itself. Of a private address nothing is published but the council's area."""
    private = organisation.address_private
    contact = {"website": organisation.website, "email": organisation.email, "phone": organisation.phone}
    if not private and organisation.address:
        contact["address"] = organisation.address
    return {
        "summary": organisation.summary,
        "description": organisation.description,
        "contact": {key: value for key, value in contact.items() if value},
        "postcode": "" if private else organisation.postcode,
        "easting": None if private else organisation.easting,
        "northing": None if private else organisation.northing,
        "area_code": organisation.area_code,
        "areas": list(organisation.areas),
        "size": size_of(_whole(organisation.facts.get("income"))),
        "languages": list(organisation.languages),
        "access": list(organisation.access),
        "strengths": organisation.strengths,
    }


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _offers(session: Session, organisation_id: int, covered: Sequence[str]) -> list[dict[str, Any]]:
    """What the organisation says of the capacity of the services that its award covers, in the order of their codes."""
    rows = session.scalars(
        select(ServiceOffer)
        .where(ServiceOffer.organisation_id == organisation_id, ServiceOffer.service.in_(covered))
        .order_by(ServiceOffer.service)
    )
    return [
        {
            "service": row.service,
            "taking": row.taking.value,
            "said_on": uk_day(row.said_at).isoformat(),
            "capacity": row.capacity,
            "free": row.free,
            "weeks": row.weeks,
            "how": row.how,
        }
        for row in rows
    ]


def _holder(organisation: Organisation, award: Award) -> dict[str, Any]:
    """Who was approved, and for which services to whom: what was assessed, not what was added to the profile since."""
    facts = award.application.facts
    return {
        "name": award.holder_name,
        "kind": organisation.kind,
        "identifiers": _identifiers(organisation),
        "services": list(facts.get("services", organisation.services)),
        "client_groups": list(facts.get("client_groups", organisation.client_groups)),
        "invented": organisation.invented,
    }


def _identifiers(organisation: Organisation) -> dict[str, str]:
    """The official numbers as org-id identifiers, by our own field's name."""
    found = {}
    if organisation.charity_number:
        found["charity"] = charity_org_id(organisation.charity_number)
    if organisation.company_number:
        found["company"] = company_org_id(organisation.company_number)
    if organisation.cqc_provider_id:
        found["cqc"] = organisation.cqc_provider_id
    return found


def _standing(award: Award) -> dict[str, Any]:
    return {
        "award_id": award.id,
        "level": award.level,
        "level_title": award.level_title,
        "level_colour": award.level_colour,
        "status": award.status,
        "status_on": award.status_on,
        "granted_on": award.granted_on,
        "expires_on": award.expires_on,
    }


def _slug(session: Session, name: str) -> str:
    """An address from the name: letters, digits and hyphens, with a number behind it where it is taken."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:LONGEST_SLUG].strip("-") or "provider"
    taken = set(
        session.scalars(
            select(RegisterEntry.slug).where(RegisterEntry.slug.startswith(stem, autoescape=True)).limit(1000)
        )
    )
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug
