"""What an organisation says of its services' capacity, for those who say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.access import Action, Actor
from app.domain.offers import Offer, Said
from app.domain.uk_time import uk_day
from app.extensions import db
from app.models import Organisation, RegisterEntry, ServiceOffer, User
from app.queries.lists import SERVICES, title
from app.queries.organisations import own_organisation
from app.queries.register_rows import STANDING

MOST_ROWS = 2_000


@dataclass(frozen=True)
class ServiceRow:
    """One service: what is said of it, by whom and when, and the version of that; None and 0 where nothing is said yet.

    `published` tells whether an award covers it, so that the register shows it.
    """

    service: str
    title: str
    published: bool
    offer: Offer | None
    said_at: datetime | None = None
    said_by: str = ""
    version: int = 0

    @property
    def said(self) -> Said:
        """What the form begins with."""
        if self.offer is None:
            return Said(self.service)
        known = self.offer
        return Said(self.service, known.taking, known.capacity, known.free, known.weeks, known.how)


@dataclass(frozen=True)
class CapacityPage:
    """Every service of an organisation, those on the register first. `slug` is empty while it is not on the register."""

    organisation_id: int
    organisation: str
    slug: str
    rows: tuple[ServiceRow, ...]
    today: date

    @property
    def told(self) -> tuple[ServiceRow, ...]:
        return tuple(row for row in self.rows if row.offer is not None)

    @property
    def stale(self) -> tuple[ServiceRow, ...]:
        return tuple(row for row in self.told if row.published and row.offer and row.offer.stale(self.today))


def capacity_page(organisation_id: int, actor: Actor, today: date) -> CapacityPage:
    """For whoever may change the profile. Three statements. Raises NotFound, NotAllowed."""
    organisation = own_organisation(organisation_id, actor, Action.EDIT_ORGANISATION)
    entries = db.session.execute(_standing([organisation_id], today)).all()
    published = {service for _, _, services in entries for service in services}
    found = db.session.execute(
        select(ServiceOffer, User.name)
        .join(User, User.id == ServiceOffer.said_by_id)
        .where(ServiceOffer.organisation_id == organisation_id)
        .limit(MOST_ROWS)
    )
    said = {row.service: (row, name) for row, name in found}
    rows = [_row(code, code in published, said.get(code)) for code in {*published, *organisation.services}]
    return CapacityPage(
        organisation_id=organisation.id,
        organisation=organisation.name,
        slug=next((slug for _, slug, _ in entries), ""),
        rows=tuple(sorted(rows, key=lambda row: (not row.published, row.title.casefold()))),
        today=today,
    )


def services_of(session: Session, organisation: Organisation) -> set[str]:
    """The codes of services of which an organisation can say something: its own, and those that its awards cover."""
    covered = session.execute(_entries([organisation.id])).all()
    return {*organisation.services, *(service for _, _, services in covered for service in services)}


def asked_again(organisation_ids: Sequence[int], today: date) -> dict[int, tuple[Offer, ...]]:
    """What these organisations' register entries say of capacity that has gone, or soon goes, out of date. Two statements."""
    covered: dict[int, set[str]] = {}
    for organisation_id, _, services in db.session.execute(_standing(organisation_ids, today)):
        covered.setdefault(organisation_id, set()).update(services)
    found: dict[int, tuple[Offer, ...]] = {}
    said = select(ServiceOffer).where(ServiceOffer.organisation_id.in_(covered)).order_by(ServiceOffer.id)
    for row in db.session.scalars(said.limit(MOST_ROWS)):
        offer = offer_of(row)
        if row.service in covered[row.organisation_id] and offer.soon_stale(today):
            found[row.organisation_id] = (*found.get(row.organisation_id, ()), offer)
    return found


def offer_of(row: ServiceOffer) -> Offer:
    """The stored row as the rules take it."""
    return Offer(row.service, row.taking, uk_day(row.said_at), row.capacity, row.free, row.weeks, row.how)


def _row(code: str, published: bool, said: tuple[ServiceOffer, str] | None) -> ServiceRow:
    if said is None:
        return ServiceRow(code, title(SERVICES, code), published, None)
    row, name = said
    return ServiceRow(code, title(SERVICES, code), published, offer_of(row), row.said_at, name, row.version)


def _standing(organisation_ids: Sequence[int], today: date) -> Select[tuple[int, str, list[str]]]:
    """The same, of those whose last day has not passed either."""
    return _entries(organisation_ids).where(RegisterEntry.expires_on >= today)


def _entries(organisation_ids: Sequence[int]) -> Select[tuple[int, str, list[str]]]:
    """Organisation, address and services of each entry whose award has not ended by a decision."""
    return (
        select(RegisterEntry.organisation_id, RegisterEntry.slug, RegisterEntry.services)
        .where(RegisterEntry.organisation_id.in_(organisation_ids), RegisterEntry.status.in_(STANDING))
        .order_by(RegisterEntry.id)
        .limit(MOST_ROWS)
    )
