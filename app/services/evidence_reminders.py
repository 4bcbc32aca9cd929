"""Saying ahead of time which evidence runs out."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import EvidenceItem, EvidenceNotice, EvidenceVersion, Organisation
from app.services.telling import people_of, tell
from app.services.transactions import transaction

AHEAD = (60, 14, 0)  # days before the last day on which it counts; on that day, or once it is over, the last
FORGOTTEN = timedelta(days=30)  # what ran out longer ago when we first look is no news
MOST = 2_000
Piece = tuple[int, str, date]  # id, title, the last day on which it counts


def remind_of_expiry(now: datetime) -> int:
    """Tell the people of each organisation what runs out in 60 days, in 14, and now. Returns how many pieces were named.

    Each is named once at each of these, in one message for an organisation; what was missed is made up for by the latest.
    Running it twice on a day tells nothing twice.
    """
    today = uk_day(now)
    with transaction() as session:
        told = _told(session, today)
        due: dict[int, list[Piece]] = defaultdict(list)
        for item, version in _running_out(session, today):
            step = _step(version.expires_on, today)
            if (version.id, f"expiry-{step}") in told:
                continue
            for passed in AHEAD[: AHEAD.index(step) + 1]:
                if (version.id, f"expiry-{passed}") not in told:
                    session.add(EvidenceNotice(version_id=version.id, about=f"expiry-{passed}", told_at=now))
            due[item.organisation_id].append((item.id, item.title, version.expires_on or today))
        for organisation_id, pieces in due.items():
            _tell(session, organisation_id, pieces, now, today)
        return sum(len(pieces) for pieces in due.values())


def _tell(session: Session, organisation_id: int, pieces: list[Piece], now: datetime, today: date) -> None:
    tell(
        session,
        people_of(session, organisation_id),
        "evidence_expiring",
        now,
        topic=Topic.EVIDENCE,
        organisation=session.get_one(Organisation, organisation_id).name,
        organisation_id=organisation_id,
        pieces=pieces,
        today=today,
    )


def _step(expires_on: date | None, today: date) -> int:
    """Which of AHEAD is due: the last whose day has come."""
    left = (expires_on - today).days if expires_on else AHEAD[0]
    return min(days for days in AHEAD if left <= days or days == AHEAD[0])


def _running_out(session: Session, today: date) -> list[tuple[EvidenceItem, EvidenceVersion]]:
    newer = select(func.max(EvidenceVersion.number)).where(EvidenceVersion.item_id == EvidenceItem.id)
    found = session.execute(
        select(EvidenceItem, EvidenceVersion)
        .join(EvidenceVersion, EvidenceVersion.item_id == EvidenceItem.id)
        .where(
            EvidenceVersion.expires_on.between(today - FORGOTTEN, today + timedelta(days=AHEAD[0])),
            EvidenceVersion.number == newer.correlate(EvidenceItem).scalar_subquery(),
            EvidenceItem.archived_at.is_(None),
        )
        .order_by(EvidenceVersion.expires_on, EvidenceItem.id)
        .limit(MOST)
    )
    return [(item, version) for item, version in found]


def _told(session: Session, today: date) -> set[tuple[int, str]]:
    found = session.execute(
        select(EvidenceNotice.version_id, EvidenceNotice.about)
        .join(EvidenceVersion, EvidenceVersion.id == EvidenceNotice.version_id)
        .where(EvidenceVersion.expires_on.between(today - FORGOTTEN, today + timedelta(days=AHEAD[0])))
    )
    return {(version_id, about) for version_id, about in found}
