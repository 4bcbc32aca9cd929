"""Reports that wait: for their provider to check, for their lead assessor to begin, answer, finish and sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from app.domain.access import Action, Actor, Role, Subject, may
from app.domain.lifecycle import ApplicationStatus, AssessmentStatus, ReportStatus
from app.domain.to_do import Kind, ToDo
from app.extensions import db
from app.models import Application, Assessment, FrameworkEdition, Organisation, Report, ReportCheck
from app.queries.report_remarks import report_terms

MOST = 50
NEXT = {
    ReportStatus.DRAFT: "Write the report on {}",
    ReportStatus.ANSWERED: "Answer what {} said on the report, and finish it",
    ReportStatus.FINAL: "Sign the report on {}",
}


def things(organisation_ids: Sequence[int], actor: Actor, today: date) -> list[ToDo]:
    """One thing for each report that waits for the organisation's check. One statement."""
    own = [each for each in organisation_ids if may(actor, Action.CHECK_REPORT, Subject(organisation_id=each))]
    if not own:
        return []
    found = db.session.execute(
        select(
            Application.id,
            Application.organisation_id,
            FrameworkEdition.title,
            FrameworkEdition.edition,
            ReportCheck.due_on,
        )
        .join(Report, Report.application_id == Application.id)
        .join(ReportCheck, ReportCheck.report_id == Report.id)
        .join(FrameworkEdition, FrameworkEdition.id == Application.edition_id)
        .where(
            Application.organisation_id.in_(own),
            Application.status != ApplicationStatus.WITHDRAWN,
            ReportCheck.ended.is_(None),
        )
        .order_by(ReportCheck.due_on, Application.id)
        .limit(MOST)
    ).all()
    return [
        ToDo(
            Kind.REPORT,
            f"Check the assessment report for {title} {edition}",
            f"/applications/{application_id}/report",
            due_on=due_on,
            organisation_id=organisation_id,
        )
        for application_id, organisation_id, title, edition, due_on in found
    ]


def for_assessors(actor: Actor, today: date) -> list[ToDo]:
    """What waits for the actor as a lead assessor: reports under way, and those that a scheme asks for. Two statements."""
    schemes = [scheme_id for scheme_id, roles in actor.schemes.items() if Role.ASSESSOR in roles]
    if not schemes:
        return []
    return [*_under_way(actor, schemes), *_to_begin(actor, schemes)]


def _under_way(actor: Actor, schemes: list[int]) -> list[ToDo]:
    found = db.session.execute(
        select(Report.id, Report.status, Organisation.name)
        .join(Application, Application.id == Report.application_id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(
            Report.status.in_(NEXT),
            Application.status == ApplicationStatus.ASSESSED,
            Application.scheme_id.in_(schemes),
            Application.organisation_id.not_in(sorted(actor.judges_none_of)),
            _leads(actor),
        )
        .order_by(Report.status_at, Report.id)
        .limit(MOST)
    ).all()
    return [
        ToDo(Kind.REPORT, NEXT[status].format(provider), f"/reports/{report_id}")
        for report_id, status, provider in found
    ]


def _to_begin(actor: Actor, schemes: list[int]) -> list[ToDo]:
    """Cases of schemes that ask for a report before a panel, and have none."""
    found = db.session.scalars(
        select(Application)
        .join(Application.edition)
        .where(
            Application.status == ApplicationStatus.ASSESSED,
            Application.scheme_id.in_(schemes),
            Application.organisation_id.not_in(sorted(actor.judges_none_of)),
            _leads(actor),
            ~exists().where(Report.application_id == Application.id),
        )
        .options(
            contains_eager(Application.edition).joinedload(FrameworkEdition.scheme),
            joinedload(Application.organisation),
        )
        .order_by(Application.status_at, Application.id)
        .limit(MOST)
    ).all()
    return [
        ToDo(Kind.REPORT, f"Begin the report on {each.organisation.name}", f"/cases/{each.id}/report")
        for each in found
        if report_terms(each.edition.scheme).required
    ]


def _leads(actor: Actor) -> ColumnElement[bool]:
    """Whether the actor leads the assessment of the Application; where nobody is named, whoever handed in does."""
    other = aliased(Assessment)
    named = exists().where(other.application_id == Application.id, other.lead)
    return exists().where(
        Assessment.application_id == Application.id,
        Assessment.assessor_id == actor.user_id,
        Assessment.status == AssessmentStatus.HANDED_IN,
        Assessment.lead | ~named,
    )
