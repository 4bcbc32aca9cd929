"""Asking providers whether what they said of their capacity is still right."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain.offers import SOON, STALE_AFTER, Offer
from app.domain.topics import Topic
from app.domain.uk_time import UK, uk_day
from app.models import Organisation, RegisterEntry, ServiceOffer
from app.queries.lists import SERVICES, title
from app.queries.offers import offer_of
from app.queries.register_rows import STANDING
from app.services.telling import people_of, tell
from app.services.transactions import transaction

MOST = 2_000
BEFORE, OVER = 1, 2  # values of ServiceOffer.reminded


def remind_of_capacity(now: datetime) -> int:
    """Ask the people of each organisation before what they said goes out of date, and tell them once it has.

    One message for an organisation, only about services that the register shows. Returns how many services were named.
    Running it twice on a day tells nothing twice.
    """
    today = uk_day(now)
    with transaction() as session:
        due: dict[int, list[Offer]] = defaultdict(list)
        for row in _due(session, today):
            offer = offer_of(row)
            row.reminded = OVER if offer.stale(today) else BEFORE
            due[row.organisation_id].append(offer)
        shown = _shown(session, list(due), today)
        named = 0
        for organisation_id, offers in due.items():
            told = [offer for offer in offers if offer.service in shown.get(organisation_id, set())]
            if told:
                _tell(session, organisation_id, told, now, today)
            named += len(told)
        return named


def _due(session: Session, today: date) -> list[ServiceOffer]:
    over = ServiceOffer.said_at < _begin(today - STALE_AFTER)
    soon = ServiceOffer.said_at < _begin(today - STALE_AFTER + SOON, after=True)
    found = session.scalars(
        select(ServiceOffer)
        .where(or_(and_(over, ServiceOffer.reminded < OVER), and_(soon, ServiceOffer.reminded < BEFORE)))
        .order_by(ServiceOffer.said_at, ServiceOffer.id)
        .limit(MOST)
        .with_for_update()
    )
    return list(found)


def _begin(day: date, *, after: bool = False) -> datetime:
    """The moment at which a day begins in the United Kingdom, or the day after it."""
    return datetime.combine(date.fromordinal(day.toordinal() + after), time(), UK)


def _shown(session: Session, organisation_ids: list[int], today: date) -> dict[int, set[str]]:
    """The services that the register shows of each organisation."""
    found: dict[int, set[str]] = defaultdict(set)
    entries = select(RegisterEntry.organisation_id, RegisterEntry.services).where(
        RegisterEntry.organisation_id.in_(organisation_ids),
        RegisterEntry.status.in_(STANDING),
        RegisterEntry.expires_on >= today,
    )
    for organisation_id, services in session.execute(entries):
        found[organisation_id].update(services)
    return found


def _tell(session: Session, organisation_id: int, offers: list[Offer], now: datetime, today: date) -> None:
    tell(
        session,
        people_of(session, organisation_id),
        "capacity_stale",
        now,
        topic=Topic.REGISTER,
        organisation=session.get_one(Organisation, organisation_id).name,
        organisation_id=organisation_id,
        services=[(title(SERVICES, offer.service), offer.said_on, offer.fresh_until) for offer in offers],
        today=today,
    )
