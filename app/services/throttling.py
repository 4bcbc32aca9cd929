"""Slowing down who guesses: tries are counted in the database, for all workers alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from app.domain.errors import Throttled
from app.extensions import db
from app.models import SignInAttempt
from app.services.transactions import transaction

KEPT = timedelta(days=1)
MOST_SWEPT = 500


@dataclass(frozen=True)
class Limit:
    """At most `most` tries that did not succeed within `window`."""

    most: int
    window: timedelta


def take_turn(limits: dict[str, Limit], now: datetime) -> list[int]:
    """Count one try against each key, as failed until `succeed` is told of it. Raises Throttled, then uncounted.

    The try is committed before the others are counted: however many come at once, each sees all that came before it,
    so no more than the limit get through.
    """
    with transaction() as session:
        old = select(SignInAttempt.id).where(SignInAttempt.at < now - KEPT).order_by(SignInAttempt.at).limit(MOST_SWEPT)
        session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(old)))
        rows = [SignInAttempt(key=key, at=now, succeeded=False) for key in limits]
        session.add_all(rows)
        session.flush()
        ids = [row.id for row in rows]
    wait = max(_wait(key, limit, now) for key, limit in limits.items())
    if wait <= timedelta(0):
        return ids
    with transaction() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.id.in_(ids)))
    minutes = math.ceil(wait.total_seconds() / 60)
    when = "in a minute" if minutes <= 1 else f"in {minutes} minutes"
    raise Throttled(f"That was tried too often in a short time. Try again {when}.", int(wait.total_seconds()) + 1)


def succeed(turn: list[int], key: str) -> None:
    """The try went well. The earlier failures of `key` are forgiven: who knows the password is no guesser."""
    with transaction() as session:
        well = or_(SignInAttempt.id.in_(turn), SignInAttempt.key == key)
        session.execute(update(SignInAttempt).where(well).values(succeeded=True))


def _wait(key: str, limit: Limit, now: datetime) -> timedelta:
    """How long until there is room for one more; nothing or less if there is room now for the try just counted."""
    times = db.session.scalars(
        select(SignInAttempt.at)
        .where(SignInAttempt.key == key, SignInAttempt.at > now - limit.window, SignInAttempt.succeeded.is_(False))
        .order_by(SignInAttempt.at.desc(), SignInAttempt.id.desc())
        .limit(limit.most + 1)
    ).all()
    if len(times) <= limit.most:
        return timedelta(0)
    # The newest is the try itself; room comes when the oldest of the `most` before it leaves the window.
    return times[-1] + limit.window - now
