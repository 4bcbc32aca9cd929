"""Planned visits of assessors that wait for the provider's word."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import select

from app.domain.access import Action, Actor, Subject, may
from app.domain.lifecycle import EDITABLE, ENDED
from app.domain.to_do import Kind, ToDo
from app.domain.uk_time import spoken, uk_day
from app.domain.visits import ProposalState, VisitStatus
from app.extensions import db
from app.models import Application, Visit, VisitProposal

MOST = 50


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One thing for each visit to come that nobody has confirmed or proposed another time for. One statement."""
    own = [each for each in organisation_ids if may(actor, Action.ANSWER_QUESTION, Subject(organisation_id=each))]
    if not own:
        return []
    proposed = select(VisitProposal.id).where(
        VisitProposal.visit_id == Visit.id, VisitProposal.state == ProposalState.OPEN
    )
    found = db.session.execute(
        select(Visit.id, Visit.starts_at, Application.organisation_id)
        .join(Application, Application.id == Visit.application_id)
        .where(
            Application.organisation_id.in_(own),
            Application.status.not_in(ENDED | EDITABLE),
            Visit.status == VisitStatus.PLANNED,
            Visit.starts_at >= datetime.combine(today, time(), UTC),
            ~proposed.exists(),
        )
        .order_by(Visit.starts_at)
        .limit(MOST)
    ).all()
    return [
        ToDo(
            Kind.REQUEST,
            f"Say whether the assessor’s visit of {spoken(uk_day(starts_at))} suits",
            f"/visits/{visit_id}",
            due_on=uk_day(starts_at),
            organisation_id=organisation_id,
        )
        for visit_id, starts_at, organisation_id in found
    ]
