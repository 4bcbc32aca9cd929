"""What the clock does to reports: it reminds a provider of a check that is due, and ends one whose last day has passed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.access import NOBODY
from app.domain.lifecycle import ApplicationStatus, ReportMove
from app.domain.report import WARN_DAYS
from app.domain.report_check import Ended
from app.domain.topics import Topic
from app.domain.uk_time import uk_day
from app.models import Application, Report, ReportCheck, ReportComment
from app.services.casework import edition_words, record_on
from app.services.report_checks import end_check
from app.services.telling import people_of, tell
from app.services.transactions import locked, transaction

MOST = 500
"""Checks looked at in one go: what is beyond waits for the next."""


def look_after_report_checks(now: datetime) -> int:
    """Remind of checks that end within two days, and end those whose last day has passed. Gives how many.

    A second time on the same day does nothing. Each check is a transaction of its own.
    """
    today = uk_day(now)
    ids = _due(today)
    return sum(_look_after(check_id, today, now) for check_id in ids)


def _due(today: date) -> list[int]:
    with transaction() as session:
        soon = today + timedelta(days=WARN_DAYS)
        return list(
            session.scalars(
                select(ReportCheck.id)
                .join(Report, Report.id == ReportCheck.report_id)
                .join(Application, Application.id == Report.application_id)
                .where(
                    ReportCheck.ended.is_(None),
                    Application.status != ApplicationStatus.WITHDRAWN,
                    (ReportCheck.due_on < today) | ((ReportCheck.due_on <= soon) & ReportCheck.reminded_at.is_(None)),
                )
                .order_by(ReportCheck.due_on, ReportCheck.id)
                .limit(MOST)
            )
        )


def _look_after(check_id: int, today: date, now: datetime) -> bool:
    """Whether there was something to do once the check was held: somebody may have answered meanwhile."""
    with transaction() as session:
        application_id = session.scalar(
            select(Report.application_id)
            .join(ReportCheck, ReportCheck.report_id == Report.id)
            .where(ReportCheck.id == check_id)
        )
        application = locked(session, Application, application_id or 0)
        check = locked(session, ReportCheck, check_id)
        if check.ended is not None:
            return False
        if check.due_on < today:
            _end(session, application, check, now)
            return True
        if check.reminded_at is not None:
            return False
        check.reminded_at = now
        record_on(session, NOBODY, "report.check-reminded", check.report, application, now, due_on=str(check.due_on))
        _tell(
            session, application, "report_check_reminder", now, due_on=check.due_on, comments=_written(session, check)
        )
        return True


def _end(session: Session, application: Application, check: ReportCheck, now: datetime) -> None:
    """What was written counts although nobody handed it in: it is the provider's word, and no work is lost."""
    report = locked(session, Report, check.report_id)
    written = _written(session, check)
    ended = Ended.COMMENTS if written else Ended.NO_ANSWER
    end_check(session, report, check, ended, ReportMove.LAPSE, NOBODY, now)
    _tell(session, application, "report_check_over", now, due_on=check.due_on, comments=written)


def _written(session: Session, check: ReportCheck) -> int:
    return len(
        session.scalars(
            select(ReportComment.id).where(ReportComment.check_id == check.id, ReportComment.text != "")
        ).all()
    )


def _tell(session: Session, application: Application, template: str, now: datetime, **values: object) -> None:
    tell(
        session,
        people_of(session, application.organisation_id),
        template,
        now,
        topic=Topic.REQUESTS,
        provider=application.organisation.name,
        framework=edition_words(application),
        application_id=application.id,
        **values,
    )
