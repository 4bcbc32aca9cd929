"""Sittings read back from the audit trail: see app.domain.sittings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.sittings import told_as_one
from app.models import AuditRow

BEGUN, CONTINUED = "answer.recorded", "answer.continued"
MOST_SAVES = 10_000
"""Over the sittings of one page: each lasts minutes, and saves itself every few seconds at the most."""


def whole_details(session: Session, rows: Sequence[AuditRow]) -> dict[int, Mapping[str, Any]]:
    """The detail of each of these rows, that of a sitting as a whole. One statement."""
    begun = [row for row in rows if row.action == BEGUN]
    more: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    if begun:
        found = session.scalars(
            select(AuditRow)
            .where(
                AuditRow.action == CONTINUED,
                AuditRow.subject == begun[0].subject,
                AuditRow.subject_id.in_({row.subject_id for row in begun}),
                AuditRow.id > min(row.id for row in begun),
            )
            .order_by(AuditRow.id)
            .limit(MOST_SAVES)
        )
        for each in found:
            more[each.detail["sitting"]].append({**each.detail, "until": each.at.isoformat()})
    return {row.id: told_as_one(row.detail, more[row.id]) if row.id in more else row.detail for row in rows}
