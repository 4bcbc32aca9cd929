"""Which addresses of evidence are to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.links import LinkState
from app.models import AttachedEvidence, EvidenceItem, EvidenceVersion, LinkCheck, Organisation


@dataclass(frozen=True)
class DueLink:
    """One version whose address is to be looked at, and what was known of it; `first` where nothing was."""

    version_id: int
    url: str
    state: LinkState
    first: bool


def links_due(session: Session, today: date, most: int, *, invented: bool = False) -> tuple[DueLink, ...]:
    """Addresses that count for something, never looked at first, then those whose turn came longest ago. One statement.

    The newest version of a piece counts, unless it is archived, and so does one that was handed in. The addresses of
    invented organisations were made up, and are looked at only with `invented`.
    """
    last = (
        select(func.max(EvidenceVersion.number))
        .where(EvidenceVersion.item_id == EvidenceItem.id)
        .correlate(EvidenceItem)
        .scalar_subquery()
    )
    pinned = select(AttachedEvidence.id).where(AttachedEvidence.version_id == EvidenceVersion.id).exists()
    newest = (EvidenceVersion.number == last) & EvidenceItem.archived_at.is_(None)
    found = session.execute(
        select(EvidenceVersion.id, EvidenceVersion.url, LinkCheck)
        .join(EvidenceItem, EvidenceItem.id == EvidenceVersion.item_id)
        .join(Organisation, Organisation.id == EvidenceItem.organisation_id)
        .outerjoin(LinkCheck, LinkCheck.version_id == EvidenceVersion.id)
        .where(EvidenceVersion.url != "", or_(newest, pinned), Organisation.invented.is_(invented))
        .where(or_(LinkCheck.version_id.is_(None), LinkCheck.next_on <= today))
        .order_by(LinkCheck.next_on.is_not(None), LinkCheck.next_on, EvidenceVersion.id)
        .limit(most)
    )
    return tuple(DueLink(version_id, url, _state(check, today), check is None) for version_id, url, check in found)


def _state(check: LinkCheck | None, today: date) -> LinkState:
    if check is None:
        return LinkState(next_on=today)
    return LinkState(check.next_on, check.failing_since, check.failed_days, check.dead_since)
