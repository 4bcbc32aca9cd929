"""Visits of assessors as the provider sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.access import Actor
from app.domain.errors import NotFound
from app.domain.visits import ProposalState
from app.extensions import db
from app.models import Visit
from app.queries.assess_visits import (
    MOST,
    DrawRow,
    ProposalRow,
    VisitRow,
    all_visits,
    draws_of,
    proposals_of,
    visit_row,
)
from app.queries.self_assessments import own_application


@dataclass(frozen=True)
class ProviderVisit:
    """One visit as its provider sees it. `draws` are shown once the visit has begun, so that nothing is made ready."""

    application_id: int
    organisation_id: int
    organisation: str
    row: VisitRow
    proposals: tuple[ProposalRow, ...]
    draws: tuple[DrawRow, ...]

    @property
    def waiting(self) -> ProposalRow | None:
        """The proposal that waits for the assessor's answer."""
        return next((each for each in self.proposals if each.state is ProposalState.OPEN), None)


def provider_visit(visit_id: int, actor: Actor, now: datetime) -> ProviderVisit:
    """One visit for the people of the organisation. Raises NotFound, NotAllowed."""
    visit = db.session.scalars(all_visits().where(Visit.id == visit_id)).first()
    application = own_application(visit.application_id if visit else 0, actor)
    if visit is None:
        raise NotFound("There is no such visit.")
    return ProviderVisit(
        application_id=application.id,
        organisation_id=application.organisation_id,
        organisation=application.organisation.name,
        row=visit_row(visit),
        proposals=proposals_of(visit.id),
        draws=draws_of(visit.id) if visit.starts_at <= now else (),
    )


def visits_of(application_id: int, actor: Actor) -> tuple[VisitRow, ...]:
    """Every visit of one application for the people of its organisation. Raises NotFound, NotAllowed."""
    application = own_application(application_id, actor)
    found = db.session.scalars(
        all_visits().where(Visit.application_id == application.id).order_by(Visit.starts_at.desc()).limit(MOST)
    )
    return tuple(visit_row(each) for each in found)
