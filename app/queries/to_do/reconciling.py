"""What waits for a lead assessor: cases whose assessors scored differently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Role, may_somewhere
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Application, Assessment
from app.queries.outcomes import lead_of, that_count

MOST = 50


def things(actor: Actor, today: date) -> list[ToDo]:
    """One thing for each case whose scores the actor, who leads it, has to settle. Two statements."""
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.ASSESSOR in roles]
    if not schemes or not may_somewhere(actor, Action.SEE_ASSESSMENTS):
        return []
    own = db.session.scalars(
        select(Assessment.application_id)
        .join(Application, Application.id == Assessment.application_id)
        .where(
            Assessment.assessor_id == actor.user_id,
            Assessment.status == AssessmentStatus.HANDED_IN,
            Application.status == ApplicationStatus.RECONCILING,
            Application.scheme_id.in_(schemes),
            Application.organisation_id.not_in(sorted(actor.judges_none_of)),
        )
        .order_by(Application.status_at, Application.id)
        .limit(MOST)
    ).all()
    return [_thing(lead) for lead in (_leads(own) if own else ()) if lead.assessor_id == actor.user_id]


def _leads(application_ids: Sequence[int]) -> list[Assessment]:
    """Who leads each of these cases."""
    found: dict[int, list[Assessment]] = defaultdict(list)
    rows = db.session.scalars(
        select(Assessment)
        .where(Assessment.application_id.in_(application_ids), Assessment.status == AssessmentStatus.HANDED_IN)
        .options(
            joinedload(Assessment.application).joinedload(Application.organisation),
            joinedload(Assessment.application).joinedload(Application.edition),
        )
        .order_by(Assessment.handed_in_at, Assessment.id)
    )
    for each in rows:
        found[each.application_id].append(each)
    return [lead_of(counts) for done in found.values() if (counts := that_count(done[0].application, done))]


def _thing(lead: Assessment) -> ToDo:
    what = f"Settle the scores of {lead.application.organisation.name}"
    return ToDo(Kind.ASSESSMENT, what, f"/assessments/{lead.id}/reconcile", when="The assessors scored differently")
