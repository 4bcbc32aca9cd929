"""Which of a case's assessors leads: one of those who have a part in it, and never two."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.lifecycle import AssessmentStatus
from app.models import Assessment

TAKING_PART = frozenset({AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN, AssessmentStatus.HANDED_IN})


def settle_lead(session: Session, application_id: int, chosen: int | None = None) -> Assessment | None:
    """Give the lead to the assessment with the id `chosen`, or leave it where it is; else to the one assigned first.

    Returns the assessment that leads, None where nobody has a part in the case.
    """
    session.flush()
    every = session.scalars(
        select(Assessment).where(Assessment.application_id == application_id).order_by(Assessment.assigned_at)
    ).all()
    taking = sorted(
        (each for each in every if each.status in TAKING_PART), key=lambda each: (each.assigned_at, each.id)
    )
    named = [each for each in taking if each.id == chosen] or [each for each in taking if each.lead] or taking
    for each in every:
        if each.lead and each not in named[:1]:
            each.lead = False
    session.flush()  # the database lets one lead, so the one before goes before another comes
    if named:
        named[0].lead = True
    return named[0] if named else None
