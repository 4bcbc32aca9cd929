"""Keeping the ties that the system notices: from memberships, from advice, and from what is declared on a case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.impartiality import TieKind, Whose
from app.models import Interest

LONGEST_NATURE = 500


def keep_tie(
    session: Session,
    user_id: int,
    organisation_id: int,
    nature: str,
    now: datetime,
    *,
    kind: TieKind = TieKind.OTHER,
    whose: Whose = Whose.OWN,
) -> None:
    """Keep a tie that lasts. One that is on record already, in the same words, is not kept twice."""
    words = nature.strip()[:LONGEST_NATURE]
    for known in lasting(session, user_id, organisation_id):
        if (known.nature, known.kind, known.whose) == (words, kind, whose):
            return
    session.add(
        Interest(
            user_id=user_id,
            organisation_id=organisation_id,
            nature=words,
            kind=kind,
            whose=whose,
            noticed=True,
            declared_at=now,
        )
    )


def keep_past_work(
    session: Session, user_id: int, organisation_id: int, nature: str, since: datetime, now: datetime
) -> None:
    """Keep that somebody worked for the organisation from `since` until now."""
    session.add(
        Interest(
            user_id=user_id,
            organisation_id=organisation_id,
            nature=nature,
            kind=TieKind.WORKS,
            noticed=True,
            since_on=since.date(),
            declared_at=now,
            ended_at=now,
        )
    )


def lasting(session: Session, user_id: int, organisation_id: int) -> list[Interest]:
    """The ties of one person to one organisation that have not ended."""
    return list(
        session.scalars(
            select(Interest)
            .where(
                Interest.user_id == user_id,
                Interest.organisation_id == organisation_id,
                Interest.ended_at.is_(None),
                Interest.closed_at.is_(None),
            )
            .order_by(Interest.id)
        )
    )


def end_advice(session: Session, user_id: int, organisation_id: int, now: datetime) -> None:
    """End the tie that advice made. One that the person declared on their own goes on."""
    for known in lasting(session, user_id, organisation_id):
        if known.noticed and known.kind is TieKind.ADVISES:
            known.ended_at = now
