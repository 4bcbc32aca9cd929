"""What waits for an assessor: interests to declare, cases to score."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.access import Action, Actor, Role, may_somewhere
from app.domain.lifecycle import AssessmentStatus
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Application, Assessment

MOST = 50
WORKING = (AssessmentStatus.ASSIGNED, AssessmentStatus.OPEN)


def things(actor: Actor, today: date) -> list[ToDo]:
    """One thing for each case that the actor has to declare on or to assess, in the schemes they assess for. One statement.

    Before the declaration it names the provider and nothing of the case, as the letter does.
    """
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.ASSESSOR in roles]
    if not schemes or not may_somewhere(actor, Action.SEE_ASSESSMENTS):
        return []
    found = db.session.scalars(
        select(Assessment)
        .join(Application, Application.id == Assessment.application_id)
        .where(
            Assessment.assessor_id == actor.user_id,
            Assessment.status.in_(WORKING),
            Application.scheme_id.in_(schemes),
            Application.organisation_id.not_in(sorted(actor.judges_none_of)),
        )
        .options(joinedload(Assessment.application).joinedload(Application.organisation))
        .order_by(Assessment.due_on, Assessment.id)
        .limit(MOST)
    ).all()
    return [_thing(each) for each in found]


def _thing(assessment: Assessment) -> ToDo:
    provider = assessment.application.organisation.name
    if assessment.status is AssessmentStatus.ASSIGNED:
        what, path = f"Declare your interests in {provider}", f"/assessments/{assessment.id}/declare"
    else:
        what, path = f"Assess {provider}", f"/assessments/{assessment.id}"
    return ToDo(Kind.ASSESSMENT, what, path, due_on=assessment.due_on)
