"""Telling those who want to hear of it that a provider said anew what its services can take on: once a day, gathered.

Capacity writes no event of its own (app.services.register), so it is found by the day on which it was said.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.offers import TAKING_WORDS, Taking
from app.domain.topics import Topic, Way
from app.domain.watching import Heard
from app.models import AlertCursor, RegisterEntry, ServiceOffer, Team, Watch
from app.queries.lists import SERVICES, title
from app.services.owning import people_behind
from app.services.telling import tell_rather
from app.services.transactions import transaction

CAPACITY = "capacity"
MOST = 2_000


def tell_of_capacity(now: datetime) -> int:
    """Tell of what was said since the last time. Returns how many providers were told of.

    Looks at what was said lately at providers that somebody watches, and at nothing else.
    """
    with transaction() as session:
        cursor = session.get(AlertCursor, CAPACITY, with_for_update=True)
        if cursor is None:
            session.add(AlertCursor(name=CAPACITY, position=0, updated_at=now))
            return 0
        entries = session.scalars(
            select(RegisterEntry)
            .where(
                RegisterEntry.organisation_id.in_(
                    select(ServiceOffer.organisation_id).where(
                        ServiceOffer.said_at > cursor.updated_at, ServiceOffer.said_at <= now
                    )
                ),
                RegisterEntry.id.in_(select(Watch.entry_id).where(Watch.removed_at.is_(None))),
            )
            .order_by(RegisterEntry.id)
            .limit(MOST)
        ).all()
        told = sum(_tell(session, entry, cursor.updated_at, now) for entry in entries)
        cursor.updated_at = now
        return told


def _tell(session: Session, entry: RegisterEntry, since: datetime, now: datetime) -> int:
    lines = [_line(offer) for offer in entry.offers if offer["said_on"] >= since.date().isoformat()]
    if not lines:
        return 0
    live = (Watch.entry_id == entry.id, Watch.removed_at.is_(None), Watch.paused.is_(False), Watch.created_at <= now)
    values = {"provider": entry.name, "path": f"/register/{entry.slug}", "number": "", "on": now}
    values |= {"words": "\n".join(lines), "heard": Heard.CAPACITY.value}
    for watch in session.scalars(select(Watch).where(*live).order_by(Watch.id).limit(MOST)):
        if Heard.CAPACITY.value in watch.hears:
            team = session.get_one(Team, watch.team_id).name if watch.team_id else ""
            people = people_behind(session, watch)
            tell_rather(session, people, "watch_news", now, topic=Topic.WATCHED, rather=Way.DAILY, team=team, **values)
    return 1


def _line(offer: dict[str, object]) -> str:
    """Home care: has a waiting list, about 3 weeks."""
    words = TAKING_WORDS[Taking(str(offer["taking"]))]
    weeks = offer.get("weeks")
    wait = f", about {weeks} {'week' if weeks == 1 else 'weeks'}" if weeks else ""
    return f"{title(SERVICES, str(offer['service']))}: {words[0].lower()}{words[1:]}{wait}."
