"""Help from outside that ends by itself after its last day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from app.domain.access import NOBODY
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import AdviserGrant
from app.services.helping import untie
from app.services.telling import tell
from app.services.transactions import locked, record, transaction

AT_ONCE = 500


def end_advice_past_its_day(now: datetime) -> int:
    """Close what ran out before today, so that the scheme's bar begins to run, and tell the advisers. Gives how many.

    The rights themselves ended with the day: this only settles it. At most 500 at once; the rest is the next day's.
    """
    today = uk_day(now)
    return sum(_end(grant_id, now, today) for grant_id in _past(today))


def _past(today: date) -> list[int]:
    with transaction() as session:
        past = select(AdviserGrant.id).where(AdviserGrant.ended_at.is_(None), AdviserGrant.ends_on < today)
        return list(session.scalars(past.order_by(AdviserGrant.id).limit(AT_ONCE)))


def _end(grant_id: int, now: datetime, today: date) -> bool:
    with transaction() as session:
        grant = locked(session, AdviserGrant, grant_id)
        if grant.ended_at is not None or grant.ends_on is None or grant.ends_on >= today:
            return False  # a colleague has ended it or put it off meanwhile
        grant.ended_at, grant.version = now, grant.version + 1
        untie(session, grant, now)
        own = grant.organisation
        record(session, NOBODY, "adviser.ended", grant, now, organisation_id=own.id, person=grant.user.name)
        words = {"organisation": own.name, "ends_on": grant.ends_on}
        tell(session, [grant.user], "adviser_ended", now, topic=Topic.PEOPLE, **words)
        return True
