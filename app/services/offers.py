"""What a provider says of its own services' capacity and waiting times: each change is on the register at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor, Subject, require
from app.domain.errors import Conflict, Invalid
from app.domain.offers import Said, Taking
from app.models import Organisation, ServiceOffer
from app.queries.offers import services_of
from app.services.register import republish_details
from app.services.transactions import locked, record, transaction

CHANGED = (
    "A colleague changed this while you were writing. Nothing of yours is lost, and nothing of theirs was overwritten."
)


@dataclass(frozen=True)
class Change:
    """What somebody says of one service now, and the version that they saw of it: 0 where nothing was said yet."""

    said: Said
    version: int = 0


class OffersChanged(Conflict):
    """A colleague said something else of `services` (codes) meanwhile. Nothing was saved."""

    def __init__(self, services: tuple[str, ...]) -> None:
        super().__init__(CHANGED)
        self.services = services


def say_offers(organisation_id: int, changes: Sequence[Change], *, actor: Actor, now: datetime) -> int:
    """Say what is new of some services, dated now; the others keep their day. Returns how many changed.

    A change without `taking` takes back what was said. Raises NotAllowed, NotFound, OffersChanged, and Invalid with every
    fault under "<service>-<field>".
    """
    require(actor, Action.EDIT_ORGANISATION, Subject(organisation_id=organisation_id))
    with transaction() as session:
        organisation = locked(session, Organisation, organisation_id)
        _check(session, organisation, changes)
        rows = _rows(session, organisation_id)
        wanted = [each for each in changes if _as_said(rows.get(each.said.service)) != _words_of(each.said)]
        _refuse_overwriting({each.said.service: each.version for each in wanted}, rows)
        if not wanted:
            return 0
        before = {each.said.service: _as_said(rows.get(each.said.service)) for each in wanted}
        for each in wanted:
            _put(session, organisation_id, rows.get(each.said.service), each.said, actor, now)
        after = {each.said.service: _words_of(each.said) for each in wanted}
        owner = {"organisation_id": organisation_id}
        record(session, actor, "capacity.said", organisation, now, **owner, before=before, after=after)
        republish_details(session, organisation, now)
        return len(wanted)


def confirm_offers(organisation_id: int, versions: Mapping[str, int], *, actor: Actor, now: datetime) -> int:
    """Say that everything shown is still right: all of it is dated now. Returns of how many services.

    `versions` maps each service that the page showed to the version shown. Raises NotAllowed, NotFound, OffersChanged.
    """
    require(actor, Action.EDIT_ORGANISATION, Subject(organisation_id=organisation_id))
    with transaction() as session:
        organisation = locked(session, Organisation, organisation_id)
        rows = _rows(session, organisation_id)
        _refuse_overwriting(versions, rows)
        for service in versions:
            _date(rows[service], actor, now)
        if versions:
            services = sorted(versions)
            owner = {"organisation_id": organisation_id}
            record(session, actor, "capacity.confirmed", organisation, now, **owner, services=services)
            republish_details(session, organisation, now)
        return len(versions)


def _rows(session: Session, organisation_id: int) -> dict[str, ServiceOffer]:
    found = session.scalars(select(ServiceOffer).where(ServiceOffer.organisation_id == organisation_id))
    return {row.service: row for row in found}


def _check(session: Session, organisation: Organisation, changes: Sequence[Change]) -> None:
    known = services_of(session, organisation)
    errors: dict[str, str] = {}
    for each in changes:
        service = each.said.service
        if service not in known:
            errors[f"{service}-taking"] = "This is none of your services. Add it to your profile first."
        errors |= {f"{service}-{name}": sentence for name, sentence in each.said.faults().items()}
    if errors:
        raise Invalid(errors)


def _refuse_overwriting(seen: Mapping[str, int], rows: Mapping[str, ServiceOffer]) -> None:
    stands = {service: rows[service].version if service in rows else 0 for service in seen}
    behind = tuple(sorted(service for service, version in seen.items() if stands[service] != version))
    if behind:
        raise OffersChanged(behind)


def _put(
    session: Session, organisation_id: int, row: ServiceOffer | None, said: Said, actor: Actor, now: datetime
) -> None:
    if said.taking is None:
        if row is not None:
            session.delete(row)
        return
    if row is None:
        row = ServiceOffer(organisation_id=organisation_id, service=said.service, version=0)
        session.add(row)
    for name, value in _words_of(said).items():
        setattr(row, name, value)
    row.taking = said.taking
    row.version += 1
    _date(row, actor, now)


def _date(row: ServiceOffer, actor: Actor, now: datetime) -> None:
    row.said_at, row.said_by_id, row.reminded = now, actor.user_id or 0, 0


def _words_of(said: Said) -> dict[str, Any]:
    """As the audit trail writes it; empty where nothing is said."""
    if said.taking is None:
        return {}
    figures = {"capacity": said.capacity, "free": said.free, "weeks": said.weeks}
    return {"taking": said.taking.value, **figures, "how": said.how.strip()}


def _as_said(row: ServiceOffer | None) -> dict[str, Any]:
    if row is None:
        return {}
    return _words_of(Said(row.service, Taking(row.taking), row.capacity, row.free, row.weeks, row.how))
