"""The report of a case in short: for the pages of the case and of its panel, and for whoever would call a panel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.lifecycle import AssessmentStatus, ReportStatus
from app.domain.wording import dated
from app.models import Application, Assessment, Report, ReportCheck, ReportVersion
from app.queries.report_remarks import report_terms

STATUS_WORDS = {
    ReportStatus.DRAFT: "Being written",
    ReportStatus.WITH_PROVIDER: "With the provider to check",
    ReportStatus.ANSWERED: "Checked by the provider",
    ReportStatus.FINAL: "Finished, not signed yet",
    ReportStatus.SIGNED: "Signed",
}


@dataclass(frozen=True)
class ReportBrief:
    """The report of a case that counts. `version_id` is its newest version, None before the first; `due_on` the last day of
    a check that is going on.
    """

    report_id: int
    application_id: int
    status: ReportStatus
    state: str
    status_at: datetime
    version_id: int | None
    version: int
    due_on: date | None
    signed_by: str
    signed_at: datetime | None


def newest(session: Session, application_id: int) -> Report | None:
    """The report of the last round. One statement."""
    return session.scalars(
        select(Report)
        .where(Report.application_id == application_id)
        .options(joinedload(Report.signed_by))
        .order_by(Report.round.desc())
        .limit(1)
    ).first()


def report_of(session: Session, application: Application) -> ReportBrief | None:
    """The report of a case, None where none is begun. Three statements at most."""
    report = newest(session, application.id)
    if report is None:
        return None
    version = session.execute(
        select(ReportVersion.id, ReportVersion.number)
        .where(ReportVersion.report_id == report.id)
        .order_by(ReportVersion.number.desc())
        .limit(1)
    ).first()
    return ReportBrief(
        report_id=report.id,
        application_id=application.id,
        status=report.status,
        state=STATUS_WORDS[report.status],
        status_at=report.status_at,
        version_id=version.id if version else None,
        version=version.number if version else 0,
        due_on=due_on(session, report),
        signed_by=report.signed_by.name if report.signed_by else "",
        signed_at=report.signed_at,
    )


def due_on(session: Session, report: Report) -> date | None:
    """The last day of the check that is going on. One statement at most."""
    if report.status is not ReportStatus.WITH_PROVIDER:
        return None
    return session.scalar(
        select(ReportCheck.due_on).where(ReportCheck.report_id == report.id, ReportCheck.ended.is_(None))
    )


def report_stands_in_the_way(session: Session, application: Application) -> str | None:
    """Why no panel can be called on a case because of its report, as a sentence; None where nothing is in the way.

    Once a report has gone to the provider it is brought to its end, whether the scheme asks for one or not.
    """
    required = report_terms(application.edition.scheme).required
    report = newest(session, application.id)
    if report is None:
        return (
            "The scheme asks for a signed report before a panel is called. Begin the report first."
            if required
            else None
        )
    if report.status is ReportStatus.WITH_PROVIDER:
        day = due_on(session, report)
        return (
            f"The report is with the provider to check until {dated(day)}."
            if day
            else "The report is with the provider."
        )
    if report.status in {ReportStatus.ANSWERED, ReportStatus.FINAL}:
        return "The provider has checked the report, and it is not signed yet. Bring it to its end first."
    if report.status is ReportStatus.DRAFT:
        return (
            "The scheme asks for a signed report before a panel is called, and it is not signed yet."
            if required
            else None
        )
    if required and scored_since(session, report):
        return "The case was scored again after its report was signed. Write another report first."
    return None


def scored_since(session: Session, report: Report) -> bool:
    """Whether an assessment was handed in after the report was signed. One statement."""
    last = session.scalar(
        select(func.max(Assessment.handed_in_at)).where(
            Assessment.application_id == report.application_id, Assessment.status == AssessmentStatus.HANDED_IN
        )
    )
    return last is not None and report.signed_at is not None and last > report.signed_at
