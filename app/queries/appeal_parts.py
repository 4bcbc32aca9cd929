"""Who had a part in a decision that an appeal has set aside: they do not decide anew."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.lifecycle import DecisionStatus
from app.models import Appeal, Decision, PanelSeat, Reviewer


def decided_before(session: Session, application_id: int) -> frozenset[int]:
    """Whoever sat on a panel of the case whose decision was set aside, or reviewed an appeal in it. One statement."""
    sat = (
        select(PanelSeat.user_id)
        .join(Decision, Decision.panel_id == PanelSeat.panel_id)
        .where(Decision.application_id == application_id, Decision.status == DecisionStatus.SET_ASIDE)
    )
    reviewed = (
        select(Reviewer.user_id)
        .join(Appeal, Appeal.id == Reviewer.appeal_id)
        .where(Appeal.application_id == application_id)
    )
    return frozenset(session.scalars(sat.union(reviewed)))
