"""What the register says, written in the transaction of whatever changed it. Not a use-case: others call it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.identifiers import charity_org_id, company_org_id
from app.domain.size import size_of
from app.domain.uk_time import uk_day
from app.models import Award, Organisation, RegisterChange, RegisterEntry, RegisterEvent, Scheme, ServiceOffer

LONGEST_SLUG = 100
TAKEN_BY_PAGES = frozenset({"map", "suggest", "choices", "export", "how-results-are-ordered", "words"})
"""What stands behind /register/ and is no provider."""


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
    facts = {**details_of(organisation), **standing_of(award)}
    if entry is None or entry.award_id != award.id:
        facts |= holder_of(organisation, award)
    facts |= {"name": award.holder_name}
    if award.covers:
        facts |= {"services": list(award.covers["services"])}
    covered = facts["services"] if entry is None or "services" in facts else entry.services
    facts |= {"offers": offers_of(session, {organisation.id: covered})[organisation.id]}
    revision = next_revision(session)
    if entry is None:
        entry = RegisterEntry(
            organisation_id=organisation.id,
            scheme_id=award.scheme_id,
            slug=slug_of(session, organisation.name),
            revision=revision,
            updated_at=now,
            **facts,
        )
        session.add(entry)
    else:
        _set(entry, facts, revision, now)
    session.flush()
    log_event(session, entry, award, now, kind, words)
    return entry


def log_event(session: Session, entry: RegisterEntry, award: Award, now: datetime, kind: str, words: str) -> None:
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
    details = details_of(organisation)
    changed = []
    for entry in entries:
        facts = {**details, "offers": offers_of(session, {organisation.id: entry.services})[organisation.id]}
        differing = {key for key, value in facts.items() if getattr(entry, key) != value}
        if not differing:
            continue
        told_where = entry.postcode or entry.easting is not None or "address" in entry.contact
        _set(entry, facts, next_revision(session), now)
        if organisation.address_private and told_where:  # files that were made before name the address still
            session.add(RegisterChange(kind="private", entry_id=entry.id, revision=entry.revision))
        if differing != {"offers"}:
            log_event(session, entry, entry.award, now, "details-changed", "The provider changed its details.")
        changed.append(entry)
    return changed


def _set(entry: RegisterEntry, facts: dict[str, Any], revision: int, now: datetime) -> None:
    for key, value in facts.items():
        setattr(entry, key, value)
    entry.revision = revision
    entry.updated_at = now


def hold_register(session: Session) -> None:
    """Nobody publishes until the transaction ends: whoever does holds the first scheme."""
    session.scalars(select(Scheme.id).order_by(Scheme.id).limit(1).with_for_update()).all()


def next_revision(session: Session) -> int:
    """One more than the highest. The register is held meanwhile, so that two transactions never take the same."""
    hold_register(session)
    session.flush()
    return (session.scalar(select(func.max(RegisterEntry.revision))) or 0) + 1


def details_of(organisation: Organisation) -> dict[str, Any]:
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


def offers_of(session: Session, covered: Mapping[int, Sequence[str]]) -> dict[int, list[dict[str, Any]]]:
    """What organisations say of the capacity of the services that their awards cover, by id, in the order of the codes.

    `covered` maps each organisation's id to those services. One statement.
    """
    rows = session.scalars(
        select(ServiceOffer).where(ServiceOffer.organisation_id.in_(covered)).order_by(ServiceOffer.service)
    )
    found: dict[int, list[dict[str, Any]]] = {organisation_id: [] for organisation_id in covered}
    for row in rows:
        if row.service in covered[row.organisation_id]:
            found[row.organisation_id].append(_offer(row))
    return found


def _offer(row: ServiceOffer) -> dict[str, Any]:
    return {
        "service": row.service,
        "taking": row.taking.value,
        "said_on": uk_day(row.said_at).isoformat(),
        "capacity": row.capacity,
        "free": row.free,
        "weeks": row.weeks,
        "how": row.how,
    }


def holder_of(organisation: Organisation, award: Award) -> dict[str, Any]:
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


def standing_of(award: Award) -> dict[str, Any]:
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


def slug_of(session: Session, name: str) -> str:
    """An address from the name: letters, digits and hyphens, with a number behind it where it is taken."""
    stem = slug_stem(name)
    taken = set(
        session.scalars(
            select(RegisterEntry.slug).where(RegisterEntry.slug.startswith(stem, autoescape=True)).limit(1000)
        )
    )
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def slug_stem(name: str) -> str:
    """The name in letters, digits and hyphens; "provider" where it has none, and behind it where a page has that address."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "")).strip("-")[:LONGEST_SLUG].strip("-") or "provider"
    return f"{slug}-provider" if slug in TAKEN_BY_PAGES else slug
