"""Forgetting who opened a pack, once nobody can need it any more."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from app.domain.uk_time import UK
from app.models import PackOpening, PackShare
from app.services.transactions import transaction

KEPT_AFTER_END = timedelta(days=2 * 365)
MOST_AT_ONCE = 5_000


def forget_readers(now: datetime) -> int:
    """Take the names out of the log of codes that ended two years ago; when and what stays. Returns how many lines."""
    before = now - KEPT_AFTER_END
    over = or_(PackShare.ended_at < before, PackShare.ends_on < before.astimezone(UK).date())
    named = (PackOpening.name != "") | (PackOpening.organisation != "") | PackOpening.user_id.is_not(None)
    lines = (
        select(PackOpening.id)
        .join(PackShare, PackShare.id == PackOpening.share_id)
        .where(over, named)
        .order_by(PackOpening.id)
        .limit(MOST_AT_ONCE)
    )
    with transaction() as session:
        ids = list(session.scalars(lines))
        nothing = {"name": "", "organisation": "", "user_id": None}
        session.execute(update(PackOpening).where(PackOpening.id.in_(ids)).values(**nothing))
        return len(ids)
