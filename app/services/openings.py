"""Which evidence an assessor opened: noted once for each version, when it was first shown to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.domain.access import Actor, Role
from app.domain.lifecycle import AssessmentStatus
from app.models import Assessment, AttachedEvidence, EvidenceOpening
from app.services.transactions import transaction

MOST = 20


def note_opening(version_id: int, *, actor: Actor, now: datetime) -> int:
    """Note that the actor opened this version, in each case that they assess and in which it stands. Returns how many.

    For everybody else, and a second time, nothing is written. Who may open it was decided before.
    """
    if Role.ASSESSOR not in actor.roles:
        return 0
    cases = (
        select(Assessment.id)
        .join(AttachedEvidence, AttachedEvidence.application_id == Assessment.application_id)
        .where(
            Assessment.assessor_id == actor.user_id,
            Assessment.status == AssessmentStatus.OPEN,
            AttachedEvidence.version_id == version_id,
            ~select(EvidenceOpening.assessment_id)
            .where(EvidenceOpening.assessment_id == Assessment.id, EvidenceOpening.version_id == version_id)
            .exists(),
        )
        .distinct()
        .order_by(Assessment.id)
        .limit(MOST)
    )
    with transaction() as session:
        found = session.scalars(cases).all()
        session.add_all(EvidenceOpening(assessment_id=each, version_id=version_id, opened_at=now) for each in found)
    return len(found)
